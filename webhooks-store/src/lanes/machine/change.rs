//! What comes from outside: rules of lanes, pauses, changes by hand, news, and the end.

use super::super::lane::{Lane, LaneRules};
use super::super::place::{Moment, Place};
use super::super::window::Phase;
use super::Lanes;
use crate::job::Id;
use crate::lane::{LaneName, Slot};

impl Lanes {
    /// How a lane that has anything in hand may be sent to.
    pub fn configure(&mut self, name: &LaneName, rules: LaneRules, now: Moment) {
        if let Some(lane) = self.by_name.get_mut(name) {
            let forgotten = lane.configure(rules, now);
            self.put_down(&forgotten);
            self.touch(name, now);
        }
    }

    /// A lane may not be sent to. What waits is forgotten: a paused lane costs the length of its name. It is looked at
    /// again when something new comes in it, and activating it must be such a thing.
    pub fn pause(&mut self, name: &LaneName, now: Moment) {
        self.put_down_waiting(name);
        self.paused.insert(name.clone());
        self.touch(name, now);
    }

    /// Nothing is begun in a lane for a while: what it needs is not there now.
    pub fn rest(&mut self, name: &LaneName, until: Moment, now: Moment) {
        self.put_down_waiting(name);
        if let Some(lane) = self.by_name.get_mut(name) {
            lane.rests_until = Some(until);
        }
        self.touch(name, now);
    }

    /// The target of a lane asks for a pause.
    pub fn slow_down(&mut self, name: &LaneName, until: Moment, now: Moment) {
        if let Some(lane) = self.by_name.get_mut(name) {
            lane.circuit.hold(until);
            let forgotten = lane.shrink(1);
            self.put_down(&forgotten);
        }
        self.touch(name, now);
    }

    /// A lane was activated or its target was changed: what waits is read anew, and what was learned is forgotten.
    pub fn refresh(&mut self, name: &LaneName, now: Moment) {
        if !self.slots.holds(name.slot) {
            return;
        }
        self.put_down_waiting(name);
        let was_paused = self.paused.remove(name);
        if was_paused && !self.by_name.contains_key(name) {
            self.by_name.insert(name.clone(), Lane::new(0, false));
        }
        if let Some(lane) = self.by_name.get_mut(name) {
            lane.refresh();
            lane.lower(Place::FIRST);
        }
        self.touch(name, now);
    }

    /// These rows were changed by hand: retried, cancelled, replayed.
    pub fn look_at(&mut self, ids: impl IntoIterator<Item = Id>) {
        self.looks.extend(ids);
    }

    /// Something is said to have come.
    pub fn wake(&mut self) {
        self.feed.wake();
    }

    /// The lanes of every slot are to be found anew: a net under everything else.
    pub fn sweep(&mut self) {
        let held: Vec<Slot> = self.slots.held().collect();
        for slot in held {
            self.slots.sweep_again(slot);
        }
    }

    /// Reads and begins nothing more, and gives the slots back when everything that is under way has been recorded.
    pub fn shut_down(&mut self, now: Moment) {
        self.slots.leave();
        self.stop_draining(now);
    }

    /// What waits in slots that are being given back is forgotten.
    pub(super) fn stop_draining(&mut self, now: Moment) {
        for slot in self.slots.draining() {
            self.forget(slot, false, now);
        }
    }

    fn put_down_waiting(&mut self, name: &LaneName) {
        let Some(lane) = self.by_name.get_mut(name) else {
            return;
        };
        let waits = |phase| matches!(phase, Phase::Waiting | Phase::Blocked);
        let places: Vec<_> = lane
            .window
            .all()
            .filter(|held| waits(held.phase))
            .map(|held| held.entry.place)
            .collect();
        for place in places {
            lane.lower(place);
            let held = lane.remove(place);
            if let Some(held) = &held {
                self.hand.remove(held.entry.id());
            }
        }
    }
}
