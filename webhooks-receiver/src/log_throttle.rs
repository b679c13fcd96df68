//! What the log is told once, and then once in a while, however often it happens.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How long it is quiet after each time.
const QUIET: Duration = Duration::from_secs(10 * 60);

/// Remembers when something was last said.
#[derive(Debug, Default)]
pub(crate) struct LogThrottle(Mutex<Option<SystemTime>>);

impl LogThrottle {
    /// Whether to say it now; then it counts as said.
    pub(crate) fn is_due(&self, now: SystemTime) -> bool {
        // Nothing that holds the lock can panic half way.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = is_due(*last, now);
        if due {
            *last = Some(now);
        }
        due
    }
}

/// A clock that was set back counts as a new one.
fn is_due(last: Option<SystemTime>, now: SystemTime) -> bool {
    last.is_none_or(|last| {
        now.duration_since(last)
            .map_or(true, |quiet| quiet >= QUIET)
    })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn it_is_said_at_once_and_then_every_ten_minutes() {
        let seldom = LogThrottle::default();
        let said = [1000, 1001, 1599, 1600, 1601, 2200, 5]
            .map(|second| seldom.is_due(UNIX_EPOCH + Duration::from_secs(second)));
        assert_eq!(said, [true, false, false, true, false, true, true]);
    }
}
