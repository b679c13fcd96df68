//! A lane: what is in hand of it, how far it has been read, and whether more may be sent.
//!
//! Everything before [`Lane::from`] that waits is in hand. What stands there or behind it is read from the store when
//! there is room. So much of a lane is held as it can send before the next read: a fast one up to a thousand jobs, a slow
//! one what it can start and no more, and one that may not send, nothing.

use std::time::Duration;

use super::breaker::{Breaker, Circuit, Permit};
use super::entry::Entry;
use super::order::Order;
use super::pace::{Pace, Rate};
use super::place::{Moment, Place};
use super::window::{Held, Phase, Window};
use crate::job::Id;

/// How a lane may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneRules {
    /// Requests under way in the lane, at most.
    pub concurrency: u16,
    /// Requests in a time, at most.
    pub rate: Option<Rate>,
    /// When it is left alone.
    pub breaker: Breaker,
    /// What must not overtake.
    pub order: Order,
}

/// An attempt that took longer makes its lane a slow one.
const SLOW: Duration = Duration::from_secs(1);
/// A lane that may send little concurrently is not filled for longer than a wide one: so many for each of its places.
const ROUNDS: u32 = 32;

/// An ordered job waits for its next try: until a moment, or until it is changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hold(pub(super) Option<Moment>);

/// The state of a lane in the process that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    pub(super) owner: i64,
    pub(super) window: Window,
    /// Where the next read begins.
    pub(super) from: Place,
    /// Whether anything may wait there or behind.
    pub(super) more: bool,
    rules: Option<LaneRules>,
    quota: u32,
    pace: Pace,
    pub(super) circuit: Circuit,
    pub(super) rests_until: Option<Moment>,
    /// The lane may have been sent to by another process until just now.
    was_foreign: bool,
}

/// Whether a lane may begin a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Ready(Place),
    /// Not before then.
    Later(Moment),
    /// Not until something else happens.
    Not,
}

impl Lane {
    pub(super) fn new(owner: i64, was_foreign: bool) -> Self {
        Self {
            owner,
            // Until its rules are known it sends one job at a time, in order.
            window: Window::new(Order::Lane),
            from: Place::FIRST,
            more: false,
            rules: None,
            quota: 2,
            pace: Pace::default(),
            circuit: Circuit::default(),
            rests_until: None,
            was_foreign,
        }
    }

    /// Takes note of the lane's rules; returns what is forgotten because order changed.
    pub(super) fn configure(&mut self, rules: LaneRules, now: Moment) -> Vec<Entry> {
        if self.rules.is_none() {
            self.quota = self.quota.max(u32::from(rules.concurrency) * 2);
        }
        if let (true, Some(rate)) = (std::mem::take(&mut self.was_foreign), &rules.rate) {
            self.pace = Pace::used_up(rate, now);
        }
        self.rules = Some(rules);
        if self.window.order() == rules.order {
            return Vec::new();
        }
        let (skipped, forgotten) = self.window.set_order(rules.order);
        if let Some(place) = skipped {
            self.lower(place);
        }
        forgotten
    }

    /// Takes a row in hand that is not yet. Returns what is forgotten instead, which may be the row itself; all of it is
    /// read again later.
    pub(super) fn take(&mut self, entry: Entry, held: Option<Hold>, most: u32) -> Vec<Entry> {
        let place = entry.place;
        if self.window.running() == 0 {
            self.owner = entry.owner;
        }
        if place >= self.from {
            self.from = place.next();
        }
        if let Some(Hold(until)) = held {
            return self.window.insert_blocked(entry, until);
        }
        if !self.window.insert(entry.clone()) {
            // Its key remembers the place.
            return vec![entry];
        }
        self.shrink(most)
    }

    /// Forgets the last of what waits until so many are left.
    pub(super) fn shrink(&mut self, most: u32) -> Vec<Entry> {
        let mut forgotten = Vec::new();
        while self.window.waiting() > most {
            let Some(place) = self.window.last_waiting() else {
                break;
            };
            self.lower(place);
            forgotten.extend(self.remove(place).map(|held| held.entry));
        }
        forgotten
    }

    /// Puts a job down.
    pub(super) fn remove(&mut self, place: Place) -> Option<Held> {
        let (held, skipped) = self.window.remove(place)?;
        if let Some(skipped) = skipped {
            self.lower(skipped);
        }
        Some(held)
    }

    /// The lane is to be read again from a place.
    pub(super) fn lower(&mut self, place: Place) {
        self.from = self.from.min(place);
        self.more = true;
    }

