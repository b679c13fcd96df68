//! Gathers the results of attempts and records them in batches, until the engine stops.
//!
//! A batch that cannot be recorded is tried again for a few seconds and then let go: its leases run out, and the
//! deliveries are made again under the same message ids.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use webhooks_store::{Database, Verdict};

use super::attempt::AttemptResult;
use super::complete::complete;
use super::in_flight::InFlight;
use crate::context::Context;
use crate::log_throttle::LogThrottle;

/// Results recorded in one transaction.
pub(super) const BATCH_SIZE: usize = 256;
/// How long results wait for others to be recorded with, while there are requests under way.
const GATHER: Duration = Duration::from_millis(10);

/// Records outcomes until there will be no more.
pub(super) async fn run<D: Database>(
    context: Arc<Context<D>>,
    in_flight: Arc<InFlight>,
    mut results: mpsc::Receiver<AttemptResult>,
) {
    let mut batch = Vec::with_capacity(BATCH_SIZE);
    let mut throttle = LogThrottle::default();
    while results.recv_many(&mut batch, BATCH_SIZE).await > 0 {
        gather(&in_flight, &mut results, &mut batch).await;
        let mut pause = Duration::from_millis(50);
        for left in (0..6_u32).rev() {
            match complete(&context, &batch).await {
                Ok(()) => break,
                Err(error) if left == 0 => {
                    // The leases run out and the deliveries are made again, under the same message ids.
                    tracing::error!(
                        error = error.reason(),
                        lost = batch.len(),
                        "outcomes could not be recorded"
                    );
                }
                Err(error) => {
                    if let Some(error) = throttle.observe(&error.reason(), Instant::now()) {
                        tracing::warn!(error, "outcomes could not be recorded, trying again");
                    }
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
        if batch
            .iter()
            .any(|result| matches!(result.outcome.verdict, Verdict::Retry(_)))
        {
            // The dispatcher must know when the next attempt is due before it goes to sleep.
            in_flight.room.notify_one();
        }
        batch.clear();
    }
}

/// Waits a little for a full batch, unless everything in flight is in the batch already.
async fn gather(
    in_flight: &InFlight,
    results: &mut mpsc::Receiver<AttemptResult>,
    batch: &mut Vec<AttemptResult>,
) {
    let end = Instant::now() + GATHER;
    while batch.len() < BATCH_SIZE && in_flight.deliveries.load(Ordering::Relaxed) > 0 {
        let room = BATCH_SIZE - batch.len();
        match timeout_at(end, results.recv_many(batch, room)).await {
            Ok(received) if received > 0 => {}
            // Time is up, or no task is left that could finish anything.
            _ => return,
        }
    }
}
