//! `takeover`: a worker process is killed, and its lanes are another's: how long their messages wait.
//!
//! Two workers share the lanes of some owners, who send at a steady rate. What waits for more than a second after the
//! kill had waited for the lease of the dead one.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::monotonic_ns;
use bench::sink::Sink;
use bench::table::{Table, median};
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::length::Length;
use crate::subject::{message, sender, subscribe_as};
use crate::worker::Worker;

const ROUNDS: usize = 3;
const OWNERS: usize = 40;
const RATE: u32 = 40;
/// The slots are shared out evenly after so long.
const SETTLES: u32 = 12;
/// Longer than a lease.
const AFTER: u32 = 20;

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        &format!("One of two workers is killed: median of {rounds} rounds"),
        &[
            "store",
            "messages that waited for its lease",
            "the longest, s",
            "bar",
            "delivered twice",
        ],
    );
    measure(&sqlite, &sink, rounds, &mut table).await?;
    measure(&postgres, &sink, rounds, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, sink: &Sink, rounds: usize, table: &mut Table) -> Result<()> {
    let (mut shares, mut longest, mut twice) = (Vec::new(), Vec::new(), 0);
    for round in 1..=rounds {
        let taken = take_over(home, sink).await?;
        shares.push(taken.waited);
        longest.push(taken.longest_s);
        twice += taken.twice;
        machine::progress(&format!(
            "takeover: {}, round {round} of {rounds}",
            home.name()
        ));
    }
    table.row([
        home.name().to_owned(),
        format!("{:.0} %", median(&shares) * 100.0),
        format!("{:.1}", median(&longest)),
        "15".to_owned(),
        twice.to_string(),
    ]);
    Ok(())
}

/// What came of a kill.
struct Taken {
    /// The part of the messages sent within a second after the kill that waited.
    waited: f64,
    longest_s: f64,
    twice: usize,
}

async fn take_over<H: Home>(home: &H, sink: &Sink) -> Result<Taken> {
    let pool = home.fresh().await?;
    let accepting = sender(&pool, false).await?;
    for number in 0..OWNERS {
        subscribe_as(&accepting, &format!("acct_{number}"), sink.logged(number)).await?;
    }
    sink.reset()?;
    let (dying, living) = (Worker::start(&home.place())?, Worker::start(&home.place())?);
    let mut dying = Some(dying);
    let (mut killed_ns, mut sending) = (0, JoinSet::new());
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    for number in 0..RATE * (SETTLES + AFTER) {
        ticks.tick().await;
        if number >= RATE * SETTLES
            && let Some(worker) = dying.take()
        {
            worker.kill()?;
            killed_ns = monotonic_ns();
        }
        let (sender, owner) = (
            accepting.clone(),
            format!("acct_{}", number as usize % OWNERS),
        );
        sending.spawn(async move {
            let called = monotonic_ns();
            let sent = sender.send(&owner, message()).await?;
            Ok::<_, webhooks_sender::Error>((sent.id.to_string(), called))
        });
    }
    let mut called = HashMap::new();
    while let Some(ended) = sending.join_next().await {
        let (id, at) = ended??;
        called.insert(id, at);
    }
    sink.wait_for(called.len()).await?;
    living.stop()?;
    let mut arrived: HashMap<String, u64> = HashMap::new();
    let mut twice = 0;
    for arrival in sink.arrivals()? {
        let first = arrived.entry(arrival.message).or_insert(u64::MAX);
        twice += usize::from(*first < u64::MAX);
        *first = arrival.at_ns.min(*first);
    }
    accepting.shut_down().await;
    pool.close().await;
    let just_after = called
        .iter()
        .filter(|(_, at)| (killed_ns..killed_ns + 1_000_000_000).contains(*at));
    let delays: Vec<f64> = just_after
        .filter_map(|(id, _)| Some((arrived.get(id)?.saturating_sub(killed_ns)) as f64 / 1e9))
        .collect();
    let waited = delays.iter().filter(|delay| **delay > 2.0).count();
    let longest_s = delays.iter().copied().fold(0.0, f64::max);
    Ok(Taken {
        waited: waited as f64 / delays.len().max(1) as f64,
        longest_s,
        twice,
    })
}
