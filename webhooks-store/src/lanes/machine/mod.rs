//! The lanes of one process as a value: what it owns, what it has in hand, what it does next.

mod change;
mod mark;
mod offer;
mod ownership;
mod read;
mod request;

pub use request::{Ending, Recorded};

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Refill;
use super::doubt::Doubt;
use super::entry::Entry;
use super::fairness::{Fairness, Places};
use super::feed::{Feed, Polling, Schedule};
use super::guard::Guard;
use super::hand::Hand;
use super::lane::Lane;
use super::place::{Moment, Place};
use super::slots::{Ownership, Slots};
#[cfg(test)]
use super::switch::Switches;
use super::wanting::Wanting;
use crate::job::Id;
use crate::lane::{LaneName, Slot};
use crate::slot_set::SlotSet;

/// How the lanes of a process are worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneSettings {
    /// How slots are owned.
    pub ownership: Ownership,
    /// How often the store is looked at.
    pub polling: Polling,
    /// How many requests may be under way.
    pub places: Places,
    /// Rows of one lane in hand, at most.
    pub widest: u32,
    /// Rows of all lanes in hand, at most. An eighth of them is for lanes that have none, and an owner has half of them.
    pub in_hand: usize,
    /// Outcomes that wait to be recorded, beyond which nothing is begun.
    pub unrecorded: usize,
    /// Rows that a read brings at most.
    pub page: u32,
}

/// The lanes that this process owns. A pure value: time, answers and outcomes go in; what is to be asked, begun and
/// aborted comes out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lanes {
    settings: LaneSettings,
    slots: Slots,
    by_name: BTreeMap<LaneName, Lane>,
    /// Lanes that may not be sent to. Nothing else is known of them.
    paused: BTreeSet<LaneName>,
    /// Where each job in hand is.
    hand: Hand,
    fairness: Fairness,
    doubt: Doubt,
    /// Lanes that may have room for more.
    wanting: Wanting,
    feed: Feed,
    schedule: Schedule,
    /// Rows to be read as they stand.
    looks: BTreeSet<Id>,
    guard: Guard,
    reading: Option<Reading>,
    /// Lanes that are to be asked at a moment.
    timers: BTreeSet<(Moment, LaneName)>,
    /// Requests of slots that were lost.
    aborted: Vec<Id>,
    unrecorded: usize,
    is_recording: bool,
    /// The database's clock, and the last moment at which it cannot have been read yet: what is due is asked for rather
    /// a little early.
    clock: (i64, Moment),
    asked_at: Moment,
    turn: u8,
    #[cfg(test)]
    pub(in crate::lanes) switches: Switches,
}

/// The read that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Reading {
    Beat { sent_at: Moment },
    Take,
    Give(Vec<Slot>),
    Leave,
    Mark(Vec<Id>, Vec<Id>),
    Feed,
    Due,
    Sweep(Vec<(Slot, i64)>),
    Refill(Vec<(Refill, i64)>),
    Look(Vec<Id>),
}

impl Lanes {
    /// Nothing is owned yet and nothing is known.
    pub fn new(settings: LaneSettings) -> Self {
        let mut schedule = Schedule::default();
        if settings.ownership == Ownership::Sole {
            // What was scheduled before is in no feed; others look when they are given a slot.
            schedule.approach(Moment::default());
        }
        Self {
            slots: Slots::new(settings.ownership),
            by_name: BTreeMap::new(),
            paused: BTreeSet::new(),
            hand: Hand::new(settings.in_hand),
            fairness: Fairness::new(settings.places),
            doubt: Doubt::default(),
            wanting: Wanting::default(),
            feed: Feed::new(settings.polling),
            schedule,
            looks: BTreeSet::new(),
            guard: Guard::default(),
            reading: None,
            timers: BTreeSet::new(),
            aborted: Vec::new(),
            unrecorded: 0,
            is_recording: true,
            clock: (0, Moment::default()),
            asked_at: Moment::default(),
            turn: 2,
            #[cfg(test)]
            switches: Switches::default(),
            settings,
        }
    }

