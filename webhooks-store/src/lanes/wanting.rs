//! The lanes that may have room for more, in line.
//!
//! Those that have nothing in hand are in a line of their own, because there are places that are kept for them. Those of
//! an owner that has its part in hand wait apart until it has room again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::hand::Hand;
use crate::lane::LaneName;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Wanting {
    first: VecDeque<LaneName>,
    others: VecDeque<LaneName>,
    apart: BTreeMap<i64, Vec<LaneName>>,
    all: BTreeSet<LaneName>,
    is_others_turn: bool,
}

impl Wanting {
    /// A lane lines up, unless it is in line.
    pub(super) fn add(&mut self, name: &LaneName, has_nothing: bool) {
        if !self.all.insert(name.clone()) {
            return;
        }
        if has_nothing {
            self.first.push_back(name.clone());
        } else {
            self.others.push_back(name.clone());
        }
    }

    /// The next in line, from both lines in turn.
    pub(super) fn next(&mut self, hand: &Hand) -> Option<LaneName> {
        self.join_those_apart(hand);
        self.is_others_turn = !self.is_others_turn;
        let (one, other) = if self.is_others_turn {
            (&mut self.others, &mut self.first)
        } else {
            (&mut self.first, &mut self.others)
        };
        let name = one.pop_front().or_else(|| other.pop_front())?;
        self.all.remove(&name);
        Some(name)
    }

    /// A lane whose owner has its part in hand.
    pub(super) fn set_apart(&mut self, owner: i64, name: LaneName) {
        if self.all.insert(name.clone()) {
            self.apart.entry(owner).or_default().push(name);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.first.len() + self.others.len()
    }

    /// Whether any lane in line may find a place.
    pub(super) fn has_any(&self, hand: &Hand) -> bool {
        // No owner's limit is looked at here: who has reached it is set apart.
        let has_places = hand.room(i64::MIN, false) > 0;
        !self.first.is_empty() && hand.any_room() > 0
            || !self.others.is_empty() && has_places
            || self.apart.keys().any(|owner| hand.has_room_again(*owner)) && has_places
    }

    fn join_those_apart(&mut self, hand: &Hand) {
        let ready = |owner: &i64| hand.has_room_again(*owner);
        let owners: Vec<_> = self.apart.keys().copied().filter(ready).collect();
        for owner in owners {
            self.others
                .extend(self.apart.remove(&owner).unwrap_or_default());
        }
    }
}
