//! Whose turn it is: owners take turns, and within an owner its lanes.
//!
//! Requests cost the same here, so that a round robin at both levels is what a deficit round robin would be. What keeps an
//! owner whose targets are slow from taking all places is a limit per owner; what keeps many such owners from it is a
//! reserve, which only a lane that has nothing under way may use.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::lane::LaneName;

/// How many requests may be under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Places {
    /// Of all owners.
    pub all: u32,
    /// Of one owner.
    pub per_owner: u32,
    /// Of all, those that only a lane with nothing under way may use.
    pub reserve: u32,
}

/// Who is in line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fairness {
    places: Places,
    running: u32,
    owners: BTreeMap<i64, Owner>,
    /// Owners that have lanes in line.
    line: VecDeque<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Owner {
    running: u32,
    line: VecDeque<LaneName>,
    in_line: BTreeSet<LaneName>,
    is_in_line: bool,
}

impl Fairness {
    pub(super) fn new(places: Places) -> Self {
        Self {
            places,
            running: 0,
            owners: BTreeMap::new(),
            line: VecDeque::new(),
        }
    }

    /// A lane may have something to begin.
    pub(super) fn line_up(&mut self, owner: i64, lane: &LaneName) {
        let state = self.owners.entry(owner).or_default();
        if state.in_line.insert(lane.clone()) {
            state.line.push_back(lane.clone());
        }
        if state.running < self.places.per_owner && !state.is_in_line {
            state.is_in_line = true;
            self.line.push_back(owner);
        }
    }

    /// The lane whose turn it is; it leaves the line. [`None`]: there is no lane, or no place.
    pub(super) fn next(&mut self) -> Option<LaneName> {
        if self.running >= self.places.all {
            return None;
        }
        let owner = self.line.pop_front()?;
        let state = self.owners.get_mut(&owner)?;
        let lane = state.line.pop_front();
        if let Some(lane) = &lane {
            state.in_line.remove(lane);
        }
        state.is_in_line = !state.line.is_empty() && state.running < self.places.per_owner;
        if state.is_in_line {
            self.line.push_back(owner);
        }
        self.tidy(owner);
        lane
    }

    /// Whether there is a place for one more of an owner.
    pub(super) fn has_place(&self, owner: i64) -> bool {
        let own = self.owners.get(&owner).map_or(0, |owner| owner.running);
        self.running < self.places.all && own < self.places.per_owner
    }

    /// Whether only lanes that have nothing under way may begin.
    pub(super) fn is_reserved(&self) -> bool {
        self.running >= self.places.all.saturating_sub(self.places.reserve)
    }

    /// A request of this owner begins.
    pub(super) fn begin(&mut self, owner: i64) {
        self.running += 1;
        let state = self.owners.entry(owner).or_default();
        state.running += 1;
        if state.is_in_line && state.running >= self.places.per_owner {
            state.is_in_line = false;
            self.line.retain(|other| *other != owner);
        }
    }

    /// A request of this owner has ended.
    pub(super) fn end(&mut self, owner: i64) {
        self.running = self.running.saturating_sub(1);
        if let Some(state) = self.owners.get_mut(&owner) {
            state.running = state.running.saturating_sub(1);
            if !state.line.is_empty() && !state.is_in_line {
                state.is_in_line = true;
                self.line.push_back(owner);
            }
        }
        self.tidy(owner);
    }

    pub(super) fn running(&self) -> u32 {
        self.running
    }

    fn tidy(&mut self, owner: i64) {
        let is_idle = |owner: &Owner| owner.running == 0 && owner.line.is_empty();
        if self.owners.get(&owner).is_some_and(is_idle) {
            self.owners.remove(&owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Slot;

    fn lane(number: u8) -> LaneName {
        LaneName::new(Slot(0), [number])
    }

    fn turns(fairness: &mut Fairness, lanes: &[(i64, u8)], count: usize) -> Vec<u8> {
        let owner_of = |name: &LaneName| lanes.iter().find(|(_, number)| name.key[0] == *number);
        for (owner, number) in lanes {
            fairness.line_up(*owner, &lane(*number));
        }
        let mut turns = Vec::new();
        while turns.len() < count {
            let Some(name) = fairness.next() else { break };
            let (owner, number) = owner_of(&name).expect("a lane that was lined up");
            turns.push(*number);
            fairness.begin(*owner);
            fairness.line_up(*owner, &lane(*number));
        }
        turns
    }

    const PLACES: Places = Places {
        all: 100,
        per_owner: 50,
        reserve: 10,
    };

    #[test]
    fn owners_take_turns_however_many_lanes_they_have() {
        let mut fairness = Fairness::new(PLACES);
        let lanes = [(1, 10), (1, 11), (1, 12), (2, 20)];
        assert_eq!(turns(&mut fairness, &lanes, 6), [10, 20, 11, 20, 12, 20]);
    }

    #[test]
    fn an_owner_has_no_more_under_way_than_its_limit_and_goes_on_when_one_ends() {
        let mut fairness = Fairness::new(PLACES);
        let lanes = [(1, 10), (1, 11), (2, 20)];
        let turns = turns(&mut fairness, &lanes, 200);
        assert_eq!(turns.len(), 100);
        assert_eq!(turns.iter().filter(|number| **number < 20).count(), 50);
        assert!(fairness.next().is_none());
        fairness.end(1);
        assert_eq!(fairness.next().map(|lane| lane.key[0] / 10), Some(1));
    }

    #[test]
    fn the_last_places_are_for_lanes_with_nothing_under_way() {
        let mut fairness = Fairness::new(PLACES);
        (0..89).for_each(|_| fairness.begin(1));
        assert!(!fairness.is_reserved());
        fairness.begin(2);
        assert!(fairness.is_reserved());
    }
}
