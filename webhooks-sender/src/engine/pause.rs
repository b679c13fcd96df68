//! Looks whether all deliveries are held back: an operator may have said so to another process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::{Database, SlotSet};

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::tables::DELIVERIES;

/// So soon every process knows.
const INTERVAL: Duration = Duration::from_secs(2);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let pace = Pace::After(INTERVAL);
    duty::run(
        ("pause", &context.delivering.duties),
        stopped,
        None,
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
    // One after the other: what is read last is set last.
    let _turn = context.delivering.pause_turn.lock().await;
    let store = &context.tables.store;
    let mut connection = store.worker_connection().await?;
    let found = context.tables.on(&mut connection).pause_of_all().await?;
    connection.end();
    let is_paused = found.is_some();
    if context.delivering.set_paused(is_paused) && !is_paused {
        store.wake().wake_here(DELIVERIES, &SlotSet::all());
    }
    Ok(is_paused)
}
