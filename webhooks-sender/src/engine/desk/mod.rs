//! What a process has in hand: the lanes that it owns, with the messages and the subscriptions that their deliveries
//! need.
//!
//! Nothing here runs a statement or makes a request. It says what is to be read and what is to be begun, and learns
//! what came of it: from the dispatcher, and from a pass that is made by hand.

mod known;
mod load_queue;
mod prepare;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use webhooks_store::lanes::{Answer, Ask, Ending, Entry, LaneSettings, Lanes, Moment, Recorded};
use webhooks_store::{Database, Id};

use super::attempt::AttemptResult;
use super::load::{Delivery, Load, LoadResult, MessageInHand, ReadMark};
use crate::context::Context;
use crate::observe;
pub(super) use known::Rigour;
use known::Subscriptions;
use load_queue::LoadQueue;

/// How long a lane is left alone when this process cannot make its requests, or record what came of them.
const REST: Duration = Duration::from_mins(1);
/// How long a lane whose target is gone waits for that to be recorded: then nothing more is sent to it at all.
const GONE: Duration = Duration::from_secs(1);
/// What waits in hand for longer than this is looked at again: another process may have called it off.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// What a process has in hand.
pub(super) struct Desk<D: Database> {
    context: Arc<Context<D>>,
    lanes: Lanes,
    subscriptions: Subscriptions,
    held: HashMap<Id, InHand>,
    loads: LoadQueue,
    /// Step, while what they need is still being read.
    incomplete: HashMap<Id, Entry>,
    /// Of these, those that wait until their subscription has been read once more.
    outdated: HashMap<Id, Vec<Id>>,
    /// Of these, those for which it has been read.
    complete: VecDeque<Id>,
}

/// A delivery in hand.
struct InHand {
    /// Missing until it was read, and again once its request has begun.
    found: Option<MessageInHand>,
    number: Option<i64>,
    size: usize,
    since: Moment,
}

/// What is begun.
pub(super) enum Step {
    /// A request is to be made.
    Request(Arc<Delivery>),
    /// There is none to be made, and that is to be recorded.
    Judged(AttemptResult),
}

impl<D: Database> Desk<D> {
    pub(super) fn new(context: Arc<Context<D>>, settings: LaneSettings, rigour: Rigour) -> Self {
        Self {
            context,
            lanes: Lanes::new(settings),
            subscriptions: Subscriptions::new(rigour),
            held: HashMap::new(),
            loads: LoadQueue::default(),
            incomplete: HashMap::new(),
            outdated: HashMap::new(),
            complete: VecDeque::new(),
        }
    }

    /// The lanes, for what only passes through here.
    pub(super) fn lanes(&mut self) -> &mut Lanes {
        &mut self.lanes
    }

    /// The next statement.
    pub(super) fn ask(&mut self, now: Moment) -> Option<Ask> {
        self.lanes.ask(now)
    }

    /// The store has answered.
    pub(super) fn answered(&mut self, answer: Answer, now: Moment) {
        let taken = self.lanes.answer(answer, now);
        observe::taken(taken.len());
        for id in taken {
            self.loads.add(id);
            let held = InHand {
                found: None,
                number: None,
                size: 0,
                since: now,
            };
            if let Some(before) = self.held.insert(id, held) {
                self.loads.free(before.size);
            }
        }
        self.forget_what_was_put_down();
    }

    /// What is to be read next, if the last reading has ended.
    pub(super) fn load(&mut self, now: Moment) -> Option<Load> {
        let (lanes, incomplete) = (&self.lanes, &self.incomplete);
        let entry = |id: Id| lanes.entry(id).or_else(|| incomplete.get(&id));
        let is_idle = self.incomplete.len() as u64 >= u64::from(self.lanes.under_way());
        let asked = ReadMark {
            at: now,
            changes: self.context.delivering.change_log.count(),
        };
        let (context, subscriptions) = (&self.context, &self.subscriptions);
        let known = |id: Id| subscriptions.fresh(context, id, now);
        self.loads.next(entry, known, is_idle, asked)
    }

    /// It was read.
    pub(super) fn loaded(&mut self, load: &Load, loaded: LoadResult, now: Moment) {
        let context = &self.context;
        self.subscriptions
            .learn(context, &mut self.lanes, load, &loaded, now);
        for (id, found) in loaded.found {
            let is_large = matches!(found, MessageInHand::Large);
            if let Some(held) = self.held.get_mut(&id) {
                self.loads.free(held.size);
                held.size = found.size();
                self.loads.take(held.size);
                held.found = Some(found);
                held.number = loaded.numbers.get(&id).copied();
            }
            if self.incomplete.contains_key(&id) {
                if is_large {
                    self.loads.add_large(id);
                } else {
                    self.complete.push_back(id);
                }
            }
        }
        for subscription in &load.subscriptions {
            let waited = self.outdated.remove(subscription).unwrap_or_default();
            self.complete.extend(waited);
        }
        self.loads.ended();
    }

