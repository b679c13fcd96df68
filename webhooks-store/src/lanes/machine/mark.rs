//! Requests in slots whose owners have died: they begin when that is written down.

use super::super::ask::Ask;
use super::super::entry::Entry;
use super::super::lane::Turn;
use super::super::place::Moment;
use super::{Ending, Lanes, Reading};
use crate::lane::{LaneName, Slot};

impl Lanes {
    /// Whether anything is written down as begun, or to be written.
    pub fn is_marking(&self) -> bool {
        self.doubt.has_marks()
    }

    pub(super) fn ask_marks(&mut self) -> Option<(Ask, Reading)> {
        if !self.doubt.has_marks() {
            return None;
        }
        let (begun, not_made) = self.doubt.marks();
        let reading = Reading::Mark(begun.clone(), not_made.clone());
        Some((Ask::Mark { begun, not_made }, reading))
    }

    /// One that begins now because that is written down.
    pub(super) fn begin_marked(&mut self, now: Moment) -> Option<Entry> {
        while let Some(id) = self.doubt.hand_out() {
            let Some((name, _)) = self.in_hand_at(id) else {
                continue;
            };
            if self.slots.may_send(name.slot, now) || !self.keeps_deadline() {
                return self.entry(id).cloned();
            }
            self.ended(id, Ending::NotMade, now);
        }
        None
    }

    /// The lane that the others let pass, if its turn has come.
    pub(super) fn lane_that_passes(&mut self, now: Moment) -> Option<LaneName> {
        let name = self.doubt.next()?.clone();
        let lane = self.by_name.get(&name);
        let turn = lane.map_or(Turn::Not, |lane| lane.turn(now));
        let held = match turn {
            Turn::Ready(place) => lane.and_then(|lane| lane.window.get(place)),
            Turn::Later(_) | Turn::Not => None,
        };
        let may_send = self.slots.may_send(name.slot, now) && !self.paused.contains(&name);
        let Some(held) = held.filter(|_| may_send) else {
            // It has nothing to begin any more.
            self.doubt.lets_pass();
            return None;
        };
        let starts = held.entry.starts;
        let owner = lane.map_or(0, |lane| lane.owner);
        let is_its_turn = self.fairness.has_place(owner) && self.doubt.admits(&name, starts);
        is_its_turn.then_some(name)
    }

    /// Whether nothing at all can begin before the lane that is let pass.
    pub(super) fn is_all_waiting(&self) -> bool {
        self.doubt.next().is_some() && self.slots.are_all_doubtful()
    }

    /// What has not been handed out yet of a slot that is given back or lost is not begun.
    pub(super) fn end_unmarked(&mut self, slot: Slot, now: Moment) {
        let mut waiting = Vec::new();
        for name in self.lanes_of(slot) {
            if let Some(lane) = self.by_name.get(&name) {
                let ids = lane.window.all().map(|held| held.entry.id());
                waiting.extend(ids.filter(|id| self.doubt.is_waiting(*id)));
            }
        }
        for id in waiting {
            self.ended(id, Ending::NotMade, now);
        }
    }
}
