//! A worker process: an engine on a database that others fill.

use std::path::Path;
use std::thread;

use anyhow::{Result, ensure};
use bench::home::connect;
use bench::meter::memory;
use tokio::runtime::Runtime;
use webhooks_store::Store;

use crate::subject::sender;

/// Works until standard input ends, then tells its memory, in MiB: before the engine, and at most.
pub(crate) fn run(place: &str) -> Result<()> {
    Runtime::new()?.block_on(async {
        let (before, most) = if place.starts_with("postgres:") {
            deliver(&connect(place).await?).await?
        } else {
            ensure!(Path::new(place).exists(), "there is no database {place}");
            let store = Store::file(place).open().await?;
            deliver(store.pool()).await?
        };
        println!("{before} {most}");
        Ok(())
    })
}

async fn deliver<D: webhooks_store::Database>(pool: &sqlx::Pool<D>) -> Result<(f64, f64)> {
    let idle = sender(pool, false).await?;
    idle.shut_down().await;
    // With the connections of its own: an application has one sender.
    drop(idle);
    let (before, _) = memory()?;
    let sender = sender(pool, true).await?;
    tokio::task::spawn_blocking(end_of_input).await?;
    sender.shut_down().await;
    Ok((before, memory()?.1))
}

fn end_of_input() {
    // The program that started this process holds the other end.
    let _ = thread::spawn(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).join();
}
