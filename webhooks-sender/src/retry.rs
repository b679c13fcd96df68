//! When a delivery is tried again: a pure function of the attempt's number, the receiver's wish, and a random number.
//!
//! Two rules matter. Jitter only ever delays, so that a schedule is a promise; and a `Retry-After` header can put a
//! try off up to a cap, but never bring it forward.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The waits of the [Standard Webhooks][spec] schedule behind the first try: 75 hours and 35 minutes in all.
///
/// [spec]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#retry-schedule
pub const STANDARD_SCHEDULE: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// When failed deliveries are tried again, and how often.
///
/// | try | after the one before |
/// |---|---|
/// | 1 | immediately |
/// | 2 | 5 s |
/// | 3 | 5 min |
/// | 4 | 30 min |
/// | 5 | 2 h |
/// | 6 | 5 h |
/// | 7 | 10 h |
/// | 8 | 14 h |
/// | 9 | 20 h |
/// | 10 | 24 h |
///
/// ```
/// use std::time::Duration;
/// use webhooks_sender::settings::RetrySchedule;
///
/// let schedule = RetrySchedule::standard();
/// assert_eq!(schedule.after(1, None, 0.0), Some(Duration::from_secs(5)));
/// assert_eq!(schedule.after(10, None, 0.0), None);
/// // The receiver asks for a minute, then for a second: a wish can only delay.
/// assert_eq!(schedule.after(1, Some(Duration::from_secs(60)), 0.0), Some(Duration::from_secs(60)));
/// assert_eq!(schedule.after(2, Some(Duration::from_secs(1)), 0.0), Some(Duration::from_secs(300)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RetrySchedule {
    waits: Vec<Duration>,
    jitter: f64,
    retry_after_cap: Duration,
}

impl RetrySchedule {
    /// The schedule that Standard Webhooks recommends: ten tries over about three days.
    pub fn standard() -> Self {
        Self::new(STANDARD_SCHEDULE)
    }

    /// A schedule of these waits; as many tries as there are waits, and the first one. Without waits, one try is all.
    pub fn new(waits: impl IntoIterator<Item = Duration>) -> Self {
        let waits = waits.into_iter().collect();
        Self {
            waits,
            jitter: 0.1,
            retry_after_cap: Duration::from_hours(24),
        }
    }

    /// How much longer a wait may be, at random: 0.1, the default, is up to a tenth. Values are taken from 0 to 1.
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self
    }

    /// The longest wait that a receiver can ask for with `Retry-After`; 24 hours by default, a year at most. The
    /// schedule's own wait counts where it is longer.
    pub fn retry_after_cap(mut self, cap: Duration) -> Self {
        self.retry_after_cap = cap.min(Duration::from_hours(365 * 24));
        self
    }

    /// The waits behind each failed try but the last, without jitter.
    pub(crate) fn waits(&self) -> &[Duration] {
        &self.waits
    }

    /// The most by which a wait is longer, in percent, rounded up.
    pub(crate) fn jitter_percent(&self) -> u8 {
        // From 0 to 1, so from 0 to 100.
        (0..=100)
            .find(|percent| f64::from(*percent) >= self.jitter * 100.0)
            .unwrap_or(100)
    }

    /// How many tries a delivery has.
    pub fn tries(&self) -> usize {
        self.waits.len() + 1
    }

    /// A receiver's wish, as far as it is granted.
    pub(crate) fn capped(&self, wish: Option<Duration>) -> Option<Duration> {
        wish.map(|wish| wish.min(self.retry_after_cap))
    }

    /// How long to wait behind failed try number `attempt` (from 1), or `None` when it was the last.
    ///
    /// `random` is a random number from 0 to 1, which decides about the jitter.
    pub fn after(
        &self,
        attempt: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        let index = usize::try_from(attempt).ok()?.checked_sub(1)?;
        let step = *self.waits.get(index)?;
        let wished = retry_after.map_or(step, |wish| wish.min(self.retry_after_cap));
        let wait = step.max(wished);
        Some(wait.saturating_add(wait.mul_f64(self.jitter * random.clamp(0.0, 1.0))))
    }
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self::standard()
    }
}

/// What a `Retry-After` header asks for: seconds (a fraction is accepted) or a date of HTTP (RFC 9110, section 10.2.3).
///
/// A date that has passed asks for nothing, as does a value that is malformed or negative.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        let seconds: f64 = value.parse().ok()?;
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    date.duration_since(now.max(UNIX_EPOCH)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_schedule_lasts_75_hours_and_35_minutes() {
        let total: Duration = STANDARD_SCHEDULE.iter().sum();
        assert_eq!(total, Duration::from_secs(75 * 3600 + 35 * 60 + 5));
        assert_eq!(RetrySchedule::standard().tries(), 10);
    }

    #[test]
    fn jitter_only_delays_and_at_most_by_its_share() {
        let schedule = RetrySchedule::standard();
        for (index, step) in STANDARD_SCHEDULE.iter().enumerate() {
            let attempt = u32::try_from(index + 1).expect("ten tries");
            for random in [0.0, 0.3, 1.0, 7.0, -1.0] {
                let wait = schedule.after(attempt, None, random).expect("not the last");
                assert!(
                    wait >= *step && wait <= step.mul_f64(1.1 + 1e-9),
                    "{attempt} {random}: {wait:?}"
                );
            }
        }
    }

    #[test]
    fn a_wish_is_capped_but_the_step_is_not() {
        let schedule = RetrySchedule::new([Duration::from_secs(10), Duration::from_secs(500)])
            .retry_after_cap(Duration::from_mins(1));
        assert_eq!(
            schedule.after(1, Some(Duration::MAX), 0.0),
            Some(Duration::from_mins(1))
        );
        assert_eq!(
            schedule.after(2, Some(Duration::MAX), 0.0),
            Some(Duration::from_secs(500))
        );
    }

    #[test]
    fn an_empty_schedule_is_a_single_try() {
        let schedule = RetrySchedule::new([]);
        assert_eq!(schedule.after(1, Some(Duration::from_secs(1)), 0.5), None);
        assert_eq!(schedule.after(0, None, 0.5), None);
    }

    #[test]
    fn odd_retry_after_values_ask_for_nothing_or_for_the_cap() {
        let now = UNIX_EPOCH + Duration::from_hours(500_000);
        for nothing in [
            "",
            " ",
            ".",
            "1.2.3",
            "-1",
            "+5",
            "soon",
            "0x10",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "1e3",
        ] {
            assert_eq!(retry_after(nothing, now), None, "{nothing:?}");
        }
        assert_eq!(
            retry_after("99999999999999999999999999", now),
            Some(Duration::MAX)
        );
        assert_eq!(retry_after(" 1.5 ", now), Some(Duration::from_millis(1500)));
        assert_eq!(retry_after("0", now), Some(Duration::ZERO));
        let then = UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:50:37 GMT", then),
            Some(Duration::from_mins(1))
        );
    }
}
