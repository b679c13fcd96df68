//! What is asked of the store, one thing after the other, and what becomes of the answers.
//!
//! One after the other, because what is concluded from one answer must be known before the next question: a row that the
//! feed brings is dropped when the lane's refill will find it, and a refill that began before the feed would not.

use std::collections::BTreeSet;

use super::super::ask::{Answer, Ask, Refill, Rows};
use super::super::feed::DueCursor;
use super::super::lane::Lane;
use super::super::place::{Moment, Place};
use super::{Lanes, Reading};
use crate::job::Id;
use crate::lane::{LaneName, Slot};

/// Kinds of reads that take turns.
const KINDS: u8 = 4;

impl Lanes {
    /// The next statement to run. [`None`]: one is under way, or there is nothing to ask now.
    pub fn ask(&mut self, now: Moment) -> Option<Ask> {
        if self.reading.is_some() {
            return None;
        }
        let (ask, reading) = self.next_ask(now)?;
        self.reading = Some(reading);
        self.asked_at = now;
        self.guard.clear();
        self.schedule.begin();
        Some(ask)
    }

    /// The store has answered. Returns the ids of the jobs that are new in hand.
    pub fn answer(&mut self, answer: Answer, now: Moment) -> Vec<Id> {
        let Some(reading) = self.reading.take() else {
            return Vec::new();
        };
        let taken = self.conclude(reading, answer, now);
        self.guard.clear();
        taken
    }

    /// The store could not answer; nothing was learned. It is asked again.
    pub fn unanswered(&mut self, now: Moment) {
        match self.reading.take() {
            Some(Reading::Look(ids)) => self.looks.extend(ids),
            Some(Reading::Beat { .. }) => self.slots.beat_failed(now),
            Some(Reading::Mark(begun, not_made)) => self.doubt.not_written(begun, not_made),
            Some(Reading::Refill(asked)) => {
                for (refill, _) in asked {
                    self.touch(&refill.lane, now);
                }
            }
            Some(Reading::Due) => {
                let cursor = self.schedule.cursor;
                self.schedule.read(cursor, Some(now), now);
            }
            Some(Reading::Feed) => self.feed.failed(now),
            _ => {}
        }
        self.guard.clear();
    }

    /// Whether rows are asked for although an answer is outstanding.
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    pub(super) fn next_read(&self) -> Option<Moment> {
        let now = Moment::default();
        if self.slots.is_leaving() && self.slots.is_empty() {
            return Some(now).filter(|_| self.slots.has_joined());
        }
        let has_slots = self.slots.held().next().is_some();
        let refills = self.wanting.has_any(&self.hand);
        let reads = has_slots && (!self.looks.is_empty() || refills || !self.slots.all_swept());
        let gives = self
            .slots
            .draining()
            .into_iter()
            .any(|slot| !self.is_slot_busy(slot));
        let takes = self.slots.wanted() > 0;
        if reads || takes || self.is_marking() || gives && self.slots.has_joined() {
            return Some(now);
        }
        let feed = (has_slots || !self.feed.is_open()).then(|| self.feed.next());
        let due = self.schedule.next().filter(|_| has_slots);
        self.slots
            .next_beat()
            .into_iter()
            .chain(feed)
            .chain(due)
            .min()
    }

    fn next_ask(&mut self, now: Moment) -> Option<(Ask, Reading)> {
        if self.slots.next_beat().is_none_or(|beat| beat > now)
            && let Some(marks) = self.ask_marks()
        {
            return Some(marks);
        }
        if let Some(membership) = self.ask_membership(now) {
            return Some(membership);
        }
        if !self.feed.is_open() && self.opens_feed() {
            return self.ask_feed(now);
        }
        if self.slots.wanted() > 0 && self.slots.is_live(now) {
            let most = self.slots.wanted();
            let back = self.slots.takes_back();
            return Some((Ask::Take { most, back }, Reading::Take));
        }
        self.slots.held().next()?;
        if !self.looks.is_empty() {
            let ids: Vec<_> = self
                .looks
                .iter()
                .copied()
                .take(self.settings.page as usize)
                .collect();
            for id in &ids {
                self.looks.remove(id);
            }
            return Some((Ask::Look(ids.clone()), Reading::Look(ids)));
        }
        for _ in 0..KINDS {
            let kind = self.turn;
            self.turn = (self.turn + 1) % KINDS;
            let ask = match kind {
                0 => self.ask_feed(now),
                1 => self.ask_due(now),
                2 => self.ask_refill(now),
                _ => self.ask_sweep(),
            };
            if ask.is_some() {
                return ask;
            }
        }
        None
    }

