//! Adding to a time, also what nobody lives to see: `SystemTime` panics where a caller says `Duration::MAX`.

use std::time::{Duration, SystemTime};

/// A century: longer than anything here lasts, and far from the end of every clock.
const CENTURY: Duration = Duration::from_hours(100 * 366 * 24);

/// So much later, at most a century.
pub(crate) fn later(now: SystemTime, by: Duration) -> SystemTime {
    now + by.min(CENTURY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_ever_is_a_century() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        assert_eq!(
            later(now, Duration::from_secs(5)),
            now + Duration::from_secs(5)
        );
        assert_eq!(later(now, Duration::MAX), now + CENTURY);
    }
}
