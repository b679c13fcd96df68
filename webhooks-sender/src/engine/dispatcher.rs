//! The main duty: claims batches of deliveries and dispatches them to lanes, whose tasks make the requests.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use webhooks_store::{Claimer, Database, Id};

use super::attempt::AttemptResult;
use super::completer::{self, BATCH_SIZE};
use super::in_flight::InFlight;
use super::lane::Lane;
use super::lane_task::{LaneTask, released};
use super::load::{Delivery, load};
use super::subscription_cache::SubscriptionCache;
use crate::context::Context;
use crate::error::Error;
use crate::log_throttle::LogThrottle;
use crate::model::SubscriptionState;
use crate::tables::{DELIVERIES, id};

/// Jobs claimed in one statement.
const CLAIM_SIZE: u32 = 256;
/// A claim costs nearly the same for one delivery as for many. Under load, the next claim is delayed so that batches
/// fill.
const BETWEEN_CLAIMS: Duration = Duration::from_millis(5);
/// Deliveries in one claim from which the load counts as high.
const CROWDED_CLAIM: usize = 4;
/// Bytes of bodies in memory beyond which nothing more is claimed.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// How often a paused subscription that another process may have activated is looked at.
const PAUSED_RECHECK: Duration = Duration::from_secs(5);
/// Lanes beyond which idle ones are forgotten.
const MAX_LANES: usize = 10_000;

struct Dispatcher<D: Database> {
    context: Arc<Context<D>>,
    in_flight: Arc<InFlight>,
    claimer: Claimer<D>,
    cache: SubscriptionCache,
    lanes: HashMap<Id, Arc<Lane>>,
    tasks: JoinSet<()>,
    results: mpsc::Sender<AttemptResult>,
    changes: broadcast::Receiver<Id>,
    /// When the first delivery that waits for its time is due, as the last claim saw it.
    next_due: Option<Duration>,
    /// Whether the last claim brought many.
    is_crowded: bool,
}

/// Works until it is stopped, then drains.
pub(super) async fn run<D: Database>(context: Arc<Context<D>>, mut stopped: watch::Receiver<bool>) {
    let (results, received) = mpsc::channel(BATCH_SIZE * 4);
    let in_flight = Arc::<InFlight>::default();
    let completer = tokio::spawn(completer::run(
        Arc::clone(&context),
        Arc::clone(&in_flight),
        received,
    ));
    let claimer = Claimer::new(&context.tables.store, DELIVERIES)
        .lease(context.delivering.rules.lease)
        .per_lane(u32::from(u16::MAX));
    let mut dispatcher = Dispatcher {
        in_flight,
        claimer,
        cache: SubscriptionCache::default(),
        lanes: HashMap::new(),
        tasks: JoinSet::new(),
        results,
        changes: context.delivering.changes(),
        next_due: None,
        is_crowded: false,
        context,
    };
    let mut wakeups = dispatcher.context.tables.store.wake().wakeups();
    let mut throttle = LogThrottle::default();
    while !*stopped.borrow() {
        let crowd_until = Instant::now() + BETWEEN_CLAIMS;
        let pause = match dispatcher.claim().await {
            Ok(true) => continue,
            Ok(false) => dispatcher.pause(),
            Err(error) => {
                if let Some(error) = throttle.observe(&error.reason(), Instant::now()) {
                    tracing::warn!(error, "deliveries could not be claimed");
                }
                dispatcher.context.delivering.rules.poll
            }
        };
        tokio::select! {
            () = wakeups.wait(pause) => {}
            () = dispatcher.in_flight.room.notified() => {}
            _ = stopped.changed() => {}
        }
        if dispatcher.is_crowded {
            sleep_until(crowd_until).await;
        }
    }
    dispatcher.drain().await;
    let _ = completer.await;
}

