//! `rates`: what a message costs at a low, steady rate, and what the sender costs while there is none.
//!
//! CPU time is that of this process, which also makes the messages, and of the database. Statements and transactions are
//! counted by the server.

use std::time::Duration;

use anyhow::Result;
use bench::home::{Counted, Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::{Meter, Spent};
use bench::sink::Sink;
use bench::table::{Table, median};

use crate::latency::{Way, at_a_rate};
use crate::length::Length;
use crate::subject::{sender, subscribe};

const ROUNDS: usize = 3;
const RATES: [u32; 2] = [50, 200];
const SECONDS: u32 = 10;
/// Connections are made and statements prepared, and the server's counters have caught up.
const WARM_UP: u32 = 3;

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        &format!(
            "A message at a steady rate, accepted and delivered: median of {rounds} rounds of {SECONDS} s"
        ),
        &[
            "store, rate",
            "CPU µs each, our process",
            "CPU µs each, PostgreSQL",
            "CPU µs each, both",
            "bar (aim)",
            "transactions each",
            "bar",
            "statements each",
        ],
    );
    for rate in RATES {
        measure(&sqlite, &sink, (rate, rounds), &mut table).await?;
        measure(&postgres, &sink, (rate, rounds), &mut table).await?;
    }
    table.print();
    Ok(())
}

async fn measure<H: Home>(
    home: &H,
    sink: &Sink,
    (rate, rounds): (u32, usize),
    table: &mut Table,
) -> Result<()> {
    let mut measured = Vec::new();
    for round in 1..=rounds {
        measured.push(at(home, sink, rate).await?);
        machine::progress(&format!(
            "rates: {}, {rate}/s, round {round} of {rounds}",
            home.name()
        ));
    }
    let middle = |value: &dyn Fn(&(Spent, Counted)) -> f64| {
        median(&measured.iter().map(value).collect::<Vec<_>>())
    };
    let each = |count: i64, spent: &Spent| count as f64 / spent.count as f64;
    let (own, database) = (
        middle(&|(spent, _)| spent.own_us()),
        middle(&|(spent, _)| spent.database_us()),
    );
    let counts = |value: f64| {
        if value > 0.0 {
            format!("{value:.1}")
        } else {
            String::new()
        }
    };
    table.row([
        format!("{}, {rate}/s", home.name()),
        format!("{own:.0}"),
        format!("{database:.0}"),
        format!(
            "{:.0}",
            middle(&|(spent, _)| spent.own_us() + spent.database_us())
        ),
        if rate == 50 {
            "1000 (400)".to_owned()
        } else {
            String::new()
        },
        counts(middle(&|(spent, counted)| {
            each(counted.transactions, spent)
        })),
        "4".to_owned(),
        counts(middle(&|(spent, counted)| each(counted.statements, spent))),
    ]);
    Ok(())
}

async fn at<H: Home>(home: &H, sink: &Sink, rate: u32) -> Result<(Spent, Counted)> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, true).await?;
    subscribe(&sender, sink.counted(0)).await?;
    sink.reset()?;
    at_a_rate(home, &pool, &sender, Way::Send, rate, WARM_UP * rate).await?;
    sink.wait_for((WARM_UP * rate) as usize).await?;
    // The first ones were the slowest; their outcomes are recorded by now.
    tokio::time::sleep(Duration::from_millis(100)).await;
    sink.reset()?;
    let (before, meter) = (home.counted().await?, Meter::start(home)?);
    let count = SECONDS * rate;
    at_a_rate(home, &pool, &sender, Way::Send, rate, count).await?;
    sink.wait_for(count as usize).await?;
    let spent = meter.stop(home, count as usize)?;
    let counted = home.counted().await?.since(before);
    sender.shut_down().await;
    pool.close().await;
    Ok((spent, counted))
}
