//! How the lease is renewed and slots come and go.

use std::collections::BTreeSet;

use super::super::ask::{Ask, Membership};
use super::super::place::Moment;
use super::{Lanes, Reading};
use crate::lane::{LaneName, Slot};

impl Lanes {
    pub(super) fn ask_membership(&mut self, now: Moment) -> Option<(Ask, Reading)> {
        let beat = self.slots.next_beat()?;
        if self.slots.is_leaving() && self.slots.is_empty() {
            let ask = self
                .slots
                .has_joined()
                .then_some((Ask::Leave, Reading::Leave));
            return ask;
        }
        if beat <= now {
            let sent_at = now;
            let ask = if self.slots.has_joined() {
                Ask::Beat { sent_at }
            } else {
                Ask::Join { sent_at }
            };
            return Some((ask, Reading::Beat { sent_at }));
        }
        let mut ended = self.slots.draining();
        ended.retain(|slot| !self.is_slot_busy(*slot));
        let refused = |slot: &Slot| self.slots.is_refused(*slot);
        let is_refused = ended.iter().any(refused);
        // Not both in one statement.
        ended.retain(|slot| refused(slot) == is_refused);
        let slots = ended.clone();
        (!ended.is_empty()).then_some((Ask::Give { slots, is_refused }, Reading::Give(ended)))
    }

    /// Leaves the slot of a lane to another process: this one lacks what the lane needs. If no other takes it, it comes
    /// back, and is not refused again for a while. Where there is no other process, nothing happens.
    pub fn refuse(&mut self, lane: &LaneName, now: Moment) {
        if self.slots.refuse(lane.slot, now) {
            self.stop_draining(now);
        }
    }

    /// The slots in which anything is in hand.
    fn busy_slots(&self) -> BTreeSet<Slot> {
        let lanes = self.by_name.iter();
        let busy = lanes.filter(|(_, lane)| !lane.window.holds_nothing());
        busy.map(|(name, _)| name.slot).collect()
    }

    pub(super) fn is_slot_busy(&self, slot: Slot) -> bool {
        let lanes = self.lanes_of(slot);
        lanes.iter().any(|name| {
            self.by_name
                .get(name)
                .is_some_and(|lane| !lane.window.holds_nothing())
        })
    }

    /// The lease was renewed, or has run out.
    pub(super) fn renewed(&mut self, membership: Option<Membership>, sent_at: Moment, now: Moment) {
        let (lost, new) = self.slots.beat(membership, sent_at, now);
        for slot in lost {
            self.lose(slot, now);
        }
        let busy = self.busy_slots();
        self.slots.drain(|slot| busy.contains(&slot), now);
        self.stop_draining(now);
        self.acquired(new.len(), now);
    }

    pub(super) fn acquired(&mut self, slots: usize, now: Moment) {
        if slots > 0 {
            // What was scheduled in them is in no feed of ours.
            self.schedule.next = Some(now);
        }
    }
}
