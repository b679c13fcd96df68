//! `idle`: what worker processes cost that have nothing to do, and what one holds in memory while it works steadily.

use std::time::Duration;

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::Meter;
use bench::sink::Sink;
use bench::table::Table;
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::drive::subscribed;
use crate::length::Length;
use crate::subject::{message, sender, subscribe_as};
use crate::worker::Worker;

const PROCESSES: usize = 8;
/// After so long the slots are shared out and nothing is looked for often any more.
const SETTLES: Duration = Duration::from_secs(20);
const SUBSCRIPTIONS: usize = 1_000;
const RATE: u32 = 1_000;

pub(crate) async fn run(length: Length) -> Result<()> {
    let seconds = length.rounds(30).max(15) as u64;
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        &format!("{PROCESSES} worker processes without work, {seconds} s"),
        &[
            "store",
            "statements a second, together",
            "bar",
            "transactions a second, together",
            "CPU ms a second, together",
            "of PostgreSQL",
            "memory of one, MiB",
            "bar",
            "of it the program's own file",
        ],
    );
    idle(&sqlite, &sink, seconds, &mut table).await?;
    idle(&postgres, &sink, seconds, &mut table).await?;
    table.print();
    let mut table = Table::new(
        &format!("A worker process with {SUBSCRIPTIONS} subscriptions, {RATE} messages a second"),
        &["store", "memory, MiB", "bar"],
    );
    steady(&sqlite, &sink, &mut table).await?;
    steady(&postgres, &sink, &mut table).await?;
    table.print();
    Ok(())
}

async fn idle<H: Home>(home: &H, sink: &Sink, seconds: u64, table: &mut Table) -> Result<()> {
    let pool = subscribed(home, sink, 1).await?;
    pool.close().await;
    let workers: Vec<Worker> = (0..PROCESSES)
        .map(|_| Worker::start(&home.place()))
        .collect::<Result<_>>()?;
    tokio::time::sleep(SETTLES).await;
    let used = || {
        let times = workers.iter().map(Worker::cpu_time);
        times.sum::<Result<Duration>>()
    };
    let (before, used_before, meter) = (home.counted().await?, used()?, Meter::start(home)?);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let spent = meter.stop(home, 1)?;
    let used = used()?.saturating_sub(used_before);
    let counted = home.counted().await?.since(before);
    let memory = workers.iter().map(Worker::memory);
    let memory = memory.collect::<Result<Vec<_>>>()?;
    let of_files = workers.iter().map(Worker::memory_of_files);
    let of_files = of_files.collect::<Result<Vec<_>>>()?;
    let most = |values: &[f64]| format!("{:.1}", values.iter().copied().fold(0.0, f64::max));
    let a_second = |value: f64| format!("{:.1}", value / seconds as f64);
    let counts = |value: i64| {
        if value > 0 {
            a_second(value as f64)
        } else {
            String::new()
        }
    };
    table.row([
        home.name().to_owned(),
        counts(counted.statements),
        "20".to_owned(),
        counts(counted.transactions),
        a_second(used.as_secs_f64() * 1e3),
        a_second(spent.database.as_secs_f64() * 1e3),
        most(&memory),
        "10".to_owned(),
        most(&of_files),
    ]);
    machine::progress(&format!("idle: {}", home.name()));
    Ok(())
}

async fn steady<H: Home>(home: &H, sink: &Sink, table: &mut Table) -> Result<()> {
    const SECONDS: u32 = 10;
    let pool = home.fresh().await?;
    let accepting = sender(&pool, false).await?;
    for number in 0..SUBSCRIPTIONS {
        subscribe_as(&accepting, &owner(number), sink.counted(number)).await?;
    }
    let worker = Worker::start(&home.place())?;
    sink.reset()?;
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    let mut sending = JoinSet::new();
    for number in 0..RATE * SECONDS {
        ticks.tick().await;
        let (sender, owner) = (accepting.clone(), owner(number as usize % SUBSCRIPTIONS));
        sending.spawn(async move { sender.send(&owner, message()).await });
    }
    let memory = worker.memory()?;
    while let Some(ended) = sending.join_next().await {
        ended??;
    }
    sink.wait_for((RATE * SECONDS) as usize).await?;
    worker.stop()?;
    accepting.shut_down().await;
    pool.close().await;
    table.row([
        home.name().to_owned(),
        format!("{memory:.1}"),
        "40".to_owned(),
    ]);
    machine::progress(&format!("idle: {}, steady", home.name()));
    Ok(())
}

fn owner(number: usize) -> String {
    format!("acct_{number}")
}
