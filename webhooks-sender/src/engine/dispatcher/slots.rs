//! What follows from which slots this process owns, besides its lanes: whom it wakes and what it looks for.

use webhooks_store::{Database, Slot, SlotSet};

use super::Dispatcher;
use crate::observe;
use crate::tables::{BULK_JOBS, DELIVERIES, FAN_OUTS};

/// Its owner looks on behalf of all for what any process can do.
const FIRST: Slot = Slot(0);

impl<D: Database> Dispatcher<D> {
    /// Shows how many slots there are, and says which; that all of them are gone while the engine runs is a lease that was
    /// lost.
    pub(super) fn watch_slots(&mut self) {
        let slots = self.desk.lanes().slots();
        if slots == self.slots {
            return;
        }
        if slots.is_empty() && self.stops_at.is_none() {
            observe::lease_lost();
        }
        self.slots = slots;
        observe::slots(slots.count());
        let (delivering, wake) = (&self.context.delivering, self.context.tables.store.wake());
        wake.own(DELIVERIES, slots);
        let is_lookout = slots.contains(FIRST);
        delivering.set_lookout(is_lookout);
        if is_lookout {
            // What came meanwhile came without a wake-up.
            wake.wake_here(FAN_OUTS, &SlotSet::all());
            wake.wake_here(BULK_JOBS, &SlotSet::all());
        }
    }

    /// The engine has ended, or has panicked.
    pub(super) fn own_no_slots(&self) {
        self.context.delivering.set_lookout(false);
        let wake = self.context.tables.store.wake();
        wake.own(DELIVERIES, SlotSet::default());
    }
}
