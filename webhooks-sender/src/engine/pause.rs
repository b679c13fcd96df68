//! Looks whether all deliveries are held back: an operator may have said so to another process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::Database;

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;

/// So soon every process knows.
const INTERVAL: Duration = Duration::from_secs(2);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups();
    let pace = Pace::After(INTERVAL);
    duty::run(
        ("pause", &context.delivering.duties),
        stopped,
        wakeups,
        pace,
        async || {
            look(&context).await?;
            Ok(pace)
        },
    )
    .await;
}

/// Reads it once. Whether it is so.
pub(crate) async fn look<D: Database>(context: &Context<D>) -> Result<bool, Error> {
    let mut connection = context.tables.connection().await?;
    let found = context.tables.on(&mut connection).pause_of_all().await?;
    let is_paused = found.is_some();
    if context.delivering.set_paused(is_paused) && !is_paused {
        context.tables.store.wake().now();
    }
    Ok(is_paused)
}
