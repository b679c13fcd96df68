//! `isolation`: ten subscriptions get 50 messages a second each; in every second run one of them hangs for 15 seconds.

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::percentile;
use bench::sink::Sink;
use bench::steady::delays;
use bench::table::{Table, median};

use crate::latency::{Way, at_a_rate};
use crate::length::Length;
use crate::subject::{sender, subscribe};

/// One round says little about one in a hundred of 450.
const ROUNDS: usize = 10;
const SECONDS: u32 = 10;
const RATE: u32 = 50;
const HEALTHY: usize = 9;

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        &format!(
            "One of ten subscriptions hangs 15 s, 50 messages/s: from the call, ms, median of {rounds} rounds of {SECONDS} s"
        ),
        &[
            "store",
            "undisturbed p50 / p99",
            "disturbed p50 / p99",
            "p99, of undisturbed",
            "bar",
            "Svix p99",
        ],
    );
    measure(&sqlite, &sink, rounds, &mut table).await?;
    measure(&postgres, &sink, rounds, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, sink: &Sink, rounds: usize, table: &mut Table) -> Result<()> {
    let (mut calm, mut disturbed, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        let without = delays_of_the_healthy(home, sink, false).await?;
        let with = delays_of_the_healthy(home, sink, true).await?;
        ratios.push(percentile(&with, 0.99) / percentile(&without, 0.99));
        calm.push((percentile(&without, 0.5), percentile(&without, 0.99)));
        disturbed.push((percentile(&with, 0.5), percentile(&with, 0.99)));
        machine::progress(&format!(
            "isolation: {}, round {round} of {rounds}",
            home.name()
        ));
    }
    let cell = |values: &[(f64, f64)]| {
        let (half, most): (Vec<f64>, Vec<f64>) = values.iter().copied().unzip();
        format!("{:.1} / {:.1}", median(&half), median(&most))
    };
    table.row([
        home.name().to_owned(),
        cell(&calm),
        cell(&disturbed),
        format!("{:.2}", median(&ratios)),
        "1.2".to_owned(),
        "44 -> 14,782".to_owned(),
    ]);
    Ok(())
}

async fn delays_of_the_healthy<H: Home>(home: &H, sink: &Sink, hangs: bool) -> Result<Vec<f64>> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, true).await?;
    for number in 0..HEALTHY {
        subscribe(&sender, sink.logged(number)).await?;
    }
    subscribe(
        &sender,
        if hangs {
            sink.hanging()
        } else {
            sink.counted(HEALTHY)
        },
    )
    .await?;
    sink.reset()?;
    let sent = at_a_rate(home, &pool, &sender, Way::Send, RATE, RATE * SECONDS).await?;
    sink.wait_for(sent.len() * if hangs { HEALTHY } else { HEALTHY + 1 })
        .await?;
    let delays = delays(&sent, &sink.arrivals()?, |times| times.0);
    sender.shut_down().await;
    pool.close().await;
    Ok(delays)
}
