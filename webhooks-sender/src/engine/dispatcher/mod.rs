//! The main duty: drives the lanes of this process. It runs the statements that they ask for, one after the other, makes
//! the requests that they begin, and tells them what came of both.

mod settings;
mod slots;

pub(super) use settings::shared;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use webhooks_store::lanes::{Answer, Moment};
use webhooks_store::{Database, Id, SlotSet, Wakeups, Worker};

use super::attempt::{AttemptResult, attempt, panicked};
use super::completer::{self, PendingResult, Report};
use super::desk::{Desk, Rigour, Step};
use super::lease::Lease;
use super::load::{Delivery, Load, LoadResult, load};
use super::subscription_cache::SubscriptionCache;
use crate::context::{Change, Context};
use crate::error::Error;
use crate::log_throttle::LogThrottle;
use crate::observe;
use crate::tables::DELIVERIES;

/// How often it is looked at what other processes may have changed.
const CHECK: Duration = Duration::from_secs(2);
/// How often the lanes are found anew, as a net under everything else.
const SWEEP: Duration = Duration::from_mins(5);
/// The pause after a statement that failed.
const AFTER_ERROR: Duration = Duration::from_millis(250);
/// Requests under way beyond which it is worth to let some of them end.
const FEW: usize = 8;
/// The longest wait for a wake-up; something else comes before it ends.
const LONG: Duration = Duration::from_hours(1);

type Effect<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// A statement that has run, and what runs the next one.
type Reply<D> = (Worker<D>, Result<Answer, webhooks_store::Error>);
type Read = (SubscriptionCache, Load, Result<LoadResult, Error>);

struct Dispatcher<D: Database> {
    context: Arc<Context<D>>,
    desk: Desk<D>,
    lease: Arc<Lease>,
    /// What runs the statements, unless one is running.
    worker: Option<Worker<D>>,
    cache: Option<SubscriptionCache>,
    requests: JoinSet<Option<AttemptResult>>,
    under_way: HashMap<tokio::task::Id, (Arc<Delivery>, AbortHandle)>,
    tasks: HashMap<Id, tokio::task::Id>,
    results: Option<mpsc::UnboundedSender<PendingResult>>,
    throttle: LogThrottle,
    /// The slots there were, and until when.
    slots: SlotSet,
    held_until: Option<Moment>,
    /// Nothing is asked or read before then.
    resumes_at: Moment,
    checks_at: Moment,
    sweeps_at: Moment,
    /// When requests that are still under way are given up.
    stops_at: Option<Moment>,
}

/// What comes from outside.
struct Inputs<D: Database> {
    asking: Option<Effect<Reply<D>>>,
    loading: Option<Effect<Read>>,
    reports: mpsc::UnboundedReceiver<Report>,
    changes: broadcast::Receiver<Change>,
    wakeups: Wakeups,
}

/// Works until it is stopped, then drains.
pub(super) async fn run<D: Database>(context: Arc<Context<D>>, mut stopped: watch::Receiver<bool>) {
    let (results, received) = mpsc::unbounded_channel();
    let (reporting, reports) = mpsc::unbounded_channel();
    let completing = completer::run(Arc::clone(&context), received, reporting);
    // A set of one: it ends with this task, also where that panics.
    let mut completer = JoinSet::new();
    completer.spawn(completing);
    let mut inputs = Inputs {
        asking: None,
        loading: None,
        reports,
        changes: context.delivering.changes(),
        wakeups: context.tables.store.wake().wakeups(DELIVERIES),
    };
    let mut dispatcher = Dispatcher::new(context, results);
    while !dispatcher.has_ended() {
        let now = dispatcher.lease.now();
        if *stopped.borrow() {
            dispatcher.stop(now);
        }
        dispatcher.advance(&mut inputs, now);
        let wakes_at = dispatcher.wakes_at();
        let wakes_at = dispatcher.lease.instant(wakes_at);
        let is_stopping = dispatcher.stops_at.is_some();
        tokio::select! {
            (worker, answer) = some(&mut inputs.asking) => {
                inputs.asking = None;
                dispatcher.answered(worker, answer);
            }
            (cache, load, loaded) = some(&mut inputs.loading) => {
                inputs.loading = None;
                dispatcher.loaded(cache, &load, loaded);
            }
            Some(ended) = dispatcher.requests.join_next_with_id() => dispatcher.request_ended(ended),
            Some(report) = inputs.reports.recv() => dispatcher.reported(report),
            change = inputs.changes.recv() => dispatcher.changed(change),
            () = inputs.wakeups.wait(LONG) => dispatcher.desk.lanes().wake(),
            () = sleep_until(wakes_at) => {}
            _ = stopped.changed(), if !is_stopping => {}
        }
        dispatcher.catch_up(&mut inputs.reports).await;
    }
    drop(dispatcher);
    while completer.join_next().await.is_some() {}
}

