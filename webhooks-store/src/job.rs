//! A job: one piece of durable work, from the row that is inserted to the row that is kept.
//!
//! The store knows nothing of what a job does. It reads the times, the lane and the state; reference, labels and
//! data belong to the program that inserted it.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use crate::clock::{from_ms, to_ms};
use crate::lane::{Lane, Slot};

/// 128 bits that name a job, or what a job is about.
///
/// Made with [`Id::at`], ids sort by time, and new rows go to the end of every index instead of all over it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use webhooks_store::Id;
///
/// let earlier = Id::at(UNIX_EPOCH + Duration::from_secs(1), [0xff; 10]);
/// let later = Id::at(UNIX_EPOCH + Duration::from_secs(2), [0x00; 10]);
/// assert!(earlier < later);
/// assert_eq!(later.to_string(), "0000000007d000000000000000000000");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

impl Id {
    /// 48 bits of milliseconds since 1970, then ten bytes that make it unique: random, or counted up.
    pub fn at(time: SystemTime, unique: [u8; 10]) -> Self {
        let ms = to_ms(time).to_be_bytes();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&ms[2..]);
        bytes[6..].copy_from_slice(&unique);
        Id(bytes)
    }

    /// The id of a job about something: the first eight bytes of that thing's id, then eight of its own.
    ///
    /// So all jobs about one thing lie together in the order of ids, and are found without an index of their own; see
    /// [`Store::jobs_about`](crate::Store::jobs_about).
    ///
    /// ```
    /// use webhooks_store::Id;
    ///
    /// let message = Id::from_bytes([7; 16]);
    /// let delivery = Id::about(message, [1; 8]);
    /// assert_eq!(delivery.to_string(), "07070707070707070101010101010101");
    /// assert!(Id::all_about(message).contains(&delivery));
    /// ```
    pub fn about(thing: Self, own: [u8; 8]) -> Self {
        let mut bytes = thing.0;
        bytes[8..].copy_from_slice(&own);
        Self(bytes)
    }

    /// Where the ids of [jobs about](Id::about) something lie. A few others may lie there too: jobs about what was made
    /// in the same millisecond and happens to begin with the same two further bytes.
    pub fn all_about(thing: Self) -> RangeInclusive<Self> {
        Self::about(thing, [0; 8])..=Self::about(thing, [0xff; 8])
    }

    /// An id whose bytes come from elsewhere.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Id(bytes)
    }

    /// The bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first that was made in this millisecond, or could have been.
    pub(crate) fn of_ms(ms: i64) -> Self {
        Self::at(from_ms(ms.max(0)), [0; 10])
    }

    /// The milliseconds since 1970 with which it begins.
    pub(crate) fn ms(self) -> i64 {
        let ms = u128::from_be_bytes(self.0) >> 80;
        i64::try_from(ms).unwrap_or(i64::MAX)
    }

    pub(crate) fn next(self) -> Self {
        Self(u128::from_be_bytes(self.0).saturating_add(1).to_be_bytes())
    }

    /// The one below; none below the lowest.
    pub(crate) fn previous(self) -> Option<Self> {
        let below = u128::from_be_bytes(self.0).checked_sub(1)?;
        Some(Self(below.to_be_bytes()))
    }
}

impl From<[u8; 16]> for Id {
    fn from(bytes: [u8; 16]) -> Self {
        Id(bytes)
    }
}

impl From<Id> for Lane {
    fn from(id: Id) -> Self {
        Self::from(id.0.as_slice())
    }
}

/// Thirty-two hexadecimal digits.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// When a job may be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Immediately.
    Now,
    /// After this delay, counted by the database's clock: right also when the machines' clocks differ.
    After(Duration),
    /// At this time, for what people schedule. In the past it means immediately.
    At(SystemTime),
}

/// A job to be inserted.
///
/// ```
/// use std::time::Duration;
/// use webhooks_store::{Due, Id, Lane, NewJob, Slot};
///
/// let message = Id::from_bytes([1; 16]);
/// let job = NewJob::new("delivery", Id::from_bytes([2; 16]), "sub_7")
///     .reference(message)
///     .slot(Slot::of(b"acct_1"))
///     .due(Due::After(Duration::from_secs(5)));
/// assert_eq!(job.lane, Lane::from("sub_7"));
/// ```
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The name of the queue: jobs of different queues never meet.
    pub queue: &'static str,
    /// Unique over all queues, also over finished jobs that are still kept.
    pub id: Id,
    /// Whose turn it takes.
    pub lane: Lane,
    /// Where its lane lies: the same for all jobs of a lane. Default: that of the lane's key. Lanes whose jobs must never be
    /// worked on by more processes than one at a time, such as all of one owner, need the same one.
    pub slot: Slot,
    /// Whose lane it is: a number for each owner, with whom the others take turns. Default: 0.
    pub owner: i64,
    /// What it is about. Jobs about one thing are found again if their ids are made with [`Id::about`]. Default: nothing.
    pub reference: Option<Id>,
    /// Jobs of one lane with the same key never overtake each other. Default: nothing, and it overtakes.
    pub order_key: Option<String>,
    /// The owner's labels, as the owner writes them. Kept and returned.
    pub labels: Option<String>,
    /// Whatever its worker needs in addition to the reference. Keep it small: it is read with the job.
    pub data: Vec<u8>,
    /// Default: now.
    pub due: Due,
}

