//! Gathers the results of attempts and records them in batches, until the engine stops.
//!
//! A batch that cannot be recorded is tried again until it can, and nothing new is sent meanwhile: a request whose
//! outcome is lost is made again. Where one result keeps the others of its batch from being recorded, the batch is
//! recorded in halves, and only that result is let go.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use webhooks_store::lanes::Recorded;
use webhooks_store::{Database, Id};

use super::attempt::AttemptResult;
use super::complete::complete;
use crate::context::Context;
use crate::entropy::random_fraction;
use crate::error::Error;
use crate::log_throttle::LogThrottle;
use crate::observe;

/// Results recorded in one transaction.
const BATCH_SIZE: usize = 256;
/// Bytes of answers beyond which a batch is closed.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// How long results wait for others to be recorded with, while there are requests under way.
const GATHER: Duration = Duration::from_millis(10);
/// The least time between two batches that nothing waits for: at a steady rate the outcomes of so long are one transaction.
/// What a crash makes a process forget, and be sent again, is as much at most.
const PACE: Duration = Duration::from_millis(50);
/// The pause after the first failure; each one doubles it, up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often a result is tried that fails by itself.
const TRIES_ALONE: u32 = 4;

/// What the completer says to the dispatcher.
pub(super) enum Report {
    /// These were recorded.
    Recorded(Vec<(Id, Recorded)>),
    /// Nothing can be recorded at present.
    Stuck,
    /// This one was let go: the delivery is made again.
    Lost(Id),
}

/// A result that is to be recorded.
pub(super) struct PendingResult {
    pub(super) result: AttemptResult,
    /// Whether something waits until it has been.
    pub(super) is_awaited: bool,
}

/// Records outcomes until there will be no more.
pub(super) async fn run<D: Database>(
    context: Arc<Context<D>>,
    mut results: mpsc::UnboundedReceiver<PendingResult>,
    reports: mpsc::UnboundedSender<Report>,
) {
    let mut completer = Completer {
        context,
        reports,
        throttle: LogThrottle::default(),
    };
    let mut batch = Vec::with_capacity(BATCH_SIZE);
    let mut next_at = Instant::now();
    while results.recv_many(&mut batch, BATCH_SIZE).await > 0 {
        gather(&completer.context, &mut results, &mut batch, next_at).await;
        let gathered = batch.drain(..).map(|pending| pending.result);
        let mut rest: Vec<AttemptResult> = gathered.collect();
        while !rest.is_empty() {
            let next = rest.split_off(first_bytes(&rest));
            completer.record(std::mem::replace(&mut rest, next)).await;
        }
        next_at = Instant::now() + PACE;
    }
}

struct Completer<D: Database> {
    context: Arc<Context<D>>,
    reports: mpsc::UnboundedSender<Report>,
    throttle: LogThrottle,
}

impl<D: Database> Completer<D> {
    /// Records a batch, as a whole or in parts.
    async fn record(&mut self, batch: Vec<AttemptResult>) {
        let (mut waiting, mut pause, mut tries) = (vec![batch], SHORTEST_PAUSE, 0);
        while let Some(mut batch) = waiting.pop() {
            let error = match self.complete(&batch).await {
                Ok(recorded) => {
                    let ids = batch.iter().map(|result| result.outcome.id());
                    self.report(Report::Recorded(ids.zip(recorded).collect()));
                    self.context.delivering.duties.succeed("completer");
                    (pause, tries) = (SHORTEST_PAUSE, 0);
                    continue;
                }
                Err(error) => error,
            };
            if error.is_of_one() && batch.len() > 1 {
                // The first half comes first again.
                waiting.push(batch.split_off(batch.len() / 2));
                waiting.push(batch);
                continue;
            }
            tries += 1;
            if error.is_of_one() && tries >= TRIES_ALONE {
                self.let_go(&batch, &error);
                tries = 0;
                continue;
            }
            self.report(Report::Stuck);
            let (reason, now) = (error.reason(), Instant::now());
            let line = self.throttle.observe(&reason, now);
            observe::duty_failed("completer", line.as_deref());
            let duties = &self.context.delivering.duties;
            duties.fail("completer", reason, now.into_std());
            let jitter = random_fraction(&*self.context.publishing.entropy);
            tokio::time::sleep(pause.mul_f64(1.0 + jitter)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            waiting.push(batch);
        }
    }

    /// Records what is given; a panic on the way is an error.
    async fn complete(&self, batch: &[AttemptResult]) -> Result<Vec<Recorded>, Error> {
        let mut completed = pin!(complete(&self.context, batch));
        // A future that has panicked is not polled again, so nothing of it that is half changed is ever seen.
        poll_fn(|cx| {
            catch_unwind(AssertUnwindSafe(|| completed.as_mut().poll(cx)))
                .unwrap_or_else(|_| Poll::Ready(Err(webhooks_store::Error::Panic.into())))
        })
        .await
    }

    /// The delivery is made again later, under the same message id.
    fn let_go(&self, lost: &[AttemptResult], error: &Error) {
        let ids = lost
            .iter()
            .take(10)
            .map(|result| result.outcome.id().to_string());
        let ids: Vec<_> = ids.collect();
        observe::outcomes_lost(lost.len(), &error.reason(), &ids);
        for result in lost {
            self.report(Report::Lost(result.outcome.id()));
        }
    }

    fn report(&self, report: Report) {
        // The dispatcher ends last; without it there is nothing to be said.
        let _ = self.reports.send(report);
    }
}

/// So many of these, from the first on, have no more bytes together than a batch may have.
fn first_bytes(batch: &[AttemptResult]) -> usize {
    let mut bytes = 0;
    let fits = batch.iter().take_while(|result| {
        bytes += result.outcome.size();
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}

/// Waits a little for a full batch: while there are requests under way, and until `next_at` where nothing waits for what is
/// in the batch already.
async fn gather<D: Database>(
    context: &Context<D>,
    results: &mut mpsc::UnboundedReceiver<PendingResult>,
    batch: &mut Vec<PendingResult>,
    next_at: Instant,
) {
    let soon = Instant::now() + GATHER;
    // One timer for all of them.
    let mut timer = pin!(tokio::time::sleep_until(soon));
    while batch.len() < BATCH_SIZE {
        let is_awaited = batch.iter().any(|pending| pending.is_awaited);
        let is_busy = context.delivering.under_way.requests() > 0;
        let ends = [is_busy.then_some(soon), (!is_awaited).then_some(next_at)];
        let Some(end) = ends.into_iter().flatten().max() else {
            return;
        };
        if timer.deadline() != end {
            timer.as_mut().reset(end);
        }
        let room = BATCH_SIZE - batch.len();
        tokio::select! {
            biased;
            // None: no task is left that could finish anything.
            received = results.recv_many(batch, room) => if received == 0 { return },
            () = &mut timer => return,
        }
    }
}