/// The output of an effect that is under way.
async fn some<T>(effect: &mut Option<Effect<T>>) -> T {
    match effect {
        Some(effect) => effect.await,
        None => std::future::pending().await,
    }
}

impl<D: Database> Dispatcher<D> {
    fn new(context: Arc<Context<D>>, results: mpsc::UnboundedSender<PendingResult>) -> Self {
        let settings = settings::of(&context.delivering.rules);
        let worker = Worker::new(&context.tables.store, DELIVERIES, &settings);
        let lease = Lease::new();
        Self {
            desk: Desk::new(Arc::clone(&context), settings, Rigour::Strict),
            worker: Some(worker.capacity(context.delivering.rules.in_flight)),
            cache: Some(SubscriptionCache::default()),
            requests: JoinSet::new(),
            under_way: HashMap::new(),
            tasks: HashMap::new(),
            results: Some(results),
            throttle: LogThrottle::default(),
            slots: SlotSet::default(),
            held_until: None,
            resumes_at: Moment::default(),
            checks_at: lease.now().plus(CHECK),
            sweeps_at: lease.now().plus(SWEEP),
            stops_at: None,
            lease: Arc::new(lease),
            context,
        }
    }

    fn has_ended(&mut self) -> bool {
        self.stops_at.is_some() && self.desk.lanes().has_ended()
    }

    /// Begins nothing more, and gives the lanes back when everything has been recorded.
    fn stop(&mut self, now: Moment) {
        match self.stops_at {
            None => {
                self.stops_at = Some(now.plus(self.context.delivering.rules.drain));
                self.desk.lanes().shut_down(now);
                self.watch_slots();
            }
            Some(at) if at <= now && !self.under_way.is_empty() => {
                tracing::warn!(
                    "requests were still under way at the end of the drain; they will be sent again"
                );
                self.requests.abort_all();
            }
            Some(_) => {}
        }
    }

    /// Does everything that can be done now.
    fn advance(&mut self, inputs: &mut Inputs<D>, now: Moment) {
        self.desk.lanes().tick(now);
        for id in self.desk.lanes().aborted() {
            let task = self
                .tasks
                .get(&id)
                .and_then(|task| self.under_way.get(task));
            if let Some((_, handle)) = task {
                handle.abort();
            }
        }
        let until = self.desk.lanes().believes_until();
        self.lease.set(until);
        if until != self.held_until {
            self.held_until = until;
            self.watch_slots();
        }
        if self.stops_at.is_none() && self.checks_at <= now {
            self.checks_at = now.plus(CHECK);
            self.desk.check(now);
        }
        if self.sweeps_at <= now {
            self.sweeps_at = now.plus(SWEEP);
            self.desk.lanes().sweep();
        }
        while !self.context.delivering.is_paused()
            && let Some(begun) = self.desk.begin(now)
        {
            match begun {
                Step::Request(delivery) => self.request(delivery),
                Step::Judged(result) => self.record(result),
            }
        }
        if self.resumes_at > now {
            return;
        }
        if let Some(mut worker) = self.worker.take() {
            match self.desk.ask(now) {
                Some(ask) => {
                    inputs.asking = Some(Box::pin(async move {
                        let answer = worker.execute(&ask).await;
                        (worker, answer)
                    }));
                }
                None => self.worker = Some(worker),
            }
        }
        if let Some(mut cache) = self.cache.take() {
            match self.desk.load(now) {
                Some(needed) => {
                    let context = Arc::clone(&self.context);
                    inputs.loading = Some(Box::pin(async move {
                        let loaded = load(&context, &mut cache, &needed).await;
                        (cache, needed, loaded)
                    }));
                }
                None => self.cache = Some(cache),
            }
        }
    }

    /// Takes what else has come by now: a turn looks over everything, and is as dear for one as for many.
    async fn catch_up(&mut self, reports: &mut mpsc::UnboundedReceiver<Report>) {
        if self.under_way.len() > FEW {
            // Requests that are about to end get to it.
            tokio::task::yield_now().await;
        }
        while let Some(ended) = self.requests.try_join_next_with_id() {
            self.request_ended(ended);
        }
        while let Ok(report) = reports.try_recv() {
            self.reported(report);
        }
    }

