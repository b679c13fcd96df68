//! `instructions`: what a delivery over a backlog costs in instructions and in pieces of memory, counted by valgrind: a change
//! of a hundredth shows, however busy the machine is.
//!
//! Only the worker process runs under it. What the kernel does is in no count, and valgrind's processor has no instructions for
//! SHA. A worker that is slowed down thirty times looks at its database more often for each delivery. What counts is
//! the same row before and after a change.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::sink::Sink;
use bench::table::Table;

use crate::drive::{send, subscribed};
use crate::subject::sender;

/// Deliveries of the shorter run; the longer one has so many times as many, and what both cost besides them goes away.
const DELIVERIES: usize = 1_000;
const LONGER: usize = 5;

pub(crate) async fn run() -> Result<()> {
    let mut table = Table::new(
        "A delivery over a backlog, by valgrind, without the kernel",
        &["store", "instructions each", "pieces of memory each"],
    );
    let sink = Sink::start()?;
    row(&SqliteHome::new()?, &sink, &mut table).await?;
    row(&PostgresHome::new()?, &sink, &mut table).await?;
    table.print();
    Ok(())
}

async fn row<H: Home>(home: &H, sink: &Sink, table: &mut Table) -> Result<()> {
    let mut cells = vec![home.name().to_owned()];
    for tool in [Tool::Callgrind, Tool::Dhat] {
        let short = counted(home, sink, tool, DELIVERIES).await?;
        let long = counted(home, sink, tool, DELIVERIES * LONGER).await?;
        let each = long.saturating_sub(short) / (DELIVERIES * (LONGER - 1)) as u64;
        cells.push(each.to_string());
        machine::progress(&format!("instructions: {}, {tool:?}", home.name()));
    }
    table.row(cells);
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Tool {
    Callgrind,
    Dhat,
}

impl Tool {
    fn arguments(self) -> [&'static str; 2] {
        match self {
            Self::Callgrind => ["--tool=callgrind", "--callgrind-out-file=/dev/null"],
            Self::Dhat => ["--tool=dhat", "--dhat-out-file=/dev/null"],
        }
    }

    /// What the tool says at the end of a process.
    fn count(self, text: &str) -> Option<u64> {
        let (_, line) = match self {
            Self::Callgrind => text.split_once("Collected :")?,
            Self::Dhat => text.split_once("Total:")?.1.split_once(" in ")?,
        };
        let number = line.split_whitespace().next()?;
        number.replace(',', "").parse().ok()
    }
}

/// A worker process under a tool delivers so many messages that were accepted before.
async fn counted<H: Home>(home: &H, sink: &Sink, tool: Tool, messages: usize) -> Result<u64> {
    let pool = subscribed(home, sink, 1).await?;
    let accepting = sender(&pool, false).await?;
    send(&accepting, 64, messages).await?;
    accepting.shut_down().await;
    pool.close().await;
    sink.reset()?;
    let program = std::env::current_exe().context("this program has no path")?;
    let mut worker = Command::new("valgrind")
        .args(tool.arguments())
        .arg(program)
        .args(["work", &home.place()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot run valgrind (Debian: `apt-get install valgrind`)")?;
    sink.wait_for(messages).await?;
    // It records what it has sent, and ends.
    drop(worker.stdin.take());
    let output = worker.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed: {text}");
    let count = tool.count(&text);
    count.with_context(|| format!("valgrind said no count: {text}"))
}
