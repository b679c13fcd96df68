//! How the lanes of this process's slots are found: by sweeping over them, a page at a time.

use super::own::Sweep;
use super::slots::Slots;
use crate::lane::{LaneName, Slot};

/// Slots, each with its epoch.
type Epochs = Vec<(Slot, i64)>;

impl Slots {
    /// The slots whose lanes are to be found next, with their epochs, and behind which lane of the first of them.
    pub(super) fn unswept(&self) -> Option<(Epochs, Option<LaneName>)> {
        if self.own.are_settled() {
            return None;
        }
        let held = self.own.iter().filter(|(_, own)| !own.is_draining);
        let mut held = held.filter(|(_, own)| own.sweep != Sweep::Done);
        let (first, own) = held.next()?;
        let after = match &own.sweep {
            Sweep::After(lane) => Some(lane.clone()),
            Sweep::Start | Sweep::Done => None,
        };
        let further = held.filter(|(_, own)| own.sweep == Sweep::Start);
        let slots = std::iter::once((first, own)).chain(further);
        Some((slots.map(|(slot, own)| (*slot, own.epoch)).collect(), after))
    }

    /// Whether the sweep of its slot has passed a lane.
    pub(super) fn has_swept(&self, lane: &LaneName) -> bool {
        self.own
            .get(&lane.slot)
            .is_some_and(|own| match &own.sweep {
                Sweep::Start => false,
                Sweep::After(after) => lane <= after,
                Sweep::Done => true,
            })
    }

    /// The lanes of these slots are known, up to a lane if that was not the last.
    pub(super) fn swept(&mut self, slots: &[Slot], up_to: Option<&LaneName>) {
        for slot in slots {
            let Some(own) = self.own.get_mut(slot) else {
                continue;
            };
            match up_to {
                Some(lane) if lane.slot < *slot => {}
                Some(lane) if lane.slot == *slot => own.sweep = Sweep::After(lane.clone()),
                _ => own.sweep = Sweep::Done,
            }
        }
    }

    /// The lanes of a slot are to be found anew.
    pub(super) fn sweep_again(&mut self, slot: Slot) {
        if let Some(own) = self.own.get_mut(&slot) {
            own.sweep = Sweep::Start;
        }
    }

    pub(super) fn all_swept(&self) -> bool {
        self.own.are_settled() || self.own.values().all(|own| own.sweep == Sweep::Done)
    }
}
