//! `pressure`: what is delivered while other transactions make life hard for the database, or more is sent than is
//! delivered.
//!
//! Each case has a database of its own, and the clean one is measured first and last. What is delivered in a second runs
//! from the first send to the last request.

use std::time::Instant;

use anyhow::Result;
use bench::home::{PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::{Meter, Spent};
use bench::sink::Sink;
use bench::table::Table;
use sqlx::Pool;
use webhooks_sender::Sender;
use webhooks_store::Database;

use crate::drive::{self, subscribed};
use crate::latency::{Way, at_a_rate};
use crate::length::Length;
use crate::snapshot::{Readers, Snapshot};
use crate::subject::sender;

const SUBSCRIPTIONS: usize = 4;
const CALLERS: usize = 64;
const TENTHS: usize = 10;
/// Messages, whose deliveries are 100,000.
const MESSAGES: usize = 25_000;
const QUICK: usize = 5_000;

/// What is done meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pressure {
    Clean,
    /// A transaction that has written is open from before the first message until after the last.
    HeldSnapshot,
    /// Readers whose transactions overlap, each with one snapshot for all its looks.
    Readers,
    /// Messages come one and a half times as fast as they were delivered without any pressure.
    Overload,
    /// Messages come ten times as fast as they were delivered, for a second.
    Burst,
}

const ALL: [(Pressure, &str); 6] = [
    (Pressure::Clean, "clean"),
    (Pressure::HeldSnapshot, "a transaction held open"),
    (Pressure::Readers, "four readers, REPEATABLE READ"),
    (Pressure::Overload, "1.5 times the rate of the clean"),
    (Pressure::Burst, "a burst of ten times the rate"),
    (Pressure::Clean, "clean, again"),
];

/// What was delivered under one pressure.
struct Delivered {
    /// In a second.
    rate: f64,
    /// CPU microseconds of one, of both processes, in each tenth.
    tenths: Vec<f64>,
}

pub(crate) async fn run(length: Length) -> Result<()> {
    let messages = match length {
        Length::Usual => MESSAGES,
        Length::Quick => QUICK,
    };
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let deliveries = messages * SUBSCRIPTIONS;
    let mut table = Table::new(
        &format!("Under pressure: {deliveries} deliveries to {SUBSCRIPTIONS} subscriptions"),
        &[
            "store, pressure",
            "delivered per second",
            "of the clean",
            "CPU µs each, first tenth",
            "last tenth",
            "last of first",
            "bar",
        ],
    );
    measure(&sqlite, &sink, messages, &mut table).await?;
    measure(&postgres, &sink, messages, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Snapshot>(
    home: &H,
    sink: &Sink,
    messages: usize,
    table: &mut Table,
) -> Result<()> {
    let mut clean = None;
    for (pressure, title) in ALL {
        let usual = clean.unwrap_or(f64::NAN);
        let found = under(home, sink, (pressure, usual), messages).await?;
        let clean = *clean.get_or_insert(found.rate);
        let (first, last) = (found.tenths.first(), found.tenths.last());
        let cells = match (first, last) {
            (Some(first), Some(last)) => [
                format!("{first:.1}"),
                format!("{last:.1}"),
                format!("{:.2}", last / first),
            ],
            _ => [String::new(), String::new(), String::new()],
        };
        let row = [
            format!("{}, {title}", home.name()),
            format!("{:.0}", found.rate),
            format!("{:.2}", found.rate / clean),
        ];
        let bar = if pressure == Pressure::HeldSnapshot {
            "1.3".to_owned()
        } else {
            String::new()
        };
        table.row(row.into_iter().chain(cells).chain([bar]));
        machine::progress(&format!("pressure: {}, {title}", home.name()));
    }
    Ok(())
}

async fn under<H: Snapshot>(
    home: &H,
    sink: &Sink,
    (pressure, clean): (Pressure, f64),
    messages: usize,
) -> Result<Delivered> {
    let pool = subscribed(home, sink, SUBSCRIPTIONS).await?;
    let sender = sender(&pool, true).await?;
    warm_up(sink, &sender).await?;
    let held = match pressure {
        Pressure::HeldSnapshot => Some(H::hold(&pool).await?),
        _ => None,
    };
    let readers = match pressure {
        Pressure::Readers => Some(Readers::start::<H>(&pool)),
        _ => None,
    };
    // Deliveries become messages.
    let rate = clean / SUBSCRIPTIONS as f64;
    let found = match pressure {
        Pressure::Overload => {
            at_rate(home, sink, (&pool, &sender), whole(rate * 1.5), messages).await?
        }
        Pressure::Burst => {
            let rate = whole(rate * 10.0);
            let burst = messages.min(rate as usize);
            at_rate(home, sink, (&pool, &sender), rate, burst).await?
        }
        _ => as_fast_as_it_goes(home, sink, &sender, messages).await?,
    };
    if let Some(readers) = readers {
        readers.stop().await?;
    }
    drop(held);
    sender.shut_down().await;
    pool.close().await;
    Ok(found)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate that was measured is positive, and no machine reaches the largest"
)]
fn whole(rate: f64) -> u32 {
    rate.ceil() as u32
}

async fn warm_up<D: Database>(sink: &Sink, sender: &Sender<D>) -> Result<()> {
    const MESSAGES: usize = 500;
    sink.reset()?;
    drive::send(sender, CALLERS, MESSAGES).await?;
    sink.wait_for(MESSAGES * SUBSCRIPTIONS).await?;
    sink.reset()
}

/// Callers that send as soon as their last message is durable, tenth by tenth.
async fn as_fast_as_it_goes<H: Snapshot>(
    home: &H,
    sink: &Sink,
    sender: &Sender<H::Database>,
    messages: usize,
) -> Result<Delivered> {
    let (each, mut tenths) = (messages / TENTHS, Vec::new());
    let start = Instant::now();
    for tenth in 1..=TENTHS {
        let meter = Meter::start(home)?;
        drive::send(sender, CALLERS, each).await?;
        sink.wait_for(each * SUBSCRIPTIONS * tenth).await?;
        let spent: Spent = meter.stop(home, each * SUBSCRIPTIONS)?;
        tenths.push(spent.own_us() + spent.database_us());
    }
    let rate = (each * TENTHS * SUBSCRIPTIONS) as f64 / start.elapsed().as_secs_f64();
    Ok(Delivered { rate, tenths })
}

/// Messages at their times, whatever became of the ones before.
async fn at_rate<H: Snapshot>(
    home: &H,
    sink: &Sink,
    (pool, sender): (&Pool<H::Database>, &Sender<H::Database>),
    rate: u32,
    messages: usize,
) -> Result<Delivered> {
    let (start, count) = (Instant::now(), u32::try_from(messages)?);
    at_a_rate(home, pool, sender, Way::Send, rate, count).await?;
    sink.wait_for(messages * SUBSCRIPTIONS).await?;
    Ok(Delivered {
        rate: (messages * SUBSCRIPTIONS) as f64 / start.elapsed().as_secs_f64(),
        tenths: Vec::new(),
    })
}
