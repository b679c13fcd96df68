//! `delivered`: how many messages are accepted and delivered in a second, and the CPU time each takes, against the raw
//! loop in the same round.

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::Spent;
use bench::sink::Sink;
use bench::table::{Table, median};

use crate::drive;
use crate::length::Length;
use crate::raw;

const ROUNDS: usize = 3;
const MESSAGES: usize = 6_000;
/// A backlog is longer, so that opening the database and preparing its statements counts little.
const BACKLOG: usize = 24_000;
const POSTS: usize = 40_000;

/// One line of the table, by round.
#[derive(Default)]
struct Line {
    title: String,
    rates: Vec<f64>,
    own: Vec<f64>,
    database: Vec<f64>,
    /// Of the raw loop in the same round: our process, and with the database's.
    multiple: Vec<f64>,
    whole: Vec<f64>,
    /// Bytes of the server's log, where they were counted.
    wal: Vec<f64>,
}

pub(crate) async fn run(length: Length) -> Result<()> {
    let rounds = length.rounds(ROUNDS);
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut lines = Vec::new();
    for round in 1..=rounds {
        let mut measured = Vec::new();
        let raw = raw::post(&sqlite, sink.address(), POSTS).await?;
        measured.push(("raw hyper loop: signs and posts".to_owned(), raw, 0.0));
        measure(&sqlite, &sink, &mut measured).await?;
        measure(&postgres, &sink, &mut measured).await?;
        lines.resize_with(measured.len(), Line::default);
        for (line, (title, spent, wal)) in lines.iter_mut().zip(measured) {
            line.add(title, spent, raw.own_us());
            line.wal.push(wal);
        }
        machine::progress(&format!("delivered: round {round} of {rounds}"));
    }
    table(&lines, rounds).print();
    println!(
        "Bars: at most 3 raw posts of CPU per delivery over a backlog on SQLite, 3.5 on PostgreSQL with its server, and 600 \
         bytes of WAL; 30,000 accepted and delivered to ten a second from 64 callers.\n"
    );
    Ok(())
}

async fn measure<H: Home>(
    home: &H,
    sink: &Sink,
    measured: &mut Vec<(String, Spent, f64)>,
) -> Result<()> {
    let name = home.name();
    for callers in [16, 64] {
        let spent = drive::accept(home, sink, callers, MESSAGES).await?;
        measured.push((format!("{name}: accepted, {callers} callers"), spent, 0.0));
    }
    for (messages, subscriptions) in [(BACKLOG, 1), (BACKLOG / 10, 10)] {
        let (spent, counted) = drive::drain(home, sink, messages, subscriptions).await?;
        let wal = counted.wal as f64 / spent.count as f64;
        measured.push((
            format!(
                "{name}: the engine over a backlog, {subscriptions} subscription{}",
                if subscriptions == 1 { "" } else { "s" }
            ),
            spent,
            wal,
        ));
    }
    for callers in [16, 64] {
        let spent = drive::deliver(home, sink, (callers, MESSAGES, 1)).await?;
        measured.push((
            format!("{name}: accepted and delivered, {callers} callers"),
            spent,
            0.0,
        ));
    }
    for callers in [16, 64] {
        let spent = drive::deliver(home, sink, (callers, MESSAGES / 6, 10)).await?;
        measured.push((
            format!("{name}: accepted and delivered to 10, {callers} callers"),
            spent,
            0.0,
        ));
    }
    Ok(())
}

impl Line {
    fn add(&mut self, title: String, spent: Spent, raw_us: f64) {
        self.title = title;
        self.rates.push(spent.per_second());
        self.own.push(spent.own_us());
        self.database.push(spent.database_us());
        self.multiple.push(spent.own_us() / raw_us);
        self.whole
            .push((spent.own_us() + spent.database_us()) / raw_us);
    }
}

fn table(lines: &[Line], rounds: usize) -> Table {
    let mut table = Table::new(
        &format!(
            "Accepting and delivering 1 KiB: median of {rounds} rounds, the sink a process of its own"
        ),
        &[
            "what",
            "per second",
            "CPU µs each, our process",
            "CPU µs each, PostgreSQL",
            "our process, in raw posts",
            "with the database, in raw posts",
            "WAL bytes each",
        ],
    );
    for line in lines {
        table.row([
            line.title.clone(),
            format!("{:.0}", median(&line.rates)),
            format!("{:.1}", median(&line.own)),
            format!("{:.1}", median(&line.database)),
            format!("{:.1}", median(&line.multiple)),
            format!("{:.1}", median(&line.whole)),
            match median(&line.wal) {
                bytes if bytes > 0.0 => format!("{bytes:.0}"),
                _ => String::new(),
            },
        ]);
    }
    table
}
