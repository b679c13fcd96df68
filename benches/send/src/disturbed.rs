//! `disturbed`: twenty owners get 50 messages a second together, and one more does something wrong as often.
//!
//! The undisturbed run has that owner as well, sending as the others do: what is compared is the harm and not the load. An
//! open transaction is measured on PostgreSQL only; on SQLite, which has one writer, waiting for it is documented.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::percentile;
use bench::sink::Sink;
use bench::steady::{self, SentAt, delays};
use bench::table::{Table, median};
use sqlx::Pool;
use tokio::time::interval;
use webhooks_core::{Webhooks, whpost};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Outbound, Sender, Subscription};
use webhooks_store::Database;

use crate::length::Length;
use crate::subject::{Payment, message, payment_created};

const ROUNDS: usize = 3;
const SECONDS: u32 = 10;
const RATE: u32 = 50;
const HEALTHY: usize = 20;
const EVIL: &str = "evil";

/// Another event, for a key that was used before.
#[whpost("payment.failed", register = false)]
async fn payment_failed(data: Payment);

/// What the twenty-first owner does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Harm {
    /// It sends as the others do.
    Nothing,
    /// Its subscription cannot be read.
    PoisonSubscription,
    /// Its messages cannot be read.
    PoisonMessage,
    /// The application's rule panics for it.
    PanickingRule,
    /// A transaction that has sent with a key stays open, and the same key is sent again and again.
    OpenTransaction,
    /// It uses one key for two events.
    ReusedKey,
}

const HARMS: [(Harm, &str); 5] = [
    (Harm::PoisonSubscription, "poison subscription"),
    (Harm::PoisonMessage, "poison messages"),
    (Harm::PanickingRule, "panicking rule"),
    (Harm::OpenTransaction, "open transaction"),
    (Harm::ReusedKey, "reused key"),
];

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    // What the rule panics with is known.
    std::panic::set_hook(Box::new(|_| {}));
    let mut table = Table::new(
        &format!(
            "One owner among {HEALTHY} does something wrong, {RATE} messages/s: from the call, ms, median of {rounds} rounds of {SECONDS} s"
        ),
        &[
            "store",
            "harm",
            "undisturbed p50 / p99",
            "disturbed p50 / p99",
            "p99, of undisturbed",
            "bar",
        ],
    );
    for (harm, name) in HARMS {
        if harm != Harm::OpenTransaction {
            measure(&sqlite, &sink, (harm, name), rounds, &mut table).await?;
        }
        measure(&postgres, &sink, (harm, name), rounds, &mut table).await?;
    }
    let _ = std::panic::take_hook();
    table.print();
    Ok(())
}

async fn measure<H: Home>(
    home: &H,
    sink: &Sink,
    (harm, name): (Harm, &str),
    rounds: usize,
    table: &mut Table,
) -> Result<()> {
    let (mut calm, mut disturbed, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        let without = delays_of_the_healthy(home, sink, Harm::Nothing).await?;
        let with = delays_of_the_healthy(home, sink, harm).await?;
        ratios.push(percentile(&with, 0.99) / percentile(&without, 0.99));
        calm.push((percentile(&without, 0.5), percentile(&without, 0.99)));
        disturbed.push((percentile(&with, 0.5), percentile(&with, 0.99)));
        machine::progress(&format!(
            "disturbed: {name}, {}, round {round} of {rounds}",
            home.name()
        ));
    }
    let cell = |values: &[(f64, f64)]| {
        let (half, most): (Vec<f64>, Vec<f64>) = values.iter().copied().unzip();
        format!("{:.1} / {:.1}", median(&half), median(&most))
    };
    table.row([
        home.name().to_owned(),
        name.to_owned(),
        cell(&calm),
        cell(&disturbed),
        format!("{:.2}", median(&ratios)),
        "1.2".to_owned(),
    ]);
    Ok(())
}

