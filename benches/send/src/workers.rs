//! `workers`: 1, 2 and 4 worker processes on one PostgreSQL, and whether any two of them had the same delivery.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use bench::home::{Home, PostgresHome};
use bench::machine;
use bench::sink::Sink;
use bench::table::{Table, median};

use crate::drive;
use crate::length::Length;
use crate::subject::{sender, subscribe};
use crate::worker::Worker;

const ROUNDS: usize = 3;
const WORKERS: [usize; 3] = [1, 2, 4];
const SUBSCRIPTIONS: usize = 10;
const MESSAGES: usize = 2_000;

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (home, sink) = (PostgresHome::new()?, Sink::start()?);
    let mut rates: [Vec<f64>; WORKERS.len()] = Default::default();
    let mut twice = [0; WORKERS.len()];
    for round in 1..=rounds {
        for (index, workers) in WORKERS.into_iter().enumerate() {
            let (rate, again) = deliver(&home, &sink, workers).await?;
            rates[index].push(rate);
            twice[index] += again;
        }
        machine::progress(&format!("workers: round {round} of {rounds}"));
    }
    let heading = format!(
        "Worker processes on one PostgreSQL: {} deliveries to {SUBSCRIPTIONS} subscriptions, median of {rounds} rounds",
        MESSAGES * SUBSCRIPTIONS
    );
    let mut table = Table::new(
        &heading,
        &[
            "workers",
            "delivered per second",
            "of one worker",
            "delivered twice",
            "bar",
        ],
    );
    for (index, workers) in WORKERS.into_iter().enumerate() {
        let rate = median(&rates[index]);
        table.row([
            workers.to_string(),
            format!("{rate:.0}"),
            format!("{:.2}", rate / median(&rates[0])),
            twice[index].to_string(),
            "0".to_owned(),
        ]);
    }
    table.print();
    Ok(())
}

/// Deliveries per second between the first request and the last, and how many came twice.
async fn deliver(home: &PostgresHome, sink: &Sink, workers: usize) -> Result<(f64, usize)> {
    let pool = home.fresh().await?;
    let accepting = sender(&pool, false).await?;
    for number in 0..SUBSCRIPTIONS {
        subscribe(&accepting, sink.logged(number)).await?;
    }
    drive::send(&accepting, 64, MESSAGES).await?;
    accepting.shut_down().await;
    home.settle(&pool).await?;
    sink.reset()?;
    let started: Vec<Worker> = (0..workers)
        .map(|_| Worker::start(&home.place()))
        .collect::<Result<_>>()?;
    sink.wait_for(MESSAGES * SUBSCRIPTIONS).await?;
    for worker in started {
        worker.stop()?;
    }
    let arrivals = sink.arrivals()?;
    let distinct: HashSet<_> = arrivals
        .iter()
        .map(|arrival| (&arrival.message, arrival.subscription))
        .collect();
    ensure!(
        distinct.len() == MESSAGES * SUBSCRIPTIONS,
        "only {} deliveries came",
        distinct.len()
    );
    let first = arrivals
        .iter()
        .map(|arrival| arrival.at_ns)
        .min()
        .context("nothing came")?;
    let last = arrivals
        .iter()
        .map(|arrival| arrival.at_ns)
        .max()
        .context("nothing came")?;
    pool.close().await;
    let rate = arrivals.len() as f64 / ((last - first) as f64 / 1e9);
    Ok((rate, arrivals.len() - distinct.len()))
}