    /// How many jobs may wait in hand.
    pub(super) fn most_waiting(&self, now: Moment) -> u32 {
        let held = self.window.running();
        if self.rests_until.is_some_and(|until| now < until) {
            return 0;
        }
        match self.circuit.permit(now) {
            Permit::WaitUntil(_) | Permit::WaitForTrial => return 0,
            Permit::Trial => return 1,
            Permit::Send => {}
        }
        match self.rules.and_then(|rules| rules.rate) {
            // What a rate does not admit now stays in the store; a little is kept for the next moments.
            Some(rate) => {
                let admitted = self.pace.room(&rate, now).unwrap_or(0).max(2);
                admitted.min(self.concurrency().max(2))
            }
            None => self.quota.saturating_sub(held),
        }
    }

    /// How many are to be read; zero while a read is not worth it.
    pub(super) fn wanted(&self, now: Moment) -> u32 {
        let (most, waiting) = (self.most_waiting(now), self.window.waiting());
        if !self.more || waiting > most / 2 {
            return 0;
        }
        most - waiting
    }

    /// Everything was sent since the last read: more is read next time.
    pub(super) fn widen(&mut self, widest: u32) {
        if self.window.waiting() == 0 {
            self.quota = self.quota.saturating_mul(2);
        }
        let most = self.concurrency().saturating_mul(ROUNDS).min(widest);
        self.quota = self.quota.min(most).max(1);
    }

    /// What the lane may do next.
    pub(super) fn turn(&self, now: Moment) -> Turn {
        let Some(place) = self.window.first_ready() else {
            return Turn::Not;
        };
        if self.window.running() >= self.concurrency() {
            return Turn::Not;
        }
        if let Some(until) = self.rests_until.filter(|until| now < *until) {
            return Turn::Later(until);
        }
        match self.circuit.permit(now) {
            Permit::Send => {}
            Permit::Trial if self.window.running() == 0 => {}
            Permit::WaitUntil(until) => return Turn::Later(until),
            Permit::Trial | Permit::WaitForTrial => return Turn::Not,
        }
        if let Some(rate) = self.rules.and_then(|rules| rules.rate)
            && let Err(until) = self.pace.room(&rate, now)
        {
            return Turn::Later(until);
        }
        Turn::Ready(place)
    }

    /// A request begins.
    pub(super) fn begin(&mut self, place: Place, now: Moment) {
        self.circuit.begin();
        if let Some(rate) = self.rules.and_then(|rules| rules.rate) {
            self.pace.admit(&rate, now);
        }
        self.window.set(place, Phase::Running { since: now });
    }

    /// A request has been answered, or has failed.
    pub(super) fn judge(&mut self, succeeded: bool, took: Duration, now: Moment) {
        if let Some(rules) = &self.rules {
            self.circuit.record(succeeded, &rules.breaker, now);
        }
        if took > SLOW {
            self.quota = self.concurrency();
        }
    }

    /// When the lane is to be asked again although nothing happened.
    pub(super) fn asks_again(&self, now: Moment) -> Option<Moment> {
        let later = match self.turn(now) {
            Turn::Later(until) => Some(until),
            Turn::Ready(_) | Turn::Not => None,
        };
        let circuit = match self.circuit.permit(now) {
            Permit::WaitUntil(until) if self.more => Some(until),
            _ => None,
        };
        let rest = self.rests_until.filter(|until| now < *until);
        let unblocked = self.window.next_unblocked();
        later
            .into_iter()
            .chain(circuit)
            .chain(rest)
            .chain(unblocked)
            .min()
    }

    /// Nothing that was learned about the lane's target is true any longer.
    pub(super) fn refresh(&mut self) {
        self.circuit = Circuit::default();
        self.rests_until = None;
    }

    /// The lane may be sent to by another process from now on.
    pub(super) fn set_foreign(&mut self) {
        self.was_foreign = true;
    }

    /// When its pace can be forgotten.
    pub(super) fn rested_at(&self, now: Moment) -> Option<Moment> {
        self.pace.rested_at().filter(|at| now < *at)
    }

    /// Whether it can be forgotten without losing anything.
    pub(super) fn is_idle(&self, now: Moment) -> bool {
        self.window.is_empty()
            && !self.more
            && self.pace.is_rested(now)
            && self.circuit.is_rested()
            && self.rests_until.is_none_or(|until| until <= now)
    }

    fn concurrency(&self) -> u32 {
        self.rules
            .map_or(1, |rules| rules.concurrency.max(1).into())
    }
}

/// The ids of entries.
pub(super) fn ids(entries: &[Entry]) -> impl Iterator<Item = Id> + '_ {
    entries.iter().map(Entry::id)
}
