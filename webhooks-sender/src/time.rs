//! Adds a duration to a `SystemTime` without overflow.
//!
//! `SystemTime + Duration` panics beyond the platform's range, and settings such as a retention may be
//! `Duration::MAX`. The sum is therefore capped at 100 years from the time given.

use std::time::{Duration, SystemTime};

/// Longer than anything here lasts, and far from the end of every clock.
const CENTURY: Duration = Duration::from_hours(100 * 366 * 24);

/// The time plus the duration, at most a century later.
pub(crate) fn saturating_add(time: SystemTime, duration: Duration) -> SystemTime {
    time + duration.min(CENTURY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_without_end_is_a_century() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        assert_eq!(
            saturating_add(now, Duration::from_secs(5)),
            now + Duration::from_secs(5)
        );
        assert_eq!(saturating_add(now, Duration::MAX), now + CENTURY);
    }
}
