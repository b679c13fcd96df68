//! How far the store has been read: what has come since, and what has become due since.

use std::time::Duration;

use super::place::{Moment, Place};
use crate::job::Id;

/// Up to where the feed has been read: every row that was committed before, and none twice.
///
/// On PostgreSQL the numbers are transaction ids, and `open` those that had not ended when the feed was read: their rows
/// are looked for again, however late they commit. On SQLite, where transactions are in line, the numbers are positions
/// and `open` stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FeedCursor {
    /// The lowest number that has not been read. Zero: the feed has not been opened.
    pub next: u64,
    /// Lower numbers that had not ended.
    pub open: Vec<u64>,
    /// A reading that goes on over several pages, all of one snapshot.
    pub page: Option<FeedPage>,
}

/// Where a reading of the feed is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FeedPage {
    /// The snapshot: the first number that it does not cover.
    pub until: u64,
    /// The snapshot: lower numbers that had not ended.
    pub open: Vec<u64>,
    /// The last row that was read: its number and its id.
    pub after: (u64, Id),
}

/// Up to where scheduled rows have been read by their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DueCursor {
    /// The last place that was read.
    pub after: Place,
}

impl Default for DueCursor {
    fn default() -> Self {
        Self {
            after: Place::FIRST,
        }
    }
}

/// When the store is looked at again: soon after something came, ever more rarely while nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Polling {
    /// The pause after something came.
    pub shortest: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// The pause between two looks, however often something is said to have come.
    pub between: Duration,
}

/// The feed, and when to read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Feed {
    polling: Polling,
    pub(super) cursor: FeedCursor,
    /// [`None`]: now.
    next: Option<Moment>,
    earliest: Moment,
    pause: Duration,
}

impl Feed {
    pub(super) fn new(polling: Polling) -> Self {
        Self {
            polling,
            cursor: FeedCursor::default(),
            next: None,
            earliest: Moment::default(),
            pause: polling.shortest,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.cursor.next > 0
    }

    pub(super) fn next(&self) -> Moment {
        self.next.unwrap_or_default()
    }

    /// Something is said to have come.
    pub(super) fn wake(&mut self) {
        self.next = Some(
            self.next
                .map_or(self.earliest, |next| next.min(self.earliest)),
        );
        self.pause = self.polling.shortest;
    }

    pub(super) fn read(&mut self, cursor: FeedCursor, more: bool, any: bool, now: Moment) {
        self.cursor = cursor;
        self.earliest = if self.polling.between.is_zero() {
            Moment::default()
        } else {
            now.plus(self.polling.between)
        };
        if more {
            self.next = None;
            return;
        }
        self.pause = if any {
            self.polling.shortest
        } else {
            self.pause.saturating_mul(2).min(self.polling.longest)
        };
        // Without any pause there is no moment to remember.
        self.next = Some(now.plus(self.pause)).filter(|_| !self.pause.is_zero());
    }

    /// The store could not be read.
    pub(super) fn failed(&mut self, now: Moment) {
        self.next = Some(now.plus(self.polling.longest));
    }
}

/// Scheduled rows, and when to read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Schedule {
    pub(super) cursor: DueCursor,
    /// When the next one is due. [`None`]: nothing is known to be scheduled.
    pub(super) next: Option<Moment>,
    /// Rows that become due one after the other are read together.
    earliest: Moment,
    /// The first place behind which rows were scheduled while a read was under way that may not have seen them.
    lowered: Option<Place>,
}

impl Schedule {
    /// Whether a row that is scheduled there has been passed already.
    pub(super) fn has_passed(&self, place: Place) -> bool {
        place <= self.cursor.after
    }

    /// When to read, if anything is known to be scheduled.
    pub(super) fn next(&self) -> Option<Moment> {
        self.next.map(|next| next.max(self.earliest))
    }

    /// Nothing is read for so long.
    pub(super) fn pause(&mut self, time: Duration, now: Moment) {
        if !time.is_zero() {
            self.earliest = now.plus(time);
        }
    }

    /// Something becomes due then.
    pub(super) fn approach(&mut self, at: Moment) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }

    /// A row becomes due then. What was written by this process itself is in no feed: the cursor may have passed its
    /// place already, or may be passing it in the read that is under way.
    pub(super) fn expect(&mut self, place: Place, at: Moment, is_reading: bool) {
        self.approach(at);
        if self.has_passed(place) {
            self.cursor.after = place.previous();
        }
        if is_reading {
            let before = place.previous();
            self.lowered = Some(self.lowered.map_or(before, |lowered| lowered.min(before)));
        }
    }

    /// A read has begun.
    pub(super) fn begin(&mut self) {
        self.lowered = None;
    }

    /// A read has ended; `next` is when the next row is due as far as it saw.
    pub(super) fn read(&mut self, cursor: DueCursor, next: Option<Moment>, now: Moment) {
        self.cursor = cursor;
        self.next = next;
        if let Some(lowered) = self.lowered.take() {
            self.cursor.after = self.cursor.after.min(lowered);
            self.next = Some(now);
        }
    }
}
