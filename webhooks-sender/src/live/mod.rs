//! What happens now, as it happens. One task of a process reads the database for all who listen, so that thousands of
//! idle listeners cost one query a second; it ends with the last of them.
//!
//! It reads the database and not what its own process does: messages may be sent by one process and delivered by another.
//! Attempts are followed for an hour after their message was sent. Later ones are not shown here, but found by
//! [`find_attempts`](crate::Account::find_attempts).

mod feed;
mod follower;
mod tries;

pub(crate) use feed::Feed;
pub use feed::{Live, LiveFeed};
