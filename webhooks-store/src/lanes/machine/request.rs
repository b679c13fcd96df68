//! Requests: which is begun next, what came of it, and what was recorded.

use super::super::entry::Entry;
use super::super::lane::Turn;
use super::super::place::{Moment, Place, Version};
use super::super::window::Phase;
use super::Lanes;
use crate::job::Id;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// There is an outcome to be recorded: the request was made, and did what it was for.
    Succeeded,
    /// There is an outcome to be recorded: the request was made in vain.
    Failed,
    /// There is an outcome to be recorded, but it says nothing about the lane's target.
    Judged,
    /// No request was made, and nothing is recorded.
    NotMade,
}

/// What became of a row when an outcome was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recorded {
    /// It has ended.
    Ended,
    /// It waits for its next try, in the place of that time.
    Again {
        /// Its version now.
        version: Version,
        /// When it is due.
        due_ms: i64,
    },
    /// It waits for its next try in its old place.
    Held {
        /// Its version now.
        version: Version,
        /// Until when; [`i64::MAX`] until it is changed by hand.
        until_ms: i64,
    },
    /// It had been changed or ended elsewhere.
    Missed,
}

impl Lanes {
    /// The next request to make. [`None`]: nothing is in line, no place is free, or nothing may be begun now.
    pub fn begin(&mut self, now: Moment) -> Option<Entry> {
        if !self.is_recording || self.unrecorded >= self.settings.unrecorded {
            return None;
        }
        if let Some(marked) = self.begin_marked(now) {
            return Some(marked);
        }
        let mut first = self.lane_that_passes(now);
        if first.is_none() && self.is_all_waiting() {
            return None;
        }
        let mut passed = Vec::new();
        let mut begun = None;
        while let Some(name) = first.take().or_else(|| self.fairness.next()) {
            if !self.slots.may_send(name.slot, now) && self.keeps_deadline() {
                continue;
            }
            let Some(lane) = self.by_name.get_mut(&name) else {
                continue;
            };
            let Turn::Ready(place) = lane.turn(now) else {
                self.touch(&name, now);
                continue;
            };
            if self.fairness.is_reserved() && lane.window.running() > 0 {
                passed.push((lane.owner, name));
                continue;
            }
            let owner = lane.owner;
            let Some(entry) = lane.window.get(place).map(|held| held.entry.clone()) else {
                continue;
            };
            // Of one that is given up no request is made.
            let is_doubtful = self.slots.is_doubtful(name.slot) && !entry.is_deadly();
            if is_doubtful && !self.doubt.admits(&name, entry.starts) {
                passed.push((owner, name));
                if self.is_all_waiting() {
                    break;
                }
                continue;
            }
            if let Some(lane) = self.by_name.get_mut(&name) {
                lane.begin(place, now);
            }
            self.fairness.begin(owner);
            self.touch(&name, now);
            if is_doubtful && self.marks_first() {
                self.doubt.begin(entry.id(), entry.starts);
                continue;
            }
            begun = Some(entry);
            break;
        }
        for (owner, name) in passed {
            self.fairness.line_up(owner, &name);
        }
        begun
    }

    /// A request has ended.
    pub fn ended(&mut self, id: Id, ending: Ending, now: Moment) {
        let Some((name, place)) = self.in_hand_at(id) else {
            return;
        };
        let Some(lane) = self.by_name.get_mut(&name) else {
            return;
        };
        let Some(Phase::Running { since }) = lane.window.get(place).map(|held| held.phase) else {
            return;
        };
        self.fairness.end(lane.owner);
        if ending == Ending::NotMade {
            self.doubt.end(id, false);
            lane.circuit.release();
            let is_outdated = lane.window.get(place).is_some_and(|held| held.is_outdated);
            if self.slots.holds(name.slot) && !is_outdated && lane.from > place {
                lane.window.set(place, Phase::Waiting);
            } else {
                self.drop_waiting(id, &name, place, now);
                self.looks.extend(is_outdated.then_some(id));
            }
        } else {
            match ending {
                Ending::Succeeded => lane.judge(true, since.until(now), now),
                Ending::Failed => lane.judge(false, since.until(now), now),
                Ending::Judged | Ending::NotMade => lane.circuit.release(),
            }
            lane.window.set(place, Phase::Recording);
            self.unrecorded += 1;
            let most = lane.most_waiting(now);
            let forgotten = lane.shrink(most);
            self.put_down(&forgotten);
        }
        self.touch(&name, now);
    }

    /// An outcome has been recorded.
    pub fn recorded(&mut self, id: Id, recorded: Recorded, now: Moment) {
        let Some((name, place)) = self.in_hand_at(id) else {
            return;
        };
        let Some(lane) = self.by_name.get_mut(&name) else {
            return;
        };
        let Some(held) = lane
            .window
            .get(place)
            .filter(|held| held.phase == Phase::Recording)
        else {
            return;
        };
        let (version, is_outdated) = (held.entry.version, held.is_outdated);
        self.unrecorded = self.unrecorded.saturating_sub(1);
        // Not before: a process that the next request ends would take this outcome with it, and this job for a deadly one.
        self.doubt.end(id, true);
        self.is_recording = true;
        if self.is_reading() {
            self.guard.settled(id, lowest(recorded, version));
        }
        let is_held = self.slots.holds(name.slot);
        match recorded {
            Recorded::Held { version, until_ms } if is_held => {
                let until = (until_ms < i64::MAX).then(|| self.moment(until_ms));
                if let Some(lane) = self.by_name.get_mut(&name) {
                    let forgotten = lane.window.hold(place, version, until);
                    self.put_down(&forgotten);
                }
            }
            _ => self.drop_waiting(id, &name, place, now),
        }
        if let Recorded::Again { due_ms, .. } = recorded {
            let at = self.moment(due_ms);
            let is_reading = self.is_reading();
            if self.follows_schedule() {
                self.schedule.expect(Place { due_ms, id }, at, is_reading);
            }
        }
        if (is_outdated || recorded == Recorded::Missed) && self.looks_again() {
            self.looks.insert(id);
        }
        self.touch(&name, now);
    }

    /// Whether something waits for this outcome to be recorded, and not just for its request to end: what must not overtake it,
    /// or a request whose beginning has to be written down first.
    pub fn is_awaited(&self, id: Id) -> bool {
        let Some((name, place)) = self.hand.get(id) else {
            return false;
        };
        let lane = self.by_name.get(name);
        let is_ordered = lane.is_some_and(|lane| lane.window.is_ordered(place));
        is_ordered || self.slots.is_doubtful(name.slot)
    }

    /// Outcomes cannot be recorded at present: nothing is begun until one is, or until this says so.
    pub fn records(&mut self, can: bool) {
        self.is_recording = can;
    }
}

/// The lowest version that may be taken from a read that began before an outcome was recorded.
fn lowest(recorded: Recorded, tried: Version) -> Version {
    match recorded {
        Recorded::Ended => tried.next_generation(),
        Recorded::Again { version, .. } | Recorded::Held { version, .. } => version,
        Recorded::Missed => Version {
            change: tried.change.saturating_add(1),
            ..tried
        },
    }
}
