//! What is in hand, where it is, and how much of it is whose.

use std::collections::BTreeMap;

use super::place::Place;
use crate::job::Id;
use crate::lane::LaneName;

/// The jobs in hand.
///
/// An eighth of the places is for lanes that have nothing in hand, and an owner has half of them at most: so that what
/// waits for slow targets never keeps the jobs of others out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Hand {
    places: usize,
    by_id: BTreeMap<Id, (LaneName, Place, i64)>,
    by_owner: BTreeMap<i64, usize>,
}

impl Hand {
    pub(super) fn new(places: usize) -> Self {
        Self {
            places: places.max(1),
            by_id: BTreeMap::new(),
            by_owner: BTreeMap::new(),
        }
    }

    pub(super) fn insert(&mut self, id: Id, name: LaneName, place: Place, owner: i64) {
        self.remove(id);
        self.by_id.insert(id, (name, place, owner));
        *self.by_owner.entry(owner).or_default() += 1;
    }

    pub(super) fn remove(&mut self, id: Id) {
        let Some((_, _, owner)) = self.by_id.remove(&id) else {
            return;
        };
        if let Some(count) = self.by_owner.get_mut(&owner) {
            *count -= 1;
            if *count == 0 {
                self.by_owner.remove(&owner);
            }
        }
    }

    pub(super) fn get(&self, id: Id) -> Option<(&LaneName, Place)> {
        self.by_id.get(&id).map(|(name, place, _)| (name, *place))
    }

    pub(super) fn contains(&self, id: Id) -> bool {
        self.by_id.contains_key(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many more a lane of this owner may take.
    pub(super) fn room(&self, owner: i64, is_first: bool) -> u32 {
        let all = if is_first {
            self.places
        } else {
            self.places - self.places / 8
        };
        let left = all.saturating_sub(self.len());
        saturated(left.min(self.owners_part().saturating_sub(self.of(owner))))
    }

    /// How many more there is any place for.
    pub(super) fn any_room(&self) -> u32 {
        saturated(self.places.saturating_sub(self.len()))
    }

    /// Whether an owner that had its part in hand has room again that is worth a read.
    pub(super) fn has_room_again(&self, owner: i64) -> bool {
        self.of(owner) <= self.owners_part() - self.owners_part() / 8
            && self.of(owner) < self.owners_part()
    }

    fn of(&self, owner: i64) -> usize {
        self.by_owner.get(&owner).copied().unwrap_or(0)
    }

    fn owners_part(&self) -> usize {
        (self.places / 2).max(1)
    }
}

fn saturated(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Slot;

    #[test]
    fn an_owner_has_half_of_the_places_and_a_new_lane_finds_one() {
        let mut hand = Hand::new(16);
        let take = |hand: &mut Hand, owner: i64, count: u8| {
            for number in 0..count {
                let mut bytes = [0; 16];
                bytes[0] = u8::try_from(owner).unwrap();
                bytes[15] = number;
                let id = Id::from_bytes(bytes);
                hand.insert(
                    id,
                    LaneName::new(Slot(0), [1]),
                    Place { due_ms: 0, id },
                    owner,
                );
            }
        };
        take(&mut hand, 1, 8);
        assert_eq!((hand.room(1, false), hand.room(1, true)), (0, 0));
        assert_eq!((hand.room(2, false), hand.room(2, true)), (6, 8));
        take(&mut hand, 2, 6);
        assert_eq!((hand.room(3, false), hand.room(3, true)), (0, 2));
        hand.remove(Id::from_bytes([
            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ]));
        assert!(hand.has_room_again(1) && hand.len() == 13);
    }
}
