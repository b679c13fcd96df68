//! What is in hand of one lane: a bounded piece of it, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::order::{Keys, Order};
use super::place::{Moment, Place, Version};

/// How far a job in hand has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Phase {
    /// It waits for its turn.
    Waiting,
    /// An ordered one waits for its next try.
    Blocked,
    /// Its request is under way.
    Running { since: Moment },
    /// Its outcome waits to be recorded.
    Recording,
}

/// A job in hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Held {
    pub(super) entry: Entry,
    pub(super) phase: Phase,
    /// A newer version of the row was seen meanwhile: it is read again once the outcome has been recorded.
    pub(super) is_outdated: bool,
}

/// The jobs of a lane that are in hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Window {
    held: BTreeMap<Place, Held>,
    /// Those of the waiting that may begin as far as order goes.
    ready: BTreeSet<Place>,
    keys: Keys,
    /// When those that are blocked are to be tried. What waits for a change by hand is not among them.
    blocked: BTreeSet<(Moment, Place)>,
    waiting: u32,
    running: u32,
}

impl Window {
    pub(super) fn new(order: Order) -> Self {
        Self {
            held: BTreeMap::new(),
            ready: BTreeSet::new(),
            keys: Keys::new(order),
            blocked: BTreeSet::new(),
            waiting: 0,
            running: 0,
        }
    }

    pub(super) fn get(&self, place: Place) -> Option<&Held> {
        self.held.get(&place)
    }

    pub(super) fn waiting(&self) -> u32 {
        self.waiting
    }

    pub(super) fn running(&self) -> u32 {
        self.running
    }

    /// Whether no job is in hand.
    pub(super) fn holds_nothing(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether nothing is in hand and nothing is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty() && self.keys.is_empty()
    }

    pub(super) fn order(&self) -> Order {
        self.keys.order()
    }

    /// Whether something must not overtake this job.
    pub(super) fn is_ordered(&self, place: Place) -> bool {
        let held = self.held.get(&place);
        held.is_some_and(|held| self.keys.has_key(&held.entry))
    }

    /// The next that may begin.
    pub(super) fn first_ready(&self) -> Option<Place> {
        self.ready.first().copied()
    }

    /// The last of those that wait, which is the first to be forgotten.
    pub(super) fn last_waiting(&self) -> Option<Place> {
        let waits = |held: &&Held| held.phase == Phase::Waiting;
        let last = self.held.values().rev().find(waits)?;
        Some(last.entry.place)
    }

    /// Every job in hand.
    pub(super) fn all(&self) -> impl Iterator<Item = &Held> {
        self.held.values()
    }

    /// Takes a row in hand that is not yet; false if its key has no place for it.
    pub(super) fn insert(&mut self, entry: Entry) -> bool {
        if !self.keys.admits(&entry) {
            return false;
        }
        self.keys.wait(&entry, &mut self.ready);
        self.waiting += 1;
        let place = entry.place;
        let (phase, is_outdated) = (Phase::Waiting, false);
        self.held.insert(
            place,
            Held {
                entry,
                phase,
                is_outdated,
            },
        );
        true
    }

    /// Takes a row in hand that waits for its next try; returns what is thereby forgotten.
    pub(super) fn insert_blocked(&mut self, entry: Entry, until: Option<Moment>) -> Vec<Entry> {
        let place = entry.place;
        let (phase, is_outdated) = (Phase::Blocked, false);
        let held = Held {
            entry,
            phase,
            is_outdated,
        };
        self.held.insert(place, held);
        self.blocked.extend(until.map(|until| (until, place)));
        self.block_key(place)
    }

    /// A job in hand has a new version, and waits for its next try; returns what is thereby forgotten.
    pub(super) fn hold(
        &mut self,
        place: Place,
        version: Version,
        until: Option<Moment>,
    ) -> Vec<Entry> {
        let Some(held) = self.take_out(place) else {
            return Vec::new();
        };
        let entry = Entry {
            version,
            attempts: held.entry.attempts.saturating_add(1),
            starts: 0,
            ..held.entry
        };
        self.insert_blocked(entry, until)
    }

    /// When the first of the blocked is to be tried.
    pub(super) fn next_unblocked(&self) -> Option<Moment> {
        self.blocked.first().map(|(until, _)| *until)
    }

    /// What was blocked until now waits for its turn.
    pub(super) fn unblock(&mut self, now: Moment) {
        while let Some((until, place)) = self
            .blocked
            .first()
            .copied()
            .filter(|(until, _)| *until <= now)
        {
            self.blocked.remove(&(until, place));
            self.set(place, Phase::Waiting);
        }
    }

    /// Moves a job on.
    pub(super) fn set(&mut self, place: Place, phase: Phase) {
        let Some(held) = self.held.get_mut(&place) else {
            return;
        };
        match held.phase {
            Phase::Waiting => self.waiting -= 1,
            Phase::Running { .. } => self.running -= 1,
            Phase::Blocked | Phase::Recording => {}
        }
        held.phase = phase;
        match phase {
            Phase::Waiting => {
                self.waiting += 1;
                self.keys.wait(&held.entry, &mut self.ready);
            }
            Phase::Running { .. } => {
                self.running += 1;
                self.keys.begin(&held.entry, &mut self.ready);
            }
            Phase::Blocked | Phase::Recording => {}
        }
    }

    /// A newer version of a row in hand was seen.
    pub(super) fn outdate(&mut self, place: Place) {
        if let Some(held) = self.held.get_mut(&place) {
            held.is_outdated = true;
        }
    }

    /// Puts a job down. Also: from where the lane is to be read again, if anything was skipped behind it.
    pub(super) fn remove(&mut self, place: Place) -> Option<(Held, Option<Place>)> {
        let held = self.take_out(place)?;
        let skipped = self.keys.remove(&held.entry, &mut self.ready);
        Some((held, skipped))
    }

    /// Takes a job out of the window, but not out of its key.
    fn take_out(&mut self, place: Place) -> Option<Held> {
        let held = self.held.remove(&place)?;
        match held.phase {
            Phase::Waiting => self.waiting -= 1,
            Phase::Running { .. } => self.running -= 1,
            Phase::Blocked => self.blocked.retain(|(_, at)| *at != place),
            Phase::Recording => {}
        }
        Some(held)
    }

    /// Changes what must not overtake. From where the lane is to be read again, and what is forgotten until then.
    pub(super) fn set_order(&mut self, order: Order) -> (Option<Place>, Vec<Entry>) {
        let skipped = self.keys.first_skipped();
        self.keys = Keys::new(order);
        self.ready.clear();
        let mut blocked = Vec::new();
        for held in self.held.values() {
            match held.phase {
                Phase::Waiting => self.keys.wait(&held.entry, &mut self.ready),
                Phase::Running { .. } | Phase::Recording => {
                    self.keys.begin(&held.entry, &mut self.ready);
                }
                Phase::Blocked => blocked.push(held.entry.place),
            }
        }
        let forgotten = blocked.into_iter().flat_map(|place| self.block_key(place));
        let forgotten: Vec<_> = forgotten.collect();
        (skipped, forgotten)
    }

    fn block_key(&mut self, place: Place) -> Vec<Entry> {
        let Some(held) = self.held.get(&place) else {
            return Vec::new();
        };
        let followers = self.keys.block(&held.entry, &mut self.ready);
        let forgotten = followers.iter().filter_map(|place| self.held.remove(place));
        let forgotten: Vec<_> = forgotten.map(|held| held.entry).collect();
        self.waiting -= u32::try_from(forgotten.len()).unwrap_or(u32::MAX);
        forgotten
    }
}