impl NewJob {
    /// A job that is due now.
    pub fn new(queue: &'static str, id: Id, lane: impl Into<Lane>) -> Self {
        let (reference, order_key, labels) = (None, None, None);
        let lane = lane.into();
        Self {
            queue,
            id,
            slot: Slot::of(lane.as_bytes()),
            lane,
            owner: 0,
            reference,
            order_key,
            labels,
            data: Vec::new(),
            due: Due::Now,
        }
    }

    /// Sets where its lane lies.
    pub fn slot(mut self, slot: Slot) -> Self {
        self.slot = slot;
        self
    }

    /// Sets whose lane it is.
    pub fn owner(mut self, owner: i64) -> Self {
        self.owner = owner;
        self
    }

    /// Sets what the job is about.
    pub fn reference(mut self, reference: Id) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Sets the [ordering key](Self::order_key).
    pub fn order_key(mut self, key: impl Into<String>) -> Self {
        self.order_key = Some(key.into());
        self
    }

    /// Sets the labels.
    pub fn labels(mut self, labels: impl Into<String>) -> Self {
        self.labels = Some(labels.into());
        self
    }

    /// Sets what the worker needs.
    pub fn data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.data = data.into();
        self
    }

    /// Sets when it may be worked on.
    pub fn due(mut self, due: Due) -> Self {
        self.due = due;
        self
    }
}

/// Where a job stands. Whether it is being worked on is not among it: the process that owns its lane knows.
///
/// ```text
///            enqueue                         record
///   ───────────────────▶ Pending ──────────────────────▶ Done
///                          ▲  ▲     retry   │            Failed
///                          │  └─────────────┘            Cancelled
///                          │                                │
///                          └────────────────────────────────┘ restart
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Waiting until it is due, for its turn, or being worked on.
    Pending,
    /// Ended well.
    Done,
    /// Ended badly, for good.
    Failed,
    /// Called off.
    Cancelled,
}

/// Until when an ordered job is held back, and with it what must not overtake it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Until its next try.
    Until(SystemTime),
    /// Until it is [done again](crate::Store::restart_in) or [called off](crate::Store::cancel_in) by hand.
    Stopped,
}

/// A job as it stands: for people who look, not for workers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobRecord {
    /// The queue.
    pub queue: String,
    /// The job.
    pub id: Id,
    /// Where its lane lies.
    pub slot: Slot,
    /// Whose turn it takes.
    pub lane: Lane,
    /// See [`NewJob::owner`].
    pub owner: i64,
    /// What it is about.
    pub reference: Option<Id>,
    /// See [`NewJob::order_key`].
    pub order_key: Option<String>,
    /// See [`NewJob::labels`].
    pub labels: Option<String>,
    /// See [`NewJob::data`].
    pub data: Vec<u8>,
    /// Where it stands.
    pub state: State,
    /// How often it had ended and was done again.
    pub generation: i64,
    /// How many tries have been counted.
    pub attempts: u32,
    /// When it could or can be worked on.
    pub due_at: SystemTime,
    /// Until when an ordered job waits for its next try, in its old place.
    pub held_until: Option<Hold>,
    /// When it was inserted.
    pub created_at: SystemTime,
    /// When it ended; nothing while it is pending.
    pub finished_at: Option<SystemTime>,
    /// Of one that has ended, the last attempt; nothing where it ended without one. Of one that waits, see
    /// [`Store::attempts`](crate::Store::attempts).
    pub last_attempt: Option<LastAttempt>,
}

/// What the row of a finished job says of its last attempt. What came back stands apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastAttempt {
    /// When it was made.
    pub at: SystemTime,
    /// How long it took.
    pub duration: Duration,
    /// The status that came back.
    pub status: Option<u16>,
    /// A word for what kept an answer from coming.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_then_by_what_makes_them_unique() {
        let time = |ms| std::time::UNIX_EPOCH + Duration::from_millis(ms);
        let ids = [
            Id::at(time(255), [9; 10]),
            Id::at(time(256), [0; 10]),
            Id::at(time(256), [1; 10]),
        ];
        assert!(ids.is_sorted());
        assert_eq!(ids[1].to_string(), "00000000010000000000000000000000");
    }
}
