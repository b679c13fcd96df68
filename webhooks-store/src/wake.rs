//! Wake-ups: workers look at once instead of at their next poll. Only that: a lost one costs time, never a job.
//!
//! Inside a process a wake-up is a number that grows. PostgreSQL carries it to the others with `NOTIFY`, at most one
//! every few milliseconds and never in a caller's transaction, because `NOTIFY` makes commits queue up.

use std::time::Duration;

/// Tells workers that there is something to do. Clones are the same.
#[derive(Clone, Debug)]
pub struct Wake {}

/// What a worker waits on.
#[derive(Debug)]
pub struct Wakeups {}

impl Wake {
    pub(crate) fn new() -> Self {
        Wake {}
    }

    /// Something has been committed: look now.
    pub fn now(&self) {
        todo!()
    }

    /// Something is about to be committed, by somebody who will not tell: look every few milliseconds for a while.
    pub fn soon(&self) {
        todo!()
    }

    /// Wake-ups from now on, for one worker.
    pub fn wakeups(&self) -> Wakeups {
        todo!()
    }
}

impl Wakeups {
    /// Returns at the next wake-up, or when `at_most` has passed; at once when there was a wake-up since the last
    /// call.
    pub async fn wait(&mut self, at_most: Duration) {
        let _ = at_most;
        todo!()
    }
}
