//! Rate-limits log messages: one of a kind immediately, then at most one in a given time, with the number of those that
//! were left out.
//!
//! Any client can send requests that are refused. Without a limit they would fill the log and hide everything else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The most kinds that are distinguished. Further ones share one entry, because a sender can write part of a kind.
const KINDS: usize = 64;

/// When each kind of message was last written.
#[derive(Debug)]
pub(crate) struct LogThrottle {
    quiet: Duration,
    kinds: Mutex<HashMap<String, LastWritten>>,
}

#[derive(Debug)]
struct LastWritten {
    at: SystemTime,
    left_out: u64,
}

impl LogThrottle {
    /// A throttle that writes one message of a kind in this time.
    pub(crate) fn every(quiet: Duration) -> Self {
        Self {
            quiet,
            kinds: Mutex::new(HashMap::new()),
        }
    }

    /// Whether to write a message of this kind now: with how many were left out since the last one.
    pub(crate) fn observe(&self, kind: &str, now: SystemTime) -> Option<u64> {
        // Nothing that holds the lock can panic half way.
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = if kinds.len() < KINDS || kinds.contains_key(kind) {
            kind
        } else {
            ""
        };
        let Some(last) = kinds.get_mut(kind) else {
            let first = LastWritten {
                at: now,
                left_out: 0,
            };
            kinds.insert(kind.to_owned(), first);
            return Some(0);
        };
        // A clock that was set back starts a new quiet time.
        let is_quiet = now
            .duration_since(last.at)
            .is_ok_and(|passed| passed < self.quiet);
        if is_quiet {
            last.left_out += 1;
            return None;
        }
        last.at = now;
        Some(std::mem::take(&mut last.left_out))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_kind_is_written_immediately_and_then_once_in_the_quiet_time_with_the_number_left_out() {
        let throttle = LogThrottle::every(Duration::from_secs(600));
        let written = [1000, 1001, 1599, 1600, 1601, 2200, 5]
            .map(|second| throttle.observe("a", UNIX_EPOCH + Duration::from_secs(second)));
        assert_eq!(
            written,
            [Some(0), None, None, Some(2), None, Some(1), Some(0)]
        );
    }

    #[test]
    fn kinds_do_not_silence_one_another_until_there_are_too_many() {
        let throttle = LogThrottle::every(Duration::from_secs(600));
        for kind in 0..KINDS {
            assert_eq!(throttle.observe(&kind.to_string(), UNIX_EPOCH), Some(0));
        }
        assert_eq!(
            throttle.observe("new", UNIX_EPOCH),
            Some(0),
            "the shared one"
        );
        for kind in 0..1000 {
            assert_eq!(throttle.observe(&format!("x{kind}"), UNIX_EPOCH), None);
        }
        assert!(throttle.kinds.lock().unwrap().len() <= KINDS + 1);
    }
}
