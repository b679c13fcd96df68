//! How the deliveries of a subscription ended, step by step.

use std::time::{Duration, SystemTime};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{DateTime, time};

/// A time that is cut into steps of equal length: what [`Statistics`] are made for.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use webhooks_sender::query::Period;
///
/// let hour = Duration::from_secs(3600);
/// let day = Period::new(UNIX_EPOCH, UNIX_EPOCH + hour * 24, hour).expect("24 steps");
/// assert_eq!(day.steps().count(), 24);
/// assert!(Period::new(UNIX_EPOCH, UNIX_EPOCH + hour * 101, hour).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    since: SystemTime,
    until: SystemTime,
    step: Duration,
}

impl Period {
    /// The most steps.
    pub const MAX_STEPS: u32 = 100;

    /// From `since` up to `until`, in steps; none where that is less than nothing, or more than
    /// [`MAX_STEPS`](Self::MAX_STEPS) steps, or a step is shorter than a second.
    pub fn new(since: SystemTime, until: SystemTime, step: Duration) -> Option<Self> {
        let length = until.duration_since(since).ok()?;
        let is_short = step
            .checked_mul(Self::MAX_STEPS)
            .is_none_or(|most| length <= most);
        let is_valid = step >= Duration::from_secs(1) && is_short;
        is_valid.then_some(Self { since, until, step })
    }

    /// The beginning and the end of each step; the last one may be shorter.
    pub fn steps(self) -> impl Iterator<Item = (SystemTime, SystemTime)> {
        let begin =
            std::iter::successors(Some(self.since), move |begin| begin.checked_add(self.step));
        begin
            .take_while(move |begin| *begin < self.until)
            .map(move |begin| {
                let end = begin.checked_add(self.step).unwrap_or(self.until);
                (begin, end.min(self.until))
            })
    }
}

/// How the deliveries of a subscription ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Statistics {
    /// Deliveries that have not ended yet, of any time; 1,000 means at least as many.
    pub waiting: u32,
    /// How those of messages of the period ended, oldest step first.
    pub steps: Vec<Step>,
}

/// How the deliveries of one step's messages ended. Each number is counted up to 10,000, which means at least as many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Step {
    /// When the step begins.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub since: SystemTime,
    /// Deliveries that succeeded.
    pub delivered: u32,
    /// Deliveries that were given up after their last attempt.
    pub failed: u32,
    /// Deliveries that were called off.
    pub cancelled: u32,
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_last_step_ends_with_the_period() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let period = Period::new(at(0), at(25), Duration::from_secs(10)).expect("three steps");
        let steps: Vec<_> = period.steps().collect();
        assert_eq!(steps, [(at(0), at(10)), (at(10), at(20)), (at(20), at(25))]);
    }

    #[test]
    fn a_period_that_is_backwards_too_long_or_cut_too_small_is_refused() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let second = Duration::from_secs(1);
        assert!(Period::new(at(2), at(1), second).is_none());
        assert!(Period::new(at(0), at(101), second).is_none());
        assert!(Period::new(at(0), at(1), Duration::from_millis(1)).is_none());
        assert_eq!(
            Period::new(at(1), at(1), second).map(|none| none.steps().count()),
            Some(0)
        );
    }
}
