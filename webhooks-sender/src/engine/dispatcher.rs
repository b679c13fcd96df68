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
use crate::observe;
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
/// Deliveries that are claimed for a subscription of which this process has sent nothing yet: whose it is, and how fast
/// its target is, is not known.
const FIRST_CLAIM: u32 = 16;
/// Of all deliveries in flight, one owner may have half, and the last eighth is for subscriptions that have none: so that
/// those whose targets are slow never hold up all others.
const OWNERS_PART: u32 = 2;
const RESERVE_PART: u32 = 8;
/// How often lanes that send nothing now look whether their subscription was changed by another process.
const REVISION_CHECK: Duration = Duration::from_secs(5);
/// Lanes that look in one statement.
const REVISIONS: usize = 1000;
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
    check_revisions_at: Instant,
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
    let claimer =
        Claimer::new(&context.tables.store, DELIVERIES).lease(context.delivering.rules.lease);
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
        check_revisions_at: Instant::now() + REVISION_CHECK,
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
                let line = throttle.observe(&error.reason(), Instant::now());
                observe::duty_failed("dispatcher", line.as_deref());
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
        self.reset_what_changed().await;
        self.check_revisions().await?;
        while self.tasks.try_join_next().is_some() {}
        let room = self.room();
        if room == 0 {
            // What the last claim saw is old by now; there will be room when something ends.
            self.next_due = None;
            return Ok(false);
        }
        let now = self.context.now();
        let (lanes, in_flight) = (&self.lanes, &self.in_flight);
        let most = self.context.delivering.rules.in_flight;
        let held = in_flight.deliveries.load(Ordering::Relaxed);
        let is_reserved = held >= most - most / RESERVE_PART;
        let allow = |lane: &webhooks_store::Lane| {
            let known = id(lane.as_bytes()).ok().and_then(|id| lanes.get(&id));
            let Some(lane) = known else {
                return FIRST_CLAIM;
            };
            if is_reserved && lane.in_flight() > 0 {
                return 0;
            }
            let of_owner = lane.owner().map_or(0, |owner| in_flight.of_owner(&owner));
            let share = (most / OWNERS_PART).max(1).saturating_sub(of_owner);
            lane.room(now).min(share)
        };
        let send_before = self.context.send_before();
        let claimed = self.claimer.claim_where(room, allow).await?;
        self.next_due = claimed.next_due;
        let count = claimed.jobs.len();
        self.is_crowded = count >= CROWDED_CLAIM;
        if count == 0 {
            return Ok(false);
        }
        observe::claimed(count);
        let deliveries = load(&self.context, &mut self.cache, claimed.jobs, send_before).await?;
        self.dispatch(deliveries);
        Ok(claimed.more)
    }

    fn room(&self) -> u32 {
        if !self.in_flight.records() {
            return 0;
        }
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
        // A lane whose circuit is open has work that is due: that alone does not make the next look immediate.
        let due = self.next_due.filter(|due| !due.is_zero());
        due.into_iter()
            .chain(again)
            .min()
            .unwrap_or(poll)
            .clamp(Duration::from_millis(1), poll)
    }

    /// Subscriptions were changed through this sender: what was paused may be active, what failed may work, and what
    /// waits has an old target. The others keep their circuits.
    async fn reset_what_changed(&mut self) {
        loop {
            match self.changes.try_recv() {
                Ok(id) => {
                    if let Some(lane) = self.lanes.get(&id) {
                        lane.reset();
                        self.give_back(lane).await;
                    }
                }
                Err(TryRecvError::Lagged(_)) => {
                    // Too many to have kept count of.
                    for lane in self.lanes.values() {
                        lane.reset();
                        self.give_back(lane).await;
                    }
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// Lanes that send nothing now would not see what another process changed: their next claim may be a day away.
    async fn check_revisions(&mut self) -> Result<(), Error> {
        if Instant::now() < self.check_revisions_at {
            return Ok(());
        }
        self.check_revisions_at = Instant::now() + REVISION_CHECK;
        let now = self.context.now();
        let resting = |lane: &Arc<Lane>| lane.next_attempt_at(now).is_some();
        let ids = self.lanes.iter().filter(|(_, lane)| resting(lane));
        let ids: Vec<Id> = ids.map(|(id, _)| *id).take(REVISIONS).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let tables = &self.context.tables;
        let mut connection = tables.store.worker_connection().await?;
        for (id, revision) in tables.on(&mut connection).revisions(&ids).await? {
            if let Some(lane) = self.lanes.get(&id) {
                lane.has_revision(revision);
            }
        }
        Ok(())
    }

    async fn give_back(&self, lane: &Lane) {
        for delivery in lane.empty() {
            self.in_flight.remove(&delivery);
            let _ = self.results.send(released(&delivery)).await;
        }
    }

    /// Gives back what waits and lets what is under way end.
    async fn drain(mut self) {
        for lane in self.lanes.values() {
            self.give_back(lane).await;
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
