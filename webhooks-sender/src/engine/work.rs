//! The main duty: claims batches and hands them to lanes, whose runners make the requests.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use webhooks_store::{Claimer, Database, Id};

use super::attempt::Finished;
use super::hand::Hand;
use super::lane::Lane;
use super::load::{Delivery, load};
use super::recipients::Recipients;
use super::recorder::{BATCH, keep_recording};
use super::runner::{Runner, released};
use crate::complaint::Complaint;
use crate::error::Error;
use crate::model::SubscriptionState;
use crate::publish::DELIVERIES;
use crate::shared::{Shared, key};

/// Jobs claimed at once.
const CLAIM: u32 = 256;
/// A claim costs nearly the same for one delivery as for many: while they come in crowds, the next claim waits so long
/// for more.
const BETWEEN_CLAIMS: Duration = Duration::from_millis(5);
const CROWD: usize = 4;
/// Bodies in memory beyond which nothing more is claimed.
const BYTES: usize = 64 * 1024 * 1024;
/// How often a paused subscription that another process may have activated is looked at.
const REST: Duration = Duration::from_secs(5);
/// Lanes beyond which idle ones are forgotten.
const LANES: usize = 10_000;

struct Worker<D: Database> {
    shared: Arc<Shared<D>>,
    hand: Arc<Hand>,
    claimer: Claimer<D>,
    recipients: Recipients,
    lanes: HashMap<Id, Arc<Lane>>,
    runners: JoinSet<()>,
    finished: mpsc::Sender<Finished>,
    changes: broadcast::Receiver<Id>,
    /// When the first delivery that waits for its time is due, as the last claim saw it.
    next_due: Option<Duration>,
    /// Whether the last claim brought many.
    is_crowded: bool,
}

/// Works until it is stopped, then drains.
pub(super) async fn work<D: Database>(shared: Arc<Shared<D>>, mut stopped: watch::Receiver<bool>) {
    let (finished, outcomes) = mpsc::channel(BATCH * 4);
    let hand = Arc::<Hand>::default();
    let recorder = tokio::spawn(keep_recording(
        Arc::clone(&shared),
        Arc::clone(&hand),
        outcomes,
    ));
    let claimer = Claimer::new(&shared.store, DELIVERIES)
        .lease(shared.rules.lease)
        .per_lane(u32::from(u16::MAX));
    let mut worker = Worker {
        hand,
        claimer,
        recipients: Recipients::default(),
        lanes: HashMap::new(),
        runners: JoinSet::new(),
        finished,
        changes: shared.changes.subscribe(),
        next_due: None,
        is_crowded: false,
        shared,
    };
    let mut wakeups = worker.shared.store.wake().wakeups();
    let mut complaint = Complaint::default();
    while !*stopped.borrow() {
        let crowd_until = Instant::now() + BETWEEN_CLAIMS;
        let pause = match worker.claim().await {
            Ok(true) => continue,
            Ok(false) => worker.pause(),
            Err(error) => {
                if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                    tracing::warn!(error, "deliveries could not be claimed");
                }
                worker.shared.rules.poll
            }
        };
        tokio::select! {
            () = wakeups.wait(pause) => {}
            () = worker.hand.room.notified() => {}
            _ = stopped.changed() => {}
        }
        if worker.is_crowded {
            sleep_until(crowd_until).await;
        }
    }
    worker.drain().await;
    let _ = recorder.await;
}

impl<D: Database> Worker<D> {
    /// Claims a batch and hands it out. Whether it is worth claiming again at once.
    async fn claim(&mut self) -> Result<bool, Error> {
        self.stir_what_changed();
        while self.runners.try_join_next().is_some() {}
        let room = self.room();
        if room == 0 {
            // What the last claim saw is old by now; there will be room when something ends.
            self.next_due = None;
            return Ok(false);
        }
        let (now, widest) = (
            self.shared.now(),
            u32::from(self.shared.rules.concurrency) * 2,
        );
        let lanes = &self.lanes;
        let allow = |lane: &webhooks_store::Lane, _| {
            let known = key(lane.as_bytes()).ok().and_then(|id| lanes.get(&id));
            known.map_or(widest, |lane| lane.room(now))
        };
        let send_before = self.shared.send_before();
        let claimed = self.claimer.claim_where(room, allow).await?;
        self.next_due = claimed.next_due;
        let count = claimed.jobs.len();
        self.is_crowded = count >= CROWD;
        if count == 0 {
            return Ok(false);
        }
        metrics::counter!("webhooks_claimed_total").increment(count as u64);
        let deliveries = load(
            &self.shared,
            &mut self.recipients,
            claimed.jobs,
            send_before,
        )
        .await?;
        self.hand_out(deliveries);
        Ok(claimed.more)
    }

