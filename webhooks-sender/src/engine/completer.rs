//! Gathers the results of attempts and records them in batches, until the engine stops.
//!
//! A batch that cannot be recorded is tried again for as long as its leases last, and nothing new is sent meanwhile: a
//! request whose outcome is lost is made again. Where one result keeps the others of its batch from being recorded, the
//! batch is recorded in halves, and only that result is let go.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use webhooks_store::{Database, Verdict};

use super::attempt::AttemptResult;
use super::complete::complete;
use super::in_flight::InFlight;
use crate::context::Context;
use crate::entropy::random_fraction;
use crate::error::Error;
use crate::log_throttle::LogThrottle;
use crate::observe;

/// Results recorded in one transaction.
pub(super) const BATCH_SIZE: usize = 256;
/// How long results wait for others to be recorded with, while there are requests under way.
const GATHER: Duration = Duration::from_millis(10);
/// The pause after the first failure; each one doubles it, up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often a result is tried that fails by itself.
const TRIES_ALONE: u32 = 4;

/// Records outcomes until there will be no more.
pub(super) async fn run<D: Database>(
    context: Arc<Context<D>>,
    in_flight: Arc<InFlight>,
    mut results: mpsc::Receiver<AttemptResult>,
) {
    let mut batch = Vec::with_capacity(BATCH_SIZE);
    let mut completer = Completer {
        context,
        in_flight,
        throttle: LogThrottle::default(),
    };
    while results.recv_many(&mut batch, BATCH_SIZE).await > 0 {
        gather(&completer.in_flight, &mut results, &mut batch).await;
        let retries = batch
            .iter()
            .any(|result| matches!(result.outcome.verdict(), Verdict::Retry(_)));
        completer.record(std::mem::take(&mut batch)).await;
        completer.in_flight.set_records(true);
        if retries {
            // The dispatcher must know when the next attempt is due before it goes to sleep.
            completer.in_flight.room.notify_one();
        }
    }
    // Tasks that wait to send would otherwise wait for ever.
    completer.in_flight.set_records(true);
}

struct Completer<D: Database> {
    context: Arc<Context<D>>,
    in_flight: Arc<InFlight>,
    throttle: LogThrottle,
}

impl<D: Database> Completer<D> {
    /// Records a batch, as a whole or in parts, for as long as its leases last.
    async fn record(&mut self, batch: Vec<AttemptResult>) {
        let (mut waiting, mut pause, mut tries) = (vec![batch], SHORTEST_PAUSE, 0);
        while let Some(mut batch) = waiting.pop() {
            let Err(error) = self.complete(&batch).await else {
                (pause, tries) = (SHORTEST_PAUSE, 0);
                continue;
            };
            if error.is_of_one() && batch.len() > 1 {
                // The first half comes first again.
                waiting.push(batch.split_off(batch.len() / 2));
                waiting.push(batch);
                continue;
            }
            tries += 1;
            if error.is_of_one() && tries >= TRIES_ALONE {
                give_up(&batch, &error);
                tries = 0;
                continue;
            }
            self.in_flight.set_records(false);
            let line = self.throttle.observe(&error.reason(), Instant::now());
            observe::duty_failed("completer", line.as_deref());
            let jitter = random_fraction(&*self.context.publishing.entropy);
            tokio::time::sleep(pause.mul_f64(1.0 + jitter)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let now = self.context.now();
            let is_over = |result: &mut AttemptResult| {
                let attempt = result.attempt.as_ref();
                attempt.is_some_and(|attempt| attempt.delivery.lease_until <= now)
            };
            give_up(&batch.extract_if(.., is_over).collect::<Vec<_>>(), &error);
            // What was only given back is claimed again when its lease ends.
            if batch.iter().any(|result| result.attempt.is_some()) {
                waiting.push(batch);
            }
        }
    }

    /// Records what is given; a panic on the way is an error.
    async fn complete(&self, batch: &[AttemptResult]) -> Result<(), Error> {
        let mut completed = pin!(complete(&self.context, batch));
        // A future that has panicked is not polled again, so nothing of it that is half changed is ever seen.
        poll_fn(|cx| {
            catch_unwind(AssertUnwindSafe(|| completed.as_mut().poll(cx)))
                .unwrap_or_else(|_| Poll::Ready(Err(webhooks_store::Error::Panic.into())))
        })
        .await
    }
}

/// The leases of these run out, and the deliveries are made again, under the same message ids.
fn give_up(lost: &[AttemptResult], error: &Error) {
    if !lost.is_empty() {
        let ids: Vec<_> = lost
            .iter()
            .filter_map(|result| result.attempt.as_ref())
            .take(10)
            .map(|attempt| attempt.delivery.job.id.to_string())
            .collect();
        observe::outcomes_lost(lost.len(), &error.reason(), &ids);
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