    fn ask_feed(&mut self, now: Moment) -> Option<(Ask, Reading)> {
        if self.feed.next() > now {
            return None;
        }
        let (cursor, slots) = (self.feed.cursor.clone(), self.slots.held().collect());
        Some((Ask::Feed { cursor, slots }, Reading::Feed))
    }

    fn ask_due(&mut self, now: Moment) -> Option<(Ask, Reading)> {
        self.schedule.next().filter(|next| *next <= now)?;
        let cursor = self.schedule.cursor;
        Some((Ask::Due { cursor }, Reading::Due))
    }

    fn ask_sweep(&mut self) -> Option<(Ask, Reading)> {
        let (asked, after) = self.slots.unswept()?;
        let slots = asked.iter().map(|(slot, _)| *slot).collect();
        Some((Ask::Sweep { slots, after }, Reading::Sweep(asked)))
    }

    fn ask_refill(&mut self, now: Moment) -> Option<(Ask, Reading)> {
        let mut left = self.settings.page.min(self.hand.any_room());
        let mut asked = Vec::new();
        let mut without_room = Vec::new();
        for _ in 0..self.wanting.len().max(1) {
            if left == 0 || asked.len() >= self.settings.page as usize {
                break;
            }
            let Some(lane) = self.wanting.next(&self.hand) else {
                break;
            };
            let (Some(state), Some(epoch)) = (self.by_name.get(&lane), self.slots.epoch(lane.slot))
            else {
                continue;
            };
            let wanted = state.wanted(now).min(left);
            if wanted == 0 || !self.slots.holds(lane.slot) {
                continue;
            }
            let is_first = state.window.holds_nothing();
            let room = wanted.min(self.hand.room(state.owner, is_first));
            if room > 0 {
                left -= room;
                let from = state.from;
                asked.push((Refill { lane, from, room }, epoch));
            } else if self.hand.room(i64::MIN, is_first) > 0 {
                self.wanting.set_apart(state.owner, lane);
            } else {
                without_room.push((lane, is_first));
            }
        }
        for (lane, is_first) in without_room {
            self.wanting.add(&lane, is_first);
        }
        let refills = asked.iter().map(|(refill, _)| refill.clone()).collect();
        (!asked.is_empty()).then_some((Ask::Refill(refills), Reading::Refill(asked)))
    }

    fn conclude(&mut self, reading: Reading, answer: Answer, now: Moment) -> Vec<Id> {
        match (reading, answer) {
            (Reading::Beat { sent_at }, Answer::Membership(membership)) => {
                self.renewed(membership, sent_at, now);
            }
            (Reading::Take, Answer::Taken(slots)) => {
                self.slots.taken(&slots);
                self.acquired(slots.len(), now);
            }
            (Reading::Mark(begun, _), Answer::Done) => self.doubt.written(begun),
            (Reading::Give(slots), Answer::Done) => {
                self.slots.given(&slots);
                for slot in slots {
                    self.lose(slot, now);
                }
            }
            (Reading::Leave, Answer::Done) => self.slots.left(),
            (
                Reading::Feed,
                Answer::Feed {
                    rows,
                    cursor,
                    more,
                    next_ms,
                },
            ) => {
                let any = !rows.entries.is_empty();
                self.feed.read(cursor, more, any, now);
                self.read_clock(rows.now_ms, now);
                if let Some(at) = next_ms.map(|ms| self.moment(ms)) {
                    self.schedule.approach(at);
                }
                return self.offer_fed(rows, now);
            }
            (
                Reading::Due,
                Answer::Due {
                    rows,
                    cursor,
                    more,
                    next_ms,
                },
            ) => {
                return self.became_due(rows, (cursor, more, next_ms), now);
            }
            (Reading::Sweep(asked), Answer::Sweep { lanes, up_to }) => {
                self.swept(&asked, lanes, up_to.as_ref(), now);
            }
            (Reading::Refill(asked), Answer::Rows(rows)) => return self.refilled(asked, rows, now),
            (Reading::Look(ids), Answer::Rows(rows)) => return self.looked(&ids, rows, now),
            (reading, _) => debug_assert!(false, "an answer to another question than {reading:?}"),
        }
        Vec::new()
    }

