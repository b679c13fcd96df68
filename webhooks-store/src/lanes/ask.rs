//! What the machine asks of the store, one after the other, and what the store answers.

use std::time::Duration;

use super::entry::Entry;
use super::feed::{DueCursor, FeedCursor};
use super::place::{Moment, Place};
use crate::job::Id;
use crate::lane::{LaneName, Slot};

/// One statement that the owner of some lanes is to run. All but the first six only read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Enter this process, under a name that was never used, among those that share the slots.
    Join {
        /// The moment from which the lease counts: before the statement was sent.
        sent_at: Moment,
    },
    /// Renew this process's lease, unless it has run out.
    Beat {
        /// The moment from which the lease counts: before the statement was sent.
        sent_at: Moment,
    },
    /// Take slots that have no owner, or one whose lease has run out.
    Take {
        /// So many at most.
        most: u32,
        /// Also those that this process has refused: no other wants them.
        back: bool,
    },
    /// Give slots back.
    Give {
        /// Which.
        slots: Vec<Slot>,
        /// They are left to the others, whatever their shares are: this process lacks what one of their lanes needs.
        is_refused: bool,
    },
    /// This process ends.
    Leave,
    /// Write down that requests begin, before they do: in slots whose owners have died.
    Mark {
        /// Those that begin when this has been answered.
        begun: Vec<Id>,
        /// Those that were not made after all, though that they begin was written down.
        not_made: Vec<Id>,
    },
    /// What has come since: each committed row once. Without a position yet, only where the feed stands.
    Feed {
        /// Up to where it has been read.
        cursor: FeedCursor,
        /// What comes in these slots. Others may be left out.
        slots: Vec<Slot>,
    },
    /// Scheduled rows whose time has come.
    Due {
        /// Up to where they have been read.
        cursor: DueCursor,
    },
    /// The lanes of some slots that have any row, in the order of slots and keys.
    Sweep {
        /// The slots, in order.
        slots: Vec<Slot>,
        /// Those behind this one.
        after: Option<LaneName>,
    },
    /// The due rows of some lanes, in order.
    Refill(Vec<Refill>),
    /// These rows, as they stand.
    Look(Vec<Id>),
}

/// A lane that has room.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refill {
    /// Which lane.
    pub lane: LaneName,
    /// The first place that is wanted.
    pub from: Place,
    /// So many rows at most. Fewer in the answer say that no more is due.
    pub room: u32,
}

/// What the store answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// To [`Ask::Join`] and [`Ask::Beat`]. [`None`]: the lease has run out, and this process has no slots any longer.
    Membership(Option<Membership>),
    /// To [`Ask::Take`]: the slots.
    Taken(Vec<OwnSlot>),
    /// To [`Ask::Give`], [`Ask::Leave`] and [`Ask::Mark`].
    Done,
    /// To [`Ask::Feed`].
    Feed {
        /// The rows, also those that are not due yet.
        rows: Rows,
        /// Up to where it has been read now.
        cursor: FeedCursor,
        /// Whether the page was full.
        more: bool,
        /// When the next scheduled row is due, also one that is in no feed: the retry of a former owner.
        next_ms: Option<i64>,
    },
    /// To [`Ask::Due`].
    Due {
        /// The rows.
        rows: Rows,
        /// Up to where they have been read now.
        cursor: DueCursor,
        /// Whether the page was full.
        more: bool,
        /// When the next one is due.
        next_ms: Option<i64>,
    },
    /// To [`Ask::Sweep`].
    Sweep {
        /// The lanes and their owners, in order.
        lanes: Vec<(LaneName, i64)>,
        /// Up to where the lanes are known, if the page was full.
        up_to: Option<LaneName>,
    },
    /// To [`Ask::Refill`] and [`Ask::Look`].
    Rows(Rows),
}

/// Rows, and when the database read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rows {
    /// The rows.
    pub entries: Vec<Entry>,
    /// The database's clock, in milliseconds.
    pub now_ms: i64,
}

/// How this process stands among those that share the slots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Membership {
    /// Its slots.
    pub own: Vec<OwnSlot>,
    /// Slots that have no living owner, without those that this process has refused.
    pub free: u32,
    /// Of these, those that another living process has refused: they are taken whatever the share is.
    pub refused: u32,
    /// Slots that this process has refused, and no other has taken.
    pub refused_here: u32,
    /// The slots that are its fair share.
    pub share: u32,
    /// When the first lease of another process ends, if that does not renew it.
    pub next_end: Option<Duration>,
}

/// A slot of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OwnSlot {
    /// Which slot.
    pub slot: Slot,
    /// How often its owner has changed.
    pub epoch: i64,
    /// At least two owners in a row have died with it of late: one of its jobs may be what ends them.
    pub is_doubtful: bool,
    /// Another process has refused it, and is not given it to balance their shares.
    pub is_refused: bool,
}
