//! A runner: sends what waits in a lane, one request after the other. A lane has as many as it may send at once.
//!
//! It calls what an application brought, which may panic: whatever a runner holds is given back when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use webhooks_store::{Database, Due, Outcome, Verdict};

use super::attempt::{Finished, attempt};
use super::hand::{Hand, Held};
use super::lane::{Lane, Next};
use super::load::Delivery;
use crate::shared::Shared;

/// How long a lane whose target is gone waits for that to be recorded: then nothing more is sent to it at all.
const GONE: Duration = Duration::from_secs(1);

/// Sends what waits in a lane, one after the other.
pub(super) struct Runner<D: Database> {
    shared: Arc<Shared<D>>,
    hand: Arc<Hand>,
    lane: Arc<Lane>,
    finished: mpsc::Sender<Finished>,
    ended: bool,
}

impl<D: Database> Runner<D> {
    pub(super) fn new(
        shared: Arc<Shared<D>>,
        hand: Arc<Hand>,
        lane: Arc<Lane>,
        finished: mpsc::Sender<Finished>,
    ) -> Self {
        Self {
            shared,
            hand,
            lane,
            finished,
            ended: false,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            match self.lane.next(self.shared.now()) {
                Next::Send(delivery) => self.send(*delivery).await,
                Next::GiveBack(deliveries) => {
                    for delivery in deliveries {
                        self.hand.remove(delivery.size());
                        let _ = self.finished.send(released(&delivery)).await;
                    }
                }
                Next::Stop => break,
            }
        }
        self.ended = true;
        self.hand.room.notify_one();
    }

    async fn send(&self, delivery: Delivery) {
        let held = Held::new(&self.hand, &delivery);
        let finished = attempt(&self.shared, delivery).await;
        let worth_a_claim = if let Some(made) = &finished.made {
            if made.judgement.gone {
                self.lane.rest(self.shared.now() + GONE);
            }
            let (breaker, slow_down) = (&self.shared.rules.breaker, made.judgement.slow_down);
            self.lane.finished(
                made.succeeded(),
                made.duration,
                slow_down,
                breaker,
                self.shared.now(),
            )
        } else {
            self.lane.unused();
            false
        };
        // Recorded before it counts as out of hand, so that what waits to be recorded is bounded too.
        let _ = self.finished.send(finished).await;
        drop(held);
        if worth_a_claim {
            self.hand.room.notify_one();
        }
    }
}

impl<D: Database> Drop for Runner<D> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // What nobody is left to send goes back, or to another process when the lease ends.
        for delivery in self.lane.lost_runner() {
            self.hand.remove(delivery.size());
            let _ = self.finished.try_send(released(&delivery));
        }
        self.hand.room.notify_one();
    }
}

pub(super) fn released(delivery: &Delivery) -> Finished {
    let outcome = Outcome {
        lease: delivery.job.lease(),
        verdict: Verdict::Release(Due::Now),
    };
    Finished {
        outcome,
        made: None,
    }
}