    /// Scheduled rows were read up to a cursor; whether the page was full; when the next one is due.
    fn became_due(
        &mut self,
        rows: Rows,
        (cursor, more, next_ms): (DueCursor, bool, Option<i64>),
        now: Moment,
    ) -> Vec<Id> {
        self.read_clock(rows.now_ms, now);
        let next = if more {
            Some(now)
        } else {
            next_ms.map(|ms| self.moment(ms))
        };
        self.schedule.read(cursor, next, now);
        if !more {
            self.schedule.pause(self.settings.polling.between, now);
        }
        self.offer_news(rows, now)
    }

    fn swept(
        &mut self,
        asked: &[(Slot, i64)],
        lanes: Vec<(LaneName, i64)>,
        up_to: Option<&LaneName>,
        now: Moment,
    ) {
        let is_current = |(slot, epoch): &&(Slot, i64)| self.slots.epoch(*slot) == Some(*epoch);
        let current = asked.iter().filter(is_current).map(|(slot, _)| *slot);
        let current: Vec<Slot> = current.collect();
        self.slots.swept(&current, up_to);
        for (name, owner) in lanes {
            if self.paused.contains(&name) || current.binary_search(&name.slot).is_err() {
                continue;
            }
            let was_foreign = self.was_foreign(&name);
            let lane = self
                .by_name
                .entry(name.clone())
                .or_insert_with(|| Lane::new(owner, was_foreign));
            lane.lower(Place::FIRST);
            self.touch(&name, now);
        }
    }

    fn refilled(&mut self, asked: Vec<(Refill, i64)>, rows: Rows, now: Moment) -> Vec<Id> {
        self.read_clock(rows.now_ms, now);
        let mut by_lane = std::collections::BTreeMap::<_, Vec<_>>::new();
        for entry in rows.entries {
            by_lane.entry(entry.lane.clone()).or_default().push(entry);
        }
        let takes_any = self.takes_any_refill();
        let mut taken = Vec::new();
        for (refill, epoch) in asked {
            let mut found = by_lane.remove(&refill.lane).unwrap_or_default();
            found.sort_unstable_by_key(|entry| entry.place);
            let is_current = self.slots.epoch(refill.lane.slot) == Some(epoch);
            let Some(lane) = self.by_name.get_mut(&refill.lane).filter(|_| is_current) else {
                continue;
            };
            // Lowered since it was asked: there is something before these that must be read first.
            if lane.from == refill.from || takes_any {
                lane.widen(self.settings.widest);
                lane.more = found.len() >= refill.room as usize;
                if let Some(last) = found.last() {
                    lane.from = last.place.next();
                }
                for entry in found {
                    // What had no place is read again, and then so is everything behind it.
                    let lane = self.by_name.get(&refill.lane);
                    if lane.is_none_or(|lane| entry.place >= lane.from) {
                        break;
                    }
                    self.take(entry, now, &mut taken);
                }
            }
            self.touch(&refill.lane, now);
        }
        taken
    }

    fn looked(&mut self, ids: &[Id], rows: Rows, now: Moment) -> Vec<Id> {
        let found: BTreeSet<_> = rows.entries.iter().map(super::Entry::id).collect();
        for id in ids.iter().filter(|id| !found.contains(id)) {
            // It has ended elsewhere.
            if let Some((name, place)) = self.in_hand_at(*id)
                && !self.is_busy(&name, place)
            {
                self.drop_waiting(*id, &name, place, now);
            }
        }
        self.offer_news(rows, now)
    }
}
