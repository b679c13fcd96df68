//! A task of a lane: sends what waits there, one request after the other. A lane has as many as it may send concurrently.
//!
//! It calls application code (transports, rules), which may panic: what a task holds is given back when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use webhooks_store::{Database, Due, Verdict};

use super::attempt::{AttemptResult, attempt};
use super::in_flight::{InFlight, InFlightGuard};
use super::lane::{Lane, Next};
use super::load::Delivery;
use crate::context::Context;

/// How long a lane whose target is gone waits for that to be recorded: then nothing more is sent to it at all.
const GONE: Duration = Duration::from_secs(1);

/// Sends what waits in a lane, one after the other.
pub(super) struct LaneTask<D: Database> {
    context: Arc<Context<D>>,
    in_flight: Arc<InFlight>,
    lane: Arc<Lane>,
    results: mpsc::Sender<AttemptResult>,
    ended: bool,
}

impl<D: Database> LaneTask<D> {
    pub(super) fn new(
        context: Arc<Context<D>>,
        in_flight: Arc<InFlight>,
        lane: Arc<Lane>,
        results: mpsc::Sender<AttemptResult>,
    ) -> Self {
        Self {
            context,
            in_flight,
            lane,
            results,
            ended: false,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            // What is sent while outcomes cannot be recorded is sent again.
            self.in_flight.until_it_records().await;
            match self.lane.next(self.context.now()) {
                Next::Send(delivery) => self.send(*delivery).await,
                Next::GiveBack(deliveries) => {
                    for delivery in deliveries {
                        self.in_flight.remove(&delivery);
                        let _ = self.results.send(released(&delivery)).await;
                    }
                }
                Next::Stop => break,
            }
        }
        self.ended = true;
        self.in_flight.room.notify_one();
    }

    async fn send(&self, delivery: Delivery) {
        let guard = InFlightGuard::new(&self.in_flight, &delivery);
        let result = attempt(&self.context, delivery).await;
        let worth_a_claim = if let Some(attempt) = &result.attempt {
            if attempt.decision.gone {
                self.lane.pause_until(self.context.now() + GONE);
            }
            let (breaker, slow_down) = (
                &self.context.delivering.rules.breaker,
                attempt.decision.slow_down,
            );
            self.lane.finished(
                attempt.succeeded(),
                attempt.duration,
                slow_down,
                breaker,
                self.context.now(),
            )
        } else {
            self.lane.release_permit();
            false
        };
        // It stays in flight until the completer has it, so that what waits to be recorded is bounded too.
        let _ = self.results.send(result).await;
        drop(guard);
        if worth_a_claim {
            self.in_flight.room.notify_one();
        }
    }
}

impl<D: Database> Drop for LaneTask<D> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The task panicked. What no task is left to send goes back now, or to another process when the lease ends.
        for delivery in self.lane.lost_task() {
            self.in_flight.remove(&delivery);
            let _ = self.results.try_send(released(&delivery));
        }
        self.in_flight.room.notify_one();
    }
}

/// Gives a delivery back without an attempt.
pub(super) fn released(delivery: &Delivery) -> AttemptResult {
    AttemptResult {
        outcome: delivery.job.outcome(Verdict::Release(Due::Now)),
        attempt: None,
    }
}
