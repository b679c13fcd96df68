//! `cargo run --release -p send -- WHAT`: the sender on SQLite and on PostgreSQL, against a raw client loop.
//!
//! WHAT is one of the names below, several of them, or `all`; after `quick` there is one round of each. PostgreSQL must be
//! installed; the program starts a server of its own. Requests go to a sink that is another process, so that its CPU time is not counted.

mod accept;
mod broadcast;
mod delivered;
mod disturbed;
mod drive;
mod fill;
mod idle;
mod instructions;
mod isolation;
mod latency;
mod length;
mod pending;
mod pressure;
mod rates;
mod raw;
mod snapshot;
mod subject;
mod subscriptions;
mod takeover;
mod work;
mod worker;
mod workers;

use std::process::ExitCode;

use anyhow::{Result, bail};
use bench::machine;
use tokio::runtime::Runtime;

use length::Length;

const ALL: [&str; 13] = [
    "delivered",
    "accept",
    "latency",
    "isolation",
    "disturbed",
    "pending",
    "subscriptions",
    "broadcast",
    "workers",
    "rates",
    "idle",
    "takeover",
    "pressure",
];

/// What needs valgrind, and is not among `all`.
const COUNTED: &str = "instructions";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        // The processes that the program starts in addition to itself.
        ["sink"] => bench::receive::run(),
        ["work", place] => work::run(place),
        [] | ["all"] => run(Length::Usual, &ALL),
        ["quick", ref names @ ..] => run(Length::Quick, names),
        ref names => run(Length::Usual, names),
    };
    if let Err(error) = result {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(length: Length, names: &[&str]) -> Result<()> {
    let is_known = |name: &str| ALL.contains(&name) || name == COUNTED;
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        bail!(
            "there is no `{unknown}`: say `all`, or some of {}, {COUNTED}",
            ALL.join(", ")
        );
    }
    println!("{}\n", machine::description()?);
    let runtime = Runtime::new()?;
    for &name in names {
        runtime.block_on(measure(name, length))?;
    }
    Ok(())
}

async fn measure(name: &str, length: Length) -> Result<()> {
    match name {
        "delivered" => delivered::run(length).await,
        "accept" => accept::run(length).await,
        "latency" => latency::run().await,
        "isolation" => isolation::run(length).await,
        "disturbed" => disturbed::run(length).await,
        "pending" => pending::run().await,
        "subscriptions" => subscriptions::run().await,
        "broadcast" => broadcast::run().await,
        "rates" => rates::run(length).await,
        "idle" => idle::run(length).await,
        COUNTED => instructions::run().await,
        "takeover" => takeover::run(length).await,
        "pressure" => pressure::run(length).await,
        _ => workers::run(length).await,
    }
}
