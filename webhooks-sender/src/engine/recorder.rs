//! Gathers what runners have finished and has it recorded in batches, until the engine stops.
//!
//! A batch that cannot be recorded is tried again for a few seconds and then let go: its leases run out, and the
//! deliveries are made again under the same message ids.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use webhooks_store::{Database, Verdict};

use super::attempt::Finished;
use super::hand::Hand;
use super::record::record;
use crate::complaint::Complaint;
use crate::shared::Shared;

/// Outcomes recorded at once.
pub(super) const BATCH: usize = 256;
/// So long outcomes wait for others to be recorded with, while there are requests under way.
const GATHER: Duration = Duration::from_millis(10);

/// Records outcomes until there will be no more.
pub(super) async fn keep_recording<D: Database>(
    shared: Arc<Shared<D>>,
    hand: Arc<Hand>,
    mut outcomes: mpsc::Receiver<Finished>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut complaint = Complaint::default();
    while outcomes.recv_many(&mut batch, BATCH).await > 0 {
        gather(&hand, &mut outcomes, &mut batch).await;
        let mut pause = Duration::from_millis(50);
        for left in (0..6_u32).rev() {
            match record(&shared, &batch).await {
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
                    if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                        tracing::warn!(error, "outcomes could not be recorded, trying again");
                    }
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
        if batch
            .iter()
            .any(|finished| matches!(finished.outcome.verdict, Verdict::Retry(_)))
        {
            // The worker must know when the next try is due before it goes to sleep.
            hand.room.notify_one();
        }
        batch.clear();
    }
}

/// Waits a little for a full batch, unless all that is in hand is in the batch already.
async fn gather(hand: &Hand, outcomes: &mut mpsc::Receiver<Finished>, batch: &mut Vec<Finished>) {
    let end = Instant::now() + GATHER;
    while batch.len() < BATCH && hand.deliveries.load(Ordering::Relaxed) > 0 {
        let room = BATCH - batch.len();
        match timeout_at(end, outcomes.recv_many(batch, room)).await {
            Ok(received) if received > 0 => {}
            // Time is up, or nobody is left who could finish anything.
            _ => return,
        }
    }
}
