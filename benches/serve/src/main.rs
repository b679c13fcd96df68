//! `cargo run --release -p serve -- WHAT`: the management API and the portal over 1,000,000 deliveries, on a SQLite file and on
//! PostgreSQL.
//!
//! WHAT is `api`, `pages`, `live`, several of them, or `all`; after `quick` each is short. With `keep DIRECTORY` before it the
//! filled databases stay there, and the next run begins with them. PostgreSQL must be installed; the program starts a server of
//! its own.

mod api;
mod client;
mod fill;
mod history;
mod live;
mod pages;
mod population;
mod requests;
mod subject;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::{machine, receive};
use tokio::runtime::Runtime;

const ALL: [&str; 3] = ["api", "pages", "live"];

/// What was asked for.
struct Asked<'a> {
    is_quick: bool,
    keep: Option<PathBuf>,
    parts: Vec<&'a str>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        // The process that the program starts in addition to itself.
        ["sink"] => receive::run(),
        _ => read(&arguments).and_then(|asked| run(&asked)),
    };
    if let Err(error) = result {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn read<'a>(arguments: &[&'a str]) -> Result<Asked<'a>> {
    let (keep, rest) = match arguments {
        ["keep", directory, rest @ ..] => (Some(PathBuf::from(directory)), rest),
        rest => (None, rest),
    };
    let (is_quick, rest) = match rest {
        ["quick", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let parts = match rest {
        [] | ["all"] => ALL.to_vec(),
        some => some.to_vec(),
    };
    if let Some(unknown) = parts.iter().find(|part| !ALL.contains(part)) {
        bail!(
            "there is no `{unknown}`: say `all`, or some of {}",
            ALL.join(", ")
        );
    }
    Ok(Asked {
        is_quick,
        keep,
        parts,
    })
}

fn run(asked: &Asked<'_>) -> Result<()> {
    println!("{}\n", machine::description()?);
    Runtime::new()?.block_on(async {
        on(&sqlite(asked.keep.as_deref())?, asked).await?;
        on(&postgres(asked.keep.as_deref())?, asked).await
    })
}

fn sqlite(keep: Option<&Path>) -> Result<SqliteHome> {
    match keep {
        Some(directory) => SqliteHome::kept(directory.join("sqlite")),
        None => SqliteHome::new(),
    }
}

fn postgres(keep: Option<&Path>) -> Result<PostgresHome> {
    match keep {
        Some(directory) => PostgresHome::kept(directory.join("postgres")),
        None => PostgresHome::new(),
    }
}

async fn on<H: Home>(home: &H, asked: &Asked<'_>) -> Result<()> {
    if asked
        .parts
        .iter()
        .any(|part| ["api", "pages"].contains(part))
    {
        let pool = home.named("filled").await?;
        let sender = subject::sender(&pool, false).await?;
        if !fill::is_filled(home, &pool).await {
            fill::fill(home, &pool).await?;
        }
        let address = subject::serve(&sender).await?;
        if asked.parts.contains(&"api") {
            api::run(home, address, asked.is_quick).await?;
        }
        if asked.parts.contains(&"pages") {
            pages::run(home, address, asked.is_quick).await?;
        }
        sender.shut_down().await;
        pool.close().await;
    }
    if asked.parts.contains(&"live") {
        live::run(home, asked.is_quick).await?;
    }
    Ok(())
}