    /// When there is something to do although nothing comes.
    fn wakes_at(&mut self) -> Moment {
        let now = self.lease.now();
        let lanes = self.desk.lanes().wakes_at();
        // What is to be asked waits for the statement that is running, or for the end of a pause.
        let can_ask = self.worker.is_some();
        let lanes = lanes.filter(|at| can_ask || *at > now);
        let lanes = lanes.map(|at| at.max(self.resumes_at));
        let pause = Some(self.resumes_at).filter(|at| *at > now);
        let at = [lanes, pause, self.stops_at.filter(|at| *at > now)];
        let at = at.into_iter().flatten().min();
        at.unwrap_or(self.checks_at)
            .min(self.checks_at.max(now.plus(CHECK / 4)))
    }

    fn answered(&mut self, worker: Worker<D>, answer: Result<Answer, webhooks_store::Error>) {
        let now = self.lease.now();
        self.context.delivering.name_engine(worker.current_name());
        self.worker = Some(worker);
        match answer {
            Ok(answer) => {
                self.context.delivering.duties.succeed("dispatcher");
                self.desk.answered(answer, now);
                self.watch_slots();
            }
            Err(error) => {
                self.desk.lanes().unanswered(now);
                self.failed(&error.into(), now);
            }
        }
    }

    fn loaded(&mut self, cache: SubscriptionCache, load: &Load, loaded: Result<LoadResult, Error>) {
        let now = self.lease.now();
        self.cache = Some(cache);
        match loaded {
            Ok(loaded) => self.desk.loaded(load, loaded, now),
            Err(error) => {
                self.desk.not_loaded(load);
                self.failed(&error, now);
            }
        }
    }

    fn failed(&mut self, error: &Error, now: Moment) {
        self.resumes_at = now.plus(AFTER_ERROR);
        let (reason, at) = (error.reason(), Instant::now());
        let line = self.throttle.observe(&reason, at);
        observe::duty_failed("dispatcher", line.as_deref());
        let duties = &self.context.delivering.duties;
        duties.fail("dispatcher", reason, at.into_std());
    }

    fn request(&mut self, delivery: Arc<Delivery>) {
        let (context, lease) = (Arc::clone(&self.context), Arc::clone(&self.lease));
        let (id, made) = (delivery.entry.id(), Arc::clone(&delivery));
        self.context.delivering.under_way.begin(id);
        let request = async move { attempt(&context, made, &lease).await };
        let handle = self.requests.spawn(request);
        self.tasks.insert(id, handle.id());
        self.under_way.insert(handle.id(), (delivery, handle));
    }

    fn request_ended(
        &mut self,
        ended: Result<(tokio::task::Id, Option<AttemptResult>), JoinError>,
    ) {
        let now = self.lease.now();
        let task = match &ended {
            Ok((task, _)) => *task,
            Err(error) => error.id(),
        };
        let Some((delivery, _)) = self.under_way.remove(&task) else {
            return;
        };
        let id = delivery.entry.id();
        self.tasks.remove(&id);
        let result = match ended {
            Ok((_, result)) => result,
            // The application's code may panic: a transport, a dialect.
            Err(error) => error.is_panic().then(|| panicked(&self.context, &delivery)),
        };
        if let Some(result) = result {
            self.context.delivering.under_way.answer(id);
            self.desk.ended(&result, now);
            self.record(result);
        } else {
            self.context.delivering.under_way.end(id);
            self.desk.not_made(id, now);
        }
    }

    fn record(&mut self, result: AttemptResult) {
        let is_awaited =
            self.stops_at.is_some() || self.desk.lanes().is_awaited(result.outcome.id());
        if let Some(results) = &self.results {
            // The completer ends after this.
            let _ = results.send(PendingResult { result, is_awaited });
        }
    }

    fn reported(&mut self, report: Report) {
        let now = self.lease.now();
        match report {
            Report::Recorded(recorded) => {
                for (id, recorded) in recorded {
                    self.context.delivering.under_way.end(id);
                    self.desk.recorded(id, recorded, now);
                }
            }
            Report::Stuck => self.desk.lanes().records(false),
            Report::Lost(id) => {
                self.context.delivering.under_way.end(id);
                self.desk.lost(id, now);
            }
        }
    }

    fn changed(&mut self, change: Result<Change, RecvError>) {
        let now = self.lease.now();
        match change {
            Ok(Change::Subscription(id)) => self.desk.changed(id, now),
            Ok(Change::Deliveries(ids)) => self.desk.lanes().look_at(ids.iter().copied()),
            Err(RecvError::Lagged(_)) => self.desk.all_changed(now),
            // The sender lives as long as the context does.
            Err(RecvError::Closed) => {}
        }
    }
}

impl<D: Database> Drop for Dispatcher<D> {
    /// Also where it panicked: nothing is under way any more.
    fn drop(&mut self) {
        self.context.delivering.under_way.clear();
        self.context.delivering.name_engine(None);
        self.own_no_slots();
    }
}