async fn sender<D: Database>(pool: &Pool<D>, harm: Harm) -> Result<Sender<D>> {
    let policy = TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.0/8".parse()?);
    let webhooks = Webhooks::new()
        .with(payment_created)
        .with(payment_failed)
        .build()?;
    let builder = Sender::new(pool.clone()).webhooks(webhooks).targets(policy);
    let builder = builder.visible(move |owner, _| {
        assert!(
            harm != Harm::PanickingRule || owner != EVIL,
            "a rule of the application"
        );
        true
    });
    builder.start().await.context("the sender did not start")
}

async fn delays_of_the_healthy<H: Home>(home: &H, sink: &Sink, harm: Harm) -> Result<Vec<f64>> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, harm).await?;
    let operator = sender.operator();
    for number in 0..HEALTHY {
        let wanted = Subscription::new(owner(number), sink.logged(number)).event("*");
        operator.subscribe(wanted).await?;
    }
    operator
        .subscribe(Subscription::new(EVIL, sink.counted(HEALTHY)).event("*"))
        .await?;
    sink.reset()?;
    prepare(home, &pool, &sender, harm).await?;
    // Rolled back when the round is over.
    let open = match harm {
        Harm::OpenTransaction => {
            let mut transaction = pool.begin().await?;
            let first = Outbound::new(message()).idempotency_key("order-17");
            sender.send_in(&mut transaction, EVIL, first).await?;
            Some(transaction)
        }
        _ => None,
    };
    let evil = tokio::spawn(misbehave(sender.clone(), harm));
    let sent = send_to_the_healthy(&sender).await?;
    let arrivals = async {
        loop {
            let arrivals = sink.arrivals()?;
            if arrivals.len() >= sent.len() {
                return anyhow::Ok(arrivals);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let arrivals = tokio::time::timeout(Duration::from_mins(1), arrivals);
    let arrivals = arrivals
        .await
        .context("the healthy owners' messages did not arrive")??;
    evil.abort();
    let _ = evil.await;
    if let Some(transaction) = open {
        transaction.rollback().await?;
    }
    sender.shut_down().await;
    pool.close().await;
    Ok(delays(&sent, &arrivals, |times| times.0))
}

fn owner(number: usize) -> String {
    format!("acct_{number}")
}

/// What another program has written, before it is due.
async fn prepare<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    sender: &Sender<H::Database>,
    harm: Harm,
) -> Result<()> {
    let script = match harm {
        Harm::PoisonSubscription => {
            "UPDATE webhooks_subscriptions SET settings = '{\"rate_limit\": {\"per_second\": 10}}' WHERE owner = 'evil'"
        }
        Harm::PoisonMessage => {
            let soon = SystemTime::now() + Duration::from_secs(2);
            for _ in 0..200 {
                sender
                    .send(EVIL, Outbound::new(message()).send_at(soon))
                    .await?;
            }
            "UPDATE webhooks_messages SET wire = '{\"what\": 1}' WHERE owner = 'evil'"
        }
        _ => return Ok(()),
    };
    home.script(pool, script.to_owned()).await
}

/// What the twenty-first owner does at the rate of all others together, until it is stopped.
async fn misbehave<D: Database>(sender: Sender<D>, harm: Harm) {
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    for number in 0_u64.. {
        ticks.tick().await;
        // What is refused is refused as it should be.
        let _ = match harm {
            Harm::OpenTransaction => {
                let again = Outbound::new(message()).idempotency_key("order-17");
                sender.send(EVIL, again).await
            }
            Harm::ReusedKey if number % 2 == 1 => {
                let other = Outbound::new(payment_failed(crate::subject::payment()))
                    .idempotency_key("order-17");
                sender.send(EVIL, other).await
            }
            Harm::ReusedKey => {
                sender
                    .send(EVIL, Outbound::new(message()).idempotency_key("order-17"))
                    .await
            }
            _ => sender.send(EVIL, message()).await,
        };
    }
}

/// Sends at a steady rate, to one owner after the other.
async fn send_to_the_healthy<D: Database>(sender: &Sender<D>) -> Result<SentAt> {
    steady::at_a_rate(RATE, RATE * SECONDS, |number| {
        let (sender, owner) = (sender.clone(), owner(number as usize % HEALTHY));
        async move {
            let sent = sender.send(owner.as_str(), message()).await?;
            Ok(sent.id.to_string())
        }
    })
    .await
}
