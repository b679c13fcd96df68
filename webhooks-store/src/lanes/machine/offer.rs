//! Which rows of an answer are taken in hand.

use super::super::ask::Rows;
use super::super::entry::Entry;
use super::super::lane::{Hold, Lane};
use super::super::place::{Moment, Place, Version};
use super::super::window::Phase;
use super::Lanes;
use crate::job::Id;
use crate::lane::LaneName;

/// A clock that is this far from where it should be was turned.
const STEP_MS: u64 = 2_000;

impl Lanes {
    /// Rows that came, became due, or were looked at: each is brought this once.
    pub(super) fn offer_news(&mut self, rows: Rows, now: Moment) -> Vec<Id> {
        self.read_clock(rows.now_ms, now);
        let mut taken = Vec::new();
        for entry in rows.entries {
            self.offer(entry, rows.now_ms, now, &mut taken);
        }
        taken
    }

    /// Rows that the feed brought.
    pub(super) fn offer_fed(&mut self, rows: Rows, now: Moment) -> Vec<Id> {
        self.try_restarted(&rows, now);
        self.offer_news(rows, now)
    }

    /// What the feed brings in a later version was retried or replayed by hand: retries of this process are not in it. It
    /// is tried although the lane's target has failed, or has asked for a pause.
    fn try_restarted(&mut self, rows: &Rows, now: Moment) {
        let is_later = |entry: &&Entry| entry.version > Version::default();
        for entry in rows.entries.iter().filter(is_later) {
            if entry.place.due_ms <= rows.now_ms
                && let Some(lane) = self.by_name.get_mut(&entry.lane)
            {
                lane.circuit.try_now(now);
            }
        }
    }

    fn offer(&mut self, entry: Entry, now_ms: i64, now: Moment, taken: &mut Vec<Id>) {
        let name = entry.lane.clone();
        if !self.slots.holds(name.slot) || self.is_guarded(&entry) {
            return;
        }
        if entry.place.due_ms > now_ms && !self.schedule.has_passed(entry.place) {
            self.replace(&entry);
            self.touch(&name, now);
            let at = self.moment(entry.place.due_ms);
            self.schedule.approach(at);
            return;
        }
        let was_paused = self.paused.remove(&name);
        let is_known = self.by_name.contains_key(&name);
        let was_foreign = self.was_foreign(&name);
        let lane = self
            .by_name
            .entry(name.clone())
            .or_insert_with(|| Lane::new(entry.owner, was_foreign));
        // Older rows may wait there that were not read yet.
        if was_paused || !is_known && !self.slots.has_swept(&name) {
            lane.lower(Place::FIRST);
        }
        self.replace(&entry);
        let lane = self.by_name.get(&name);
        // The refill will find it.
        let is_ahead = lane.is_some_and(|lane| lane.more && entry.place >= lane.from);
        if !is_ahead {
            self.take(entry, now, taken);
        }
        self.touch(&name, now);
    }

    /// Takes a row in hand, unless it is, or is older than what this process has recorded.
    pub(super) fn take(&mut self, entry: Entry, now: Moment, taken: &mut Vec<Id>) {
        if self.is_guarded(&entry) || self.is_in_hand(&entry) {
            return;
        }
        let (id, name) = (entry.id(), entry.lane.clone());
        let hold = entry.held_ms.and_then(|ms| self.hold(ms, now));
        let place = entry.place;
        let Some(lane) = self.by_name.get_mut(&name) else {
            return;
        };
        let is_full = self.hand.room(entry.owner, lane.window.holds_nothing()) == 0;
        let most = if is_full {
            lane.window.waiting()
        } else {
            lane.most_waiting(now).max(1)
        };
        self.hand.insert(id, name, place, entry.owner);
        let forgotten = lane.take(entry, hold, most);
        if forgotten.iter().all(|entry| entry.id() != id) && hold.is_none() {
            taken.push(id);
        }
        taken.retain(|id| forgotten.iter().all(|entry| entry.id() != *id));
        self.put_down(&forgotten);
    }

    /// What waits in hand in an older version is put down; what is under way is looked at again when it has ended.
    fn replace(&mut self, entry: &Entry) {
        let id = entry.id();
        let Some((name, place)) = self.in_hand_at(id) else {
            return;
        };
        let Some(lane) = self.by_name.get_mut(&name) else {
            return;
        };
        let Some(held) = lane.window.get(place) else {
            return;
        };
        if held.entry.version >= entry.version {
            return;
        }
        match held.phase {
            Phase::Waiting | Phase::Blocked => {
                lane.remove(place);
                self.hand.remove(id);
            }
            Phase::Running { .. } | Phase::Recording => lane.window.outdate(place),
        }
    }

    /// Whether a row is in hand already, in this version or a newer one.
    fn is_in_hand(&mut self, entry: &Entry) -> bool {
        if !self.hand.contains(entry.id()) {
            return false;
        }
        self.replace(entry);
        self.hand.contains(entry.id())
    }

    pub(super) fn drop_waiting(&mut self, id: Id, name: &LaneName, place: Place, now: Moment) {
        self.hand.remove(id);
        if let Some(lane) = self.by_name.get_mut(name) {
            lane.remove(place);
        }
        self.touch(name, now);
    }

    /// The database's clock was read. Where it has stepped since the last time, moments that were counted by it are wrong,
    /// and what is scheduled is looked at now.
    pub(super) fn read_clock(&mut self, now_ms: i64, now: Moment) {
        let (before_ms, before) = self.clock;
        let passed = i64::try_from(before.until(self.asked_at).as_millis()).unwrap_or(i64::MAX);
        let step = now_ms.abs_diff(before_ms.saturating_add(passed));
        if before_ms > 0 && step > STEP_MS {
            self.schedule.approach(now);
        }
        self.clock = (now_ms, self.asked_at);
    }

    /// The moment of a time of the database.
    pub(super) fn moment(&self, ms: i64) -> Moment {
        let (now_ms, now) = self.clock;
        let wait = u64::try_from(ms.saturating_sub(now_ms)).unwrap_or(0);
        now.plus(std::time::Duration::from_millis(wait))
    }

    /// Until when a row is held.
    pub(super) fn hold(&self, held_ms: i64, now: Moment) -> Option<Hold> {
        if held_ms == i64::MAX {
            return Some(Hold(None));
        }
        let until = self.moment(held_ms);
        (until > now).then_some(Hold(Some(until)))
    }

    pub(super) fn was_foreign(&self, name: &LaneName) -> bool {
        self.slots.epoch(name.slot).is_some_and(|epoch| epoch > 1)
    }

    fn is_guarded(&self, entry: &Entry) -> bool {
        self.guard.refuses(entry) && self.guards_reads()
    }
}
