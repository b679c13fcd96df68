//! What time it is, as a value: real, or turned by a test.
//!
//! PostgreSQL is asked for its own time, because several machines share it and none is right; of the clock here it
//! only takes what a test has added. SQLite lives in one machine and takes the time from here.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of a store. Clones share it.
///
/// The real clock does not go backwards by up to five minutes: when the machine's clock is set back, it goes on at the
/// monotonic clock's pace until the machine's has caught up. So such a step neither holds a lease for ever nor delivers
/// late. A larger one is followed: it ends a mistake, and what was signed meanwhile is refused by receivers anyway.
///
/// ```
/// use std::time::Duration;
/// use webhooks_store::Clock;
///
/// let clock = Clock::fixed_at(Duration::from_secs(1_800_000_000));
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now_ms(), 1_800_000_060_000);
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    kind: Arc<Kind>,
}

#[derive(Debug)]
enum Kind {
    System(Mutex<Anchor>),
    Turned { start_ms: i64, added_ms: Mutex<i64> },
}

impl Clock {
    /// The machine's clock, kept from going backwards.
    pub fn system() -> Self {
        let anchor = Anchor {
            wall_ms: wall_ms(),
            at: Instant::now(),
        };
        Self {
            kind: Arc::new(Kind::System(Mutex::new(anchor))),
        }
    }

    /// A clock that stands still, this long after 1970, until it is turned with [`advance`](Clock::advance).
    ///
    /// On PostgreSQL time starts at the server's own and flows; only what is added counts.
    pub fn fixed_at(since_1970: Duration) -> Self {
        let start_ms = i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX);
        Self {
            kind: Arc::new(Kind::Turned {
                start_ms,
                added_ms: Mutex::new(0),
            }),
        }
    }

    /// Turns a fixed clock forward. The real clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        self.turn(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Turns a fixed clock back: what an administrator or a broken time server does to a machine.
    pub fn step_back(&self, by: Duration) {
        self.turn(
            i64::try_from(by.as_millis())
                .unwrap_or(i64::MAX)
                .saturating_neg(),
        );
    }

    /// Milliseconds since 1970, for SQLite and for what the program itself decides.
    pub fn now_ms(&self) -> i64 {
        match &*self.kind {
            Kind::System(anchor) => {
                let mut anchor = anchor.lock().unwrap_or_else(PoisonError::into_inner);
                *anchor = anchor.follow(wall_ms(), Instant::now());
                anchor.wall_ms
            }
            Kind::Turned { start_ms, added_ms } => {
                start_ms.saturating_add(*added_ms.lock().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }

    /// The same as a [`SystemTime`].
    pub fn now(&self) -> SystemTime {
        from_ms(self.now_ms())
    }

    /// What a test has added, in milliseconds: PostgreSQL adds it to its own time.
    pub(crate) fn added_ms(&self) -> i64 {
        match &*self.kind {
            Kind::System(_) => 0,
            Kind::Turned { added_ms, .. } => {
                *added_ms.lock().unwrap_or_else(PoisonError::into_inner)
            }
        }
    }

    fn turn(&self, by_ms: i64) {
        if let Kind::Turned { added_ms, .. } = &*self.kind {
            let mut added = added_ms.lock().unwrap_or_else(PoisonError::into_inner);
            *added = added.saturating_add(by_ms);
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// How far a clock runs ahead of the machine's: as far as receivers let a signature's time be off (Standard Webhooks).
const MOST_AHEAD_MS: i64 = 5 * 60 * 1000;

#[derive(Clone, Copy, Debug)]
struct Anchor {
    wall_ms: i64,
    at: Instant,
}

impl Anchor {
    /// The later of the machine's clock and of the last answer plus what has passed since, unless that is too far ahead.
    fn follow(self, wall_ms: i64, at: Instant) -> Self {
        let passed =
            i64::try_from(at.saturating_duration_since(self.at).as_millis()).unwrap_or(i64::MAX);
        let steady_ms = self.wall_ms.saturating_add(passed);
        // A machine that believed in another year for a moment must not sign for the future until the process ends.
        if wall_ms >= steady_ms || steady_ms.saturating_sub(wall_ms) > MOST_AHEAD_MS {
            return Self { wall_ms, at };
        }
        // Keeping the old instant keeps the fraction of a millisecond that has passed.
        let kept = self.at + Duration::from_millis(passed.unsigned_abs());
        Self {
            wall_ms: steady_ms,
            at: kept,
        }
    }
}

/// A point in time as the tables store it. Times before 1970 become 1970.
pub fn to_ms(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A point in time from what the tables store.
pub fn from_ms(ms: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

pub(crate) fn duration_ms(duration: Duration) -> i64 {
    // A century is never reached by a lease or a delay, and never overflows when added to a time.
    const CENTURY: i64 = 100 * 366 * 24 * 60 * 60 * 1000;
    i64::try_from(duration.as_millis()).map_or(CENTURY, |ms| ms.min(CENTURY))
}

fn wall_ms() -> i64 {
    to_ms(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor() -> Anchor {
        Anchor {
            wall_ms: 1_000_000,
            at: Instant::now(),
        }
    }

    #[test]
    fn the_clock_follows_a_step_forward() {
        let anchor = anchor();
        assert_eq!(anchor.follow(9_000_000, anchor.at).wall_ms, 9_000_000);
    }

    #[test]
    fn a_step_back_does_not_stop_time() {
        let first = anchor();
        let second = first.follow(900_000, first.at + Duration::from_millis(250));
        assert_eq!(second.wall_ms, 1_000_250);
        let third = second.follow(900_500, first.at + Duration::from_millis(750));
        assert_eq!(third.wall_ms, 1_000_750);
    }

    #[test]
    fn a_moment_in_another_year_is_not_kept() {
        let year = 365 * 24 * 60 * 60 * 1000;
        let before = anchor();
        let wrong = before.follow(before.wall_ms + year, before.at);
        let right = wrong.follow(1_000_100, before.at + Duration::from_millis(100));
        assert_eq!(right.wall_ms, 1_000_100);
        // What receivers accept is kept, to the millisecond.
        let ahead = before.follow(1_000_000 + MOST_AHEAD_MS, before.at);
        assert_eq!(ahead.follow(1_000_000, before.at).wall_ms, ahead.wall_ms);
        let beyond = before.follow(1_000_001 + MOST_AHEAD_MS, before.at);
        assert_eq!(beyond.follow(1_000_000, before.at).wall_ms, 1_000_000);
    }

    #[test]
    fn many_readings_within_a_millisecond_lose_nothing() {
        let first = anchor();
        let mut current = first;
        for n in 1..=10_000_u64 {
            current = current.follow(900_000, first.at + Duration::from_micros(n * 100));
        }
        assert_eq!(current.wall_ms, 1_001_000);
    }

    #[test]
    fn a_time_before_1970_is_1970() {
        assert_eq!(to_ms(UNIX_EPOCH - Duration::from_secs(5)), 0);
        assert_eq!(from_ms(-5), UNIX_EPOCH);
    }

    #[test]
    fn the_real_clock_cannot_be_turned() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(1_000_000));
        assert!(clock.now_ms() < wall_ms() + 1_000_000);
        assert_eq!(clock.added_ms(), 0);
    }
}
