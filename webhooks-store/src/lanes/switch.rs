//! What can be left out, to see which invariant it is there for. In the tests only.

use super::machine::Lanes;

/// Parts of the protocol that are left out.
#[cfg(test)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Switches {
    /// Rows that were settled while a read was under way are taken from it.
    pub(super) no_guard: bool,
    /// What changed while it was in hand is not looked at again.
    pub(super) no_look: bool,
    /// Requests are begun after the deadline.
    pub(super) no_deadline: bool,
    /// The cursor of what is due does not go back for this process's own retries.
    pub(super) no_schedule: bool,
    /// A refill is used although the lane is to be read from an earlier place.
    pub(super) any_refill: bool,
    /// Slots are taken before the feed stands anywhere.
    pub(super) late_feed: bool,
    /// Requests in doubtful slots begin without being written down.
    pub(super) no_marks: bool,
}

#[cfg(test)]
impl Lanes {
    /// The same with parts left out.
    pub(super) fn without(mut self, switches: Switches) -> Self {
        self.switches = switches;
        self
    }

    pub(super) fn guards_reads(&self) -> bool {
        !self.switches.no_guard
    }

    pub(super) fn looks_again(&self) -> bool {
        !self.switches.no_look
    }

    pub(super) fn keeps_deadline(&self) -> bool {
        !self.switches.no_deadline
    }

    pub(super) fn follows_schedule(&self) -> bool {
        !self.switches.no_schedule
    }

    pub(super) fn takes_any_refill(&self) -> bool {
        self.switches.any_refill
    }

    pub(super) fn opens_feed(&self) -> bool {
        !self.switches.late_feed
    }

    pub(super) fn marks_first(&self) -> bool {
        !self.switches.no_marks
    }
}

#[cfg(not(test))]
#[expect(
    clippy::unused_self,
    reason = "nothing is left out outside of the tests"
)]
impl Lanes {
    pub(super) const fn guards_reads(&self) -> bool {
        true
    }

    pub(super) const fn looks_again(&self) -> bool {
        true
    }

    pub(super) const fn keeps_deadline(&self) -> bool {
        true
    }

    pub(super) const fn follows_schedule(&self) -> bool {
        true
    }

    pub(super) const fn takes_any_refill(&self) -> bool {
        false
    }

    pub(super) const fn opens_feed(&self) -> bool {
        true
    }

    pub(super) const fn marks_first(&self) -> bool {
        true
    }
}