impl<D: Database> Dispatcher<D> {
    /// Claims a batch and dispatches it. Whether it is worth claiming again immediately.
    async fn claim(&mut self) -> Result<bool, Error> {
        self.reset_what_changed();
        while self.tasks.try_join_next().is_some() {}
        let room = self.room();
        if room == 0 {
            // What the last claim saw is old by now; there will be room when something ends.
            self.next_due = None;
            return Ok(false);
        }
        let (now, widest) = (
            self.context.now(),
            u32::from(self.context.delivering.rules.concurrency) * 2,
        );
        let lanes = &self.lanes;
        let allow = |lane: &webhooks_store::Lane, _| {
            let known = id(lane.as_bytes()).ok().and_then(|id| lanes.get(&id));
            known.map_or(widest, |lane| lane.room(now))
        };
        let send_before = self.context.send_before();
        let claimed = self.claimer.claim_where(room, allow).await?;
        self.next_due = claimed.next_due;
        let count = claimed.jobs.len();
        self.is_crowded = count >= CROWDED_CLAIM;
        if count == 0 {
            return Ok(false);
        }
        metrics::counter!("webhooks_claimed_total").increment(count as u64);
        let deliveries = load(&self.context, &mut self.cache, claimed.jobs, send_before).await?;
        self.dispatch(deliveries);
        Ok(claimed.more)
    }

    fn room(&self) -> u32 {
        let bytes = self.in_flight.bytes.load(Ordering::Relaxed);
        let held = self.in_flight.deliveries.load(Ordering::Relaxed);
        let average = bytes / (held.max(1) as usize);
        let by_bytes = MAX_BYTES.saturating_sub(bytes) / average.max(1);
        let by_bytes = u32::try_from(by_bytes).unwrap_or(u32::MAX);
        let room = self
            .context
            .delivering
            .rules
            .in_flight
            .saturating_sub(held)
            .min(CLAIM_SIZE)
            .min(by_bytes);
        // A claim costs the same for one job as for many.
        if room < CLAIM_SIZE / 8 && held > room {
            0
        } else {
            room
        }
    }

    fn dispatch(&mut self, deliveries: Vec<Delivery>) {
        let mut by_lane: HashMap<Id, Vec<Delivery>> = HashMap::new();
        for delivery in deliveries {
            self.in_flight.add(&delivery);
            by_lane
                .entry(delivery.subscription)
                .or_default()
                .push(delivery);
        }
        if self.lanes.len() > MAX_LANES {
            let now = self.context.now();
            self.lanes.retain(|_, lane| !lane.is_idle(now));
        }
        let default = self.context.delivering.rules.concurrency;
        for (id, deliveries) in by_lane {
            let lane = Arc::clone(
                self.lanes
                    .entry(id)
                    .or_insert_with(|| Arc::new(Lane::new(default))),
            );
            let cached = deliveries
                .first()
                .and_then(|delivery| delivery.cached.clone());
            if cached
                .as_ref()
                .is_some_and(|cached| cached.state == SubscriptionState::Paused)
            {
                lane.pause_until(self.context.now() + PAUSED_RECHECK);
            }
            for _ in 0..lane.take(deliveries, cached.as_deref(), default) {
                let task = LaneTask::new(
                    Arc::clone(&self.context),
                    Arc::clone(&self.in_flight),
                    Arc::clone(&lane),
                    self.results.clone(),
                );
                self.tasks.spawn(task.run());
            }
        }
    }

    /// How long to sleep unless woken.
    fn pause(&self) -> Duration {
        let poll = self.context.delivering.rules.poll;
        let now = self.context.now();
        let again = self
            .lanes
            .values()
            .filter_map(|lane| lane.next_attempt_at(now))
            .min();
        let again = again.and_then(|at: SystemTime| at.duration_since(now).ok());
        // A lane whose circuit is open has work that is due: that alone is no reason to look again immediately.
        let due = self.next_due.filter(|due| !due.is_zero());
        due.into_iter()
            .chain(again)
            .min()
            .unwrap_or(poll)
            .clamp(Duration::from_millis(1), poll)
    }

    /// Subscriptions were changed through this sender: what was paused may be active, what failed may work. The others
    /// keep their circuits.
    fn reset_what_changed(&mut self) {
        loop {
            match self.changes.try_recv() {
                Ok(id) => _ = self.lanes.get(&id).map(|lane| lane.reset()),
                // Too many to have kept count of.
                Err(TryRecvError::Lagged(_)) => self.lanes.values().for_each(|lane| lane.reset()),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// Gives back what waits and lets what is under way end.
    async fn drain(mut self) {
        for lane in self.lanes.values() {
            for delivery in lane.empty() {
                let _ = self.results.send(released(&delivery)).await;
            }
        }
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.context.delivering.rules.drain, all)
            .await
            .is_err()
        {
            tracing::warn!(
                "requests were still under way at the end of the drain; they will be sent again"
            );
        }
    }
}
