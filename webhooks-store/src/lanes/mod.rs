//! Lanes that are owned: the protocol by which processes share out the work, as one pure value.
//!
//! A *lane* is what shares a fate, for example everything for one subscription. Lanes lie in 256 *slots*, and each slot
//! has one owner at a time among the processes. Its owner reads its lanes with cursors in memory and writes a row again only
//! when the job ends or is put off; nothing is written to say that a job is being worked on. Therefore concurrency, rate,
//! breaker and order of a lane are exact over all processes, and an old snapshot that is held elsewhere does not make
//! reading slower.
//!
//! [`Lanes`] is what a process knows and decides. It makes no requests and runs no statements, knows no clock and no
//! randomness: a driver runs what [`Lanes::ask`] asks, one after the other, gives it the [`Answer`], makes the requests
//! that [`Lanes::begin`] names, and says what came of them. [`Worker`](crate::Worker) runs what is asked on a database,
//! [`Store::record_in`](crate::Store::record_in) records outcomes. So the protocol can be explored, state by state, over this
//! very code.
//!
//! ```text
//!            ask ──▶ store ──▶ answer          rows are taken in hand
//!          begin ──▶ request ──▶ ended         their outcomes wait to be recorded
//!                    outcomes ──▶ recorded     they are put down, or tried again
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use webhooks_store::lanes::{
//!     Answer, Ask, Ending, Entry, FeedCursor, LaneSettings, Lanes, Moment, Ownership, Place, Places, Polling,
//!     Recorded, Rows, Version,
//! };
//! use webhooks_store::{Id, LaneName, Slot};
//!
//! let seconds = Duration::from_secs;
//! let mut lanes = Lanes::new(LaneSettings {
//!     ownership: Ownership::Sole,
//!     polling: Polling { shortest: seconds(0), longest: seconds(1), between: seconds(0) },
//!     places: Places { all: 100, per_owner: 25, reserve: 10 },
//!     widest: 1024,
//!     in_hand: 2048,
//!     unrecorded: 1024,
//!     page: 256,
//! });
//! let now = Moment::default();
//!
//! // First the feed says where it stands; then it brings what has come since.
//! let opened = FeedCursor { next: 1, ..FeedCursor::default() };
//! assert!(matches!(lanes.ask(now), Some(Ask::Feed { .. })));
//! lanes.answer(Answer::Feed { rows: Rows::default(), cursor: opened, more: true, next_ms: None }, now);
//!
//! let row = Entry {
//!     lane: LaneName::new(Slot::of(b"acct_1"), *b"sub_7"),
//!     owner: 1,
//!     place: Place { due_ms: 0, id: Id::from_bytes([7; 16]) },
//!     version: Version::default(),
//!     order_key: None,
//!     held_ms: None,
//!     attempts: 0,
//!     starts: 0,
//!     content: Arc::default(),
//! };
//! let mut begun = None;
//! while begun.is_none() {
//!     let answer = match lanes.ask(now).expect("a slot whose lanes are not known yet, at least") {
//!         Ask::Feed { cursor, .. } => Answer::Feed { rows: Rows::default(), cursor, more: false, next_ms: None },
//!         Ask::Due { cursor, .. } => Answer::Due { rows: Rows::default(), cursor, more: false, next_ms: None },
//!         Ask::Sweep { slots, .. } => Answer::Sweep {
//!             lanes: [(row.lane.clone(), 1)].into_iter().filter(|(lane, _)| slots.contains(&lane.slot)).collect(),
//!             up_to: None,
//!         },
//!         Ask::Refill(_) => Answer::Rows(Rows { entries: vec![row.clone()], now_ms: 0 }),
//!         other => panic!("{other:?}"),
//!     };
//!     lanes.answer(answer, now);
//!     begun = lanes.begin(now);
//! }
//! assert_eq!(begun, Some(row.clone()));
//! lanes.ended(row.id(), Ending::Succeeded, now);
//! lanes.recorded(row.id(), Recorded::Ended, now);
//! assert_eq!(lanes.in_hand(), 0);
//! ```
//!
//! # What holds
//!
//! | | |
//! |---|---|
//! | I1 | a generation of a job ends at most once |
//! | I2 | a row that was committed waits or has ended |
//! | I3 | a failure counts once, for the version that was tried |
//! | I4 | one process makes requests in a lane at a time, unless it was stopped between its last look at the clock and the request |
//! | I5 | an answer never ends a later generation |
//! | I6 | a process makes no request for what it has itself recorded as ended |
//! | I7 | what is due is found by the owner of its lane |
//! | I8 | of two jobs with one order key, the later one is not tried before the earlier one has ended |
//! | I10 | in a slot whose owners have died, no request begins before that is written down |
//!
//! I1, I3 and I5 hold because outcomes name the [`Version`] of their row, whatever the owner believes. The others are this
//! module's: `explore` tries every order of events within its bounds, and with each part of the protocol left out shows
//! which of them breaks. That nothing that waits is ever pruned (I9) is the store's.

mod ask;
mod breaker;
mod doubt;
mod entry;
#[cfg(test)]
mod explore;
mod fairness;
mod feed;
mod guard;
mod hand;
mod lane;
mod machine;
mod order;
mod own;
mod pace;
mod place;
mod refusal;
mod slots;
mod sweep;
mod switch;
mod wanting;
mod window;

pub use ask::{Answer, Ask, Membership, OwnSlot, Refill, Rows};
pub use breaker::Breaker;
pub use entry::{Content, Entry};
pub use fairness::Places;
pub use feed::{DueCursor, FeedCursor, FeedPage, Polling};
pub use lane::LaneRules;
pub use machine::{Ending, LaneSettings, Lanes, Recorded};
pub use order::Order;
pub use pace::Rate;
pub use place::{Moment, Place, Version};
pub use slots::Ownership;