    /// Time has passed. To be called before anything else is asked, and at [`wakes_at`](Self::wakes_at).
    pub fn tick(&mut self, now: Moment) {
        self.slots.settle();
        if self
            .slots
            .deadline()
            .is_some_and(|deadline| deadline <= now)
        {
            let lost = self.slots.expire();
            for slot in lost {
                self.lose(slot, now);
            }
        }
        while let Some((at, name)) = self.timers.first().cloned().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, name.clone()));
            if let Some(lane) = self.by_name.get_mut(&name) {
                lane.window.unblock(now);
            }
            self.touch(&name, now);
        }
    }

    /// Requests that must end now: their lanes belong to another process. Each is to be reported as
    /// [`ended`](Self::ended) all the same.
    pub fn aborted(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.aborted)
    }

    /// When [`tick`](Self::tick) and [`ask`](Self::ask) are to be called again although nothing happened.
    pub fn wakes_at(&self) -> Option<Moment> {
        let timer = self.timers.first().map(|(at, _)| *at);
        let reads = self.reading.is_none().then(|| self.next_read()).flatten();
        let deadline = self.slots.deadline();
        timer.into_iter().chain(reads).chain(deadline).min()
    }

    /// Whether the slots may still be believed to be this process's. To be asked right before a request is made.
    pub fn may_send(&self, id: Id, now: Moment) -> bool {
        let lane = self.hand.get(id).map(|(name, _)| name);
        lane.is_some_and(|name| self.slots.may_send(name.slot, now) || self.is_drained(name, now))
    }

    /// How many jobs are in hand.
    pub fn in_hand(&self) -> usize {
        self.hand.len()
    }

    /// How many requests are under way.
    pub fn under_way(&self) -> u32 {
        self.fairness.running()
    }

    /// A job in hand.
    pub fn entry(&self, id: Id) -> Option<&Entry> {
        let (name, place) = self.hand.get(id)?;
        let held = self.by_name.get(name)?.window.get(place)?;
        Some(&held.entry)
    }

    /// Whether anything is known of a lane besides that it exists.
    pub fn knows(&self, name: &LaneName) -> bool {
        self.by_name.contains_key(name)
    }

    /// The lanes of which anything is known, behind this one.
    pub fn lanes_after<'l>(
        &'l self,
        name: Option<&'l LaneName>,
    ) -> impl Iterator<Item = &'l LaneName> + 'l {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = name.map_or(Unbounded, Excluded);
        self.by_name.range((from, Unbounded)).map(|(name, _)| name)
    }

    /// Until when the slots may be believed to be this process's. [`None`]: for ever. See also
    /// [`may_send`](Self::may_send).
    pub fn believes_until(&self) -> Option<Moment> {
        match self.settings.ownership {
            Ownership::Sole => None,
            Ownership::Shared { .. } => Some(self.slots.deadline().unwrap_or_default()),
        }
    }

    /// The slots that this process owns and is not giving back.
    pub fn slots(&self) -> SlotSet {
        self.slots.held().collect()
    }

    /// Whether a job is in hand, and its request is under way.
    pub fn is_under_way(&self, id: Id) -> bool {
        let place = self.hand.get(id);
        place.is_some_and(|(name, place)| self.is_busy(name, place))
    }

    /// Whether everything was given back after [`shut_down`](Self::shut_down).
    pub fn has_ended(&self) -> bool {
        self.slots.is_leaving() && self.hand.len() == 0 && self.slots.has_left()
    }

    /// A slot that is being given back may still make the requests that it has begun.
    fn is_drained(&self, name: &LaneName, now: Moment) -> bool {
        self.slots.is_live(now) && self.slots.epoch(name.slot).is_some()
    }

    fn in_hand_at(&self, id: Id) -> Option<(LaneName, Place)> {
        self.hand.get(id).map(|(name, place)| (name.clone(), place))
    }

    fn is_busy(&self, name: &LaneName, place: Place) -> bool {
        use super::window::Phase::{Recording, Running};
        let held = self
            .by_name
            .get(name)
            .and_then(|lane| lane.window.get(place));
        held.is_some_and(|held| matches!(held.phase, Running { .. } | Recording))
    }

    /// A slot is not this process's any longer: what waits is forgotten, what is under way ends.
    fn lose(&mut self, slot: Slot, now: Moment) {
        self.forget(slot, true, now);
    }

    /// Forgets what waits in a slot.
    fn forget(&mut self, slot: Slot, abort: bool, now: Moment) {
        use super::window::Phase::{Blocked, Running, Waiting};
        self.end_unmarked(slot, now);
        for name in self.lanes_of(slot) {
            let Some(lane) = self.by_name.get_mut(&name) else {
                continue;
            };
            let mut idle = Vec::new();
            for held in lane.window.all() {
                match held.phase {
                    Waiting | Blocked => idle.push(held.entry.place),
                    Running { .. } if abort => self.aborted.push(held.entry.id()),
                    _ => {}
                }
            }
            for place in idle {
                let held = lane.remove(place);
                if let Some(held) = &held {
                    self.hand.remove(held.entry.id());
                }
            }
            lane.from = Place::FIRST;
            lane.more = true;
            lane.set_foreign();
            if lane.window.is_empty() {
                self.by_name.remove(&name);
            }
        }
        self.paused.retain(|name| name.slot != slot);
    }

    fn lanes_of(&self, slot: Slot) -> Vec<LaneName> {
        let first = LaneName::new(slot, []);
        let lanes = self.by_name.range(first..).map(|(name, _)| name);
        lanes
            .take_while(|name| name.slot == slot)
            .cloned()
            .collect()
    }

    /// Something about a lane has changed: it lines up where it has something to do, and is forgotten where not.
    fn touch(&mut self, name: &LaneName, now: Moment) {
        use super::lane::Turn;
        let Some(lane) = self.by_name.get_mut(name) else {
            return;
        };
        let may_work = self.slots.holds(name.slot) && !self.paused.contains(name);
        if lane.window.is_empty() && (!may_work || lane.is_idle(now)) {
            self.by_name.remove(name);
            return;
        }
        if !may_work {
            return;
        }
        if let Turn::Ready(_) = lane.turn(now) {
            self.fairness.line_up(lane.owner, name);
        }
        if lane.wanted(now) > 0 {
            self.wanting.add(name, lane.window.holds_nothing());
        }
        if let Some(at) = lane.asks_again(now) {
            self.timers.insert((at, name.clone()));
        } else if lane.window.is_empty() && !lane.more {
            // It is only kept for what it remembers.
            self.timers
                .extend(lane.rested_at(now).map(|at| (at, name.clone())));
        }
    }

    fn put_down(&mut self, forgotten: &[Entry]) {
        super::lane::ids(forgotten).for_each(|id| self.hand.remove(id));
    }
}