    fn room(&self) -> u32 {
        let bytes = self.hand.bytes.load(Ordering::Relaxed);
        let held = self.hand.deliveries.load(Ordering::Relaxed);
        let average = bytes / (held.max(1) as usize);
        let by_bytes = BYTES.saturating_sub(bytes) / average.max(1);
        let by_bytes = u32::try_from(by_bytes).unwrap_or(u32::MAX);
        let room = self
            .shared
            .rules
            .in_hand
            .saturating_sub(held)
            .min(CLAIM)
            .min(by_bytes);
        // A claim costs the same for one job as for many.
        if room < CLAIM / 8 && held > room {
            0
        } else {
            room
        }
    }

    fn hand_out(&mut self, deliveries: Vec<Delivery>) {
        let mut by_lane: HashMap<Id, Vec<Delivery>> = HashMap::new();
        for delivery in deliveries {
            self.hand.add(&delivery);
            by_lane
                .entry(delivery.subscription)
                .or_default()
                .push(delivery);
        }
        if self.lanes.len() > LANES {
            let now = self.shared.now();
            self.lanes.retain(|_, lane| !lane.is_idle(now));
        }
        let default = self.shared.rules.concurrency;
        for (id, deliveries) in by_lane {
            let lane = Arc::clone(
                self.lanes
                    .entry(id)
                    .or_insert_with(|| Arc::new(Lane::new(default))),
            );
            let known = deliveries
                .first()
                .and_then(|delivery| delivery.known.clone());
            if known
                .as_ref()
                .is_some_and(|known| known.state == SubscriptionState::Paused)
            {
                lane.rest(self.shared.now() + REST);
            }
            for _ in 0..lane.take(deliveries, known.as_deref(), default) {
                let runner = Runner::new(
                    Arc::clone(&self.shared),
                    Arc::clone(&self.hand),
                    Arc::clone(&lane),
                    self.finished.clone(),
                );
                self.runners.spawn(runner.run());
            }
        }
    }

    /// How long to sleep unless woken.
    fn pause(&self) -> Duration {
        let poll = self.shared.rules.poll;
        let now = self.shared.now();
        let again = self
            .lanes
            .values()
            .filter_map(|lane| lane.asks_again(now))
            .min();
        let again = again.and_then(|at: SystemTime| at.duration_since(now).ok());
        // A lane whose circuit is open has work that is due: that alone is no reason to look again at once.
        let due = self.next_due.filter(|due| !due.is_zero());
        due.into_iter()
            .chain(again)
            .min()
            .unwrap_or(poll)
            .clamp(Duration::from_millis(1), poll)
    }

    /// Subscriptions were changed through this sender: what was paused may be active, what failed may work. The others
    /// keep their circuits.
    fn stir_what_changed(&mut self) {
        loop {
            match self.changes.try_recv() {
                Ok(id) => _ = self.lanes.get(&id).map(|lane| lane.stir()),
                // Too many to have kept count of.
                Err(TryRecvError::Lagged(_)) => self.lanes.values().for_each(|lane| lane.stir()),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// Gives back what waits and lets what is under way end.
    async fn drain(mut self) {
        for lane in self.lanes.values() {
            for delivery in lane.empty() {
                let _ = self.finished.send(released(&delivery)).await;
            }
        }
        let all = async { while self.runners.join_next().await.is_some() {} };
        if tokio::time::timeout(self.shared.rules.drain, all)
            .await
            .is_err()
        {
            tracing::warn!(
                "requests were still under way at the end of the drain; they will be sent again"
            );
        }
    }
}
