//! `accept`: what group commit is worth. The same messages into the same kind of file on the same disk, one commit each.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use bench::home::SqliteHome;
use bench::machine;
use bench::sink::Sink;
use bench::table::{Table, median};

use crate::drive;
use crate::length::Length;
use crate::subject::{OWNER, message, sender};

const ROUNDS: usize = 5;
const ALONE: usize = 500;
const TOGETHER: usize = 10_000;
const CALLERS: [usize; 3] = [16, 64, 256];
const FLUSHES: usize = 100;

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (home, sink) = (SqliteHome::new()?, Sink::start()?);
    let (mut flush, mut alone) = (Vec::new(), Vec::new());
    let mut together: [Vec<f64>; CALLERS.len()] = Default::default();
    let mut ratios: [Vec<f64>; CALLERS.len()] = Default::default();
    for round in 1..=rounds {
        let single = one_commit_each(&home, &sink).await?;
        flush.push(flush_ms(home.directory())?);
        alone.push(single);
        for (index, callers) in CALLERS.into_iter().enumerate() {
            let rate = drive::accept(&home, &sink, callers, TOGETHER)
                .await?
                .per_second();
            together[index].push(rate);
            ratios[index].push(rate / single);
        }
        machine::progress(&format!("accept: round {round} of {rounds}"));
    }
    let heading = format!(
        "Durable accepts on SQLite, 1 KiB: median of {rounds} rounds; appending 4 KiB and flushing took {:.2} ms",
        median(&flush)
    );
    let mut table = Table::new(
        &heading,
        &["how", "per second", "of one commit per message", "bar"],
    );
    table.row([
        "one commit per message".to_owned(),
        format!("{:.0}", median(&alone)),
        "1.0".into(),
        String::new(),
    ]);
    for (index, callers) in CALLERS.into_iter().enumerate() {
        table.row([
            format!("`send` from {callers} callers"),
            format!("{:.0}", median(&together[index])),
            format!("{:.1}", median(&ratios[index])),
            "15".to_owned(),
        ]);
    }
    table.print();
    Ok(())
}

/// One caller after the other, which is what serves single commits best: no caller waits for a lock.
async fn one_commit_each(home: &SqliteHome, sink: &Sink) -> Result<f64> {
    let pool = drive::subscribed(home, sink, 1).await?;
    let sender = sender(&pool, false).await?;
    let start = Instant::now();
    for _ in 0..ALONE {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        sender.send_in(&mut transaction, OWNER, message()).await?;
        transaction.commit().await?;
    }
    let rate = ALONE as f64 / start.elapsed().as_secs_f64();
    sender.shut_down().await;
    pool.close().await;
    Ok(rate)
}

/// What the disk takes to keep 4 KiB, in milliseconds.
fn flush_ms(directory: &Path) -> Result<f64> {
    let path = directory.join("flush");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..FLUSHES {
        let start = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    std::fs::remove_file(path)?;
    Ok(median(&times))
}
