//! Looks whether all deliveries are held back: an operator may have said so to another process. That wakes this one where the
//! database carries wake-ups.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::{Database, SlotSet};

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::tables::{DELIVERIES, PAUSE};

/// So soon every process knows, also without a wake-up.
const INTERVAL: Duration = Duration::from_secs(5);
const AFTER_ERROR: Duration = Duration::from_secs(1);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups(PAUSE);
    duty::run(
        ("pause", &context.delivering.duties),
        stopped,
        Some(wakeups),
        Pace::After(AFTER_ERROR),
        async || {
            look(&context).await?;
            Ok(Pace::Wakeup {
                at_least: Duration::ZERO,
                at_most: INTERVAL,
            })
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

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use std::time::Duration;

    use crate::Sender;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn a_pause_of_all_and_its_end_reach_a_process_that_was_not_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("w.db");
        let worker = Sender::open(&path).start().await.expect("a worker");
        let other = Sender::open(&path).without_engine().start().await;
        let other = other.expect("another process");
        let sees = async |is_paused: bool| {
            while worker.context.delivering.is_paused() != is_paused {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let operator = other.operator();
        operator.pause_all().await.expect("paused");
        let told = tokio::time::timeout(PATIENCE, sees(true)).await;
        told.expect("it holds back");
        operator.resume_all().await.expect("resumed");
        let told = tokio::time::timeout(PATIENCE, sees(false)).await;
        told.expect("it goes on");
        worker.shut_down().await;
        other.shut_down().await;
    }
}
