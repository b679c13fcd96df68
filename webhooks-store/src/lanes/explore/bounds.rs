//! What may happen in an exploration, how often, and what is left out.

use crate::lanes::switch::Switches;

/// What may happen, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Bounds {
    pub(super) rows: usize,
    pub(super) takes: u8,
    /// Whether there is a second process.
    pub(super) seconds: bool,
    pub(super) fails: u8,
    pub(super) replays: u8,
    /// By others, of a row that waits.
    pub(super) retries: u8,
    pub(super) cancels: u8,
    pub(super) is_ordered: bool,
    pub(super) commits_late: bool,
    pub(super) stalls: bool,
    pub(super) widest: u32,
    /// The owners of the slot are known to have died.
    pub(super) is_doubtful: bool,
    pub(super) without: Switched,
}

/// What is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Switched {
    pub(super) machine: Switches,
    /// A success ends any generation.
    pub(super) no_generation: bool,
    /// A failure counts for any version.
    pub(super) no_version: bool,
    /// The feed does not come back to transactions that were open.
    pub(super) open_forgotten: bool,
    /// A read sees the database as the read before it did, as if both had been asked together.
    pub(super) stale_reads: bool,
    /// The rows' order keys are not seen.
    pub(super) no_order: bool,
}

impl Switched {
    pub(super) const NOTHING: Self = Self {
        machine: Switches {
            no_guard: false,
            no_look: false,
            no_deadline: false,
            no_schedule: false,
            any_refill: false,
            late_feed: false,
            no_marks: false,
        },
        no_generation: false,
        no_version: false,
        open_forgotten: false,
        stale_reads: false,
        no_order: false,
    };
}
