//! The slots of this process.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

use crate::lane::{LaneName, Slot};

/// What is known of it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is true or not whatever the others are"
)]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Own {
    pub(super) epoch: i64,
    /// Its owners have died of late.
    pub(super) is_doubtful: bool,
    /// It stays here, because another process has refused it.
    pub(super) is_kept: bool,
    /// It is given back because this one refuses it.
    pub(super) is_refused: bool,
    /// Nothing new is begun in it, and it is given back when everything has ended.
    pub(super) is_draining: bool,
    pub(super) sweep: Sweep,
}

/// How far the lanes of a slot have been found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sweep {
    Start,
    After(LaneName),
    Done,
}

impl Own {
    pub(super) fn new(epoch: i64, is_doubtful: bool, is_kept: bool) -> Self {
        Self {
            epoch,
            is_doubtful,
            is_kept,
            is_refused: false,
            is_draining: false,
            sweep: Sweep::Start,
        }
    }
}

/// The slots, and whether any of them is to be looked at by itself: that is asked at each turn, and mostly none is.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnSlots {
    by_slot: BTreeMap<Slot, Own>,
    /// None is given back, and the lanes of all are known. Only true while nothing was changed since that was found.
    is_settled: bool,
}

impl OwnSlots {
    /// Finds out whether they are settled.
    pub(super) fn settle(&mut self) {
        let is_done = |own: &Own| !own.is_draining && own.sweep == Sweep::Done;
        self.is_settled = self.is_settled || self.by_slot.values().all(is_done);
    }

    /// Whether it was found that they are settled, and nothing has changed since.
    pub(super) fn are_settled(&self) -> bool {
        self.is_settled
    }
}

impl Deref for OwnSlots {
    type Target = BTreeMap<Slot, Own>;

    fn deref(&self) -> &Self::Target {
        &self.by_slot
    }
}

impl DerefMut for OwnSlots {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.is_settled = false;
        &mut self.by_slot
    }
}

impl FromIterator<(Slot, Own)> for OwnSlots {
    fn from_iter<I: IntoIterator<Item = (Slot, Own)>>(slots: I) -> Self {
        Self {
            by_slot: slots.into_iter().collect(),
            is_settled: false,
        }
    }
}

/// What was found out already is not part of the state.
impl PartialEq for OwnSlots {
    fn eq(&self, other: &Self) -> bool {
        self.by_slot == other.by_slot
    }
}

impl Eq for OwnSlots {}

impl Hash for OwnSlots {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.by_slot.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_settled_once_it_was_found_and_until_one_is_touched() {
        let mut slots: OwnSlots = [(Slot(1), Own::new(1, false, false))].into_iter().collect();
        slots.settle();
        assert!(!slots.are_settled(), "its lanes are not known");
        let own = slots.get_mut(&Slot(1)).expect("the slot");
        own.sweep = Sweep::Done;
        assert!(!slots.are_settled());
        slots.settle();
        assert!(slots.are_settled());
        slots.insert(Slot(2), Own::new(1, false, false));
        assert!(!slots.are_settled());
        slots.settle();
        assert!(!slots.are_settled(), "there is a new one");
        slots.remove(&Slot(2));
        let own = slots.get_mut(&Slot(1)).expect("the slot");
        own.is_draining = true;
        slots.settle();
        assert!(!slots.are_settled(), "it is given back");
    }
}