    /// It could not be read, and is read again.
    pub(super) fn not_loaded(&mut self, load: &Load) {
        for job in &load.jobs {
            self.loads.add(job.id);
        }
        let waited = load.subscriptions.iter().copied();
        let waited = waited.filter(|id| self.outdated.contains_key(id));
        self.loads.look_at(waited);
        self.loads.ended();
    }

    /// The next request, or the next outcome that needs none. [`None`]: nothing can be begun now.
    pub(super) fn begin(&mut self, now: Moment) -> Option<Step> {
        loop {
            let (entry, has_waited) = match self.complete.pop_front() {
                Some(id) => (self.incomplete.remove(&id), true),
                None => (Some(self.lanes.begin(now)?), false),
            };
            if let Some(begun) = entry.and_then(|entry| self.prepare(entry, has_waited, now)) {
                return Some(begun);
            }
        }
    }

    /// A request was answered, or has failed.
    pub(super) fn ended(&mut self, result: &AttemptResult, now: Moment) {
        let id = result.outcome.id();
        self.put_down(id);
        let Some(attempt) = &result.attempt else {
            self.lanes.ended(id, Ending::Judged, now);
            return;
        };
        let ending = if attempt.succeeded() {
            Ending::Succeeded
        } else {
            Ending::Failed
        };
        self.lanes.ended(id, ending, now);
        let lane = &attempt.delivery.entry.lane;
        if attempt.decision.gone {
            self.subscriptions.forget(attempt.delivery.subscription);
            self.lanes.rest(lane, now.plus(GONE), now);
        } else if let Some(pause) = attempt.decision.slow_down
            && self.subscriptions.rigour() == Rigour::Strict
        {
            self.lanes.slow_down(lane, now.plus(pause), now);
        }
    }

    /// No request was made.
    pub(super) fn not_made(&mut self, id: Id, now: Moment) {
        self.lanes.ended(id, Ending::NotMade, now);
        if self.lanes.entry(id).is_none() {
            self.put_down(id);
            return;
        }
        // It waits again, and what it needs was given away with the request.
        if let Some(held) = self.held.get_mut(&id) {
            held.found = None;
        }
        self.loads.add(id);
    }

    /// An outcome was recorded.
    pub(super) fn recorded(&mut self, id: Id, recorded: Recorded, now: Moment) {
        self.lanes.recorded(id, recorded, now);
        if self.lanes.entry(id).is_some() {
            // It keeps its place and is tried again.
            let held = InHand {
                found: None,
                number: None,
                size: 0,
                since: now,
            };
            self.held.insert(id, held);
            self.loads.add(id);
        }
    }

    /// An outcome cannot be recorded at all: the delivery is made again, later.
    pub(super) fn lost(&mut self, id: Id, now: Moment) {
        let lane = self.lanes.entry(id).map(|entry| entry.lane.clone());
        self.lanes.recorded(id, Recorded::Missed, now);
        if let Some(lane) = lane {
            self.lanes.rest(&lane, now.plus(REST), now);
        }
    }

    /// A subscription was changed through this process: what waits is read anew, and what was learned is forgotten.
    pub(super) fn changed(&mut self, subscription: Id, now: Moment) {
        if let Some(lane) = self.subscriptions.forget(subscription) {
            self.lanes.refresh(&lane, now);
        }
    }

    /// Too many were changed to know which.
    pub(super) fn all_changed(&mut self, now: Moment) {
        for lane in self.subscriptions.forget_all() {
            self.lanes.refresh(&lane, now);
        }
    }

    /// Time for a look at what other processes may have changed: what waits in hand, and the subscriptions of the lanes.
    pub(super) fn check(&mut self, now: Moment) {
        let is_old = |held: &InHand| held.found.is_some() && held.since.plus(LOOK_AFTER) <= now;
        let old = self.held.iter().filter(|(_, held)| is_old(held));
        let old: Vec<_> = old.map(|(id, _)| *id).collect();
        self.lanes.look_at(old);
        let ids = self.subscriptions.next_checked(&self.lanes);
        self.loads.look_at(ids);
    }

    fn put_down(&mut self, id: Id) {
        if let Some(held) = self.held.remove(&id) {
            self.loads.free(held.size);
        }
    }

    /// The lanes put down what they cannot begin soon, without a word.
    fn forget_what_was_put_down(&mut self) {
        /// So many are kept that need not be.
        const SLACK: usize = 256;
        if self.held.len() <= self.lanes.in_hand() + SLACK {
            return;
        }
        let (lanes, loads) = (&self.lanes, &mut self.loads);
        self.held.retain(|id, held| {
            let is_held = lanes.entry(*id).is_some();
            if !is_held {
                loads.free(held.size);
            }
            is_held
        });
    }
}
