//! Slots that this process leaves to another one: it lacks what one of their lanes needs.
//!
//! Whether another process has it is not known. So a slot that no other takes is taken back, and not refused again for a
//! while that doubles each time: the other lanes of the slot stand still meanwhile. A process that is alone refuses nothing;
//! what it would refuse, it does when another has joined.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::place::Moment;
use crate::lane::Slot;

/// A slot is not refused again before this, and twice, four times as long after the next ones.
const SHORTEST: Duration = Duration::from_mins(1);
const MOST_DOUBLINGS: u32 = 6;

/// What was refused, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Refusals {
    by_slot: BTreeMap<Slot, Refusal>,
    last: Option<Moment>,
    /// What this process would have refused, had it known of another.
    put_off: BTreeSet<Slot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Refusal {
    times: u32,
    not_before: Moment,
}

impl Refusals {
    /// Whether a slot is refused now; not, if it was a short time ago.
    pub(super) fn refuse(&mut self, slot: Slot, now: Moment) -> bool {
        let before = self.by_slot.get(&slot).copied();
        if before.is_some_and(|before| now < before.not_before) {
            return false;
        }
        let times = before.map_or(0, |before| before.times);
        let pause = SHORTEST * 2_u32.pow(times.min(MOST_DOUBLINGS));
        let not_before = now.plus(pause);
        let times = times.saturating_add(1);
        self.by_slot.insert(slot, Refusal { times, not_before });
        self.last = Some(now);
        true
    }

    /// There is no other process, as far as is known: the slot is refused when there is one.
    pub(super) fn put_off(&mut self, slot: Slot) {
        self.put_off.insert(slot);
    }

    /// What is to be refused now that there is another process.
    pub(super) fn take_put_off(&mut self) -> BTreeSet<Slot> {
        std::mem::take(&mut self.put_off)
    }

    /// Whether the others have had so much time to take what was refused last.
    pub(super) fn is_over(&self, patience: Duration, now: Moment) -> bool {
        self.last.is_none_or(|last| last.plus(patience) <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_refused_again_after_a_time_that_doubles_up_to_an_hour() {
        let mut refusals = Refusals::default();
        let mut now = Moment::default();
        for minutes in [1, 2, 4, 8, 16, 32, 64, 64, 64] {
            assert!(refusals.refuse(Slot(1), now));
            now = now.plus(Duration::from_secs(minutes * 60 - 1));
            assert!(!refusals.refuse(Slot(1), now), "{minutes}");
            now = now.plus(Duration::from_secs(1));
        }
        assert!(refusals.refuse(Slot(2), now), "another slot");
    }

    #[test]
    fn what_was_refused_is_left_to_the_others_for_a_while() {
        let mut refusals = Refusals::default();
        let patience = Duration::from_secs(8);
        assert!(refusals.is_over(patience, Moment::default()));
        let now = Moment::after(Duration::from_secs(5));
        refusals.refuse(Slot(1), now);
        assert!(!refusals.is_over(patience, now.plus(patience / 2)));
        assert!(refusals.is_over(patience, now.plus(patience)));
    }
}
