//! When a subscription that only fails is switched off: a pure function over its failure window.
//!
//! It takes both a number of failures in a row *and* a time over which nothing succeeded: a busy subscription fails a
//! hundred times in a short outage, a quiet one fails once in a week.

use std::time::{Duration, SystemTime};

/// When a subscription that only fails is switched off.
///
/// A status of 410 (Gone) switches it off immediately, whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeactivationRule {
    /// At least this many attempts in a row must have failed; 20 by default.
    pub failures: u32,
    /// And the first of them must be this long ago; 5 days by default.
    pub period: Duration,
}

impl Default for DeactivationRule {
    fn default() -> Self {
        Self {
            failures: 20,
            period: Duration::from_hours(120),
        }
    }
}

/// The failures of a subscription since its last success, or since it was activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FailureWindow {
    /// Failed attempts in a row.
    pub(crate) failures: u32,
    /// When the first of them was made.
    pub(crate) since: Option<SystemTime>,
}

impl FailureWindow {
    /// Whether the subscription is to be switched off.
    pub(crate) fn deactivates(&self, rule: &DeactivationRule, now: SystemTime) -> bool {
        let lasted = self.since.and_then(|since| now.duration_since(since).ok());
        self.failures >= rule.failures && lasted.is_some_and(|lasted| lasted >= rule.period)
    }

    /// How much of the rule is fulfilled, in percent: as much as is of both its number and its time.
    pub(crate) fn percent(&self, rule: &DeactivationRule, now: SystemTime) -> i64 {
        let lasted = self.since.and_then(|since| now.duration_since(since).ok());
        let share = |part: u128, whole: u128| (part * 100).checked_div(whole).unwrap_or(100);
        let of_time = share(
            lasted.unwrap_or_default().as_millis(),
            rule.period.as_millis(),
        );
        let of_number = share(self.failures.into(), rule.failures.into());
        i64::try_from(of_time.min(of_number)).unwrap_or(i64::MAX)
    }

    /// When it will be switched off at the earliest, if everything goes on failing.
    pub(crate) fn ends_at(&self, rule: &DeactivationRule) -> Option<SystemTime> {
        self.since.and_then(|since| since.checked_add(rule.period))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        START + Duration::from_secs(seconds)
    }

    #[test]
    fn many_failures_alone_or_a_long_time_alone_do_not_switch_off() {
        let rule = DeactivationRule::default();
        let busy = FailureWindow {
            failures: 10_000,
            since: Some(START),
        };
        assert!(!busy.deactivates(&rule, at(3600)));
        let quiet = FailureWindow {
            failures: 1,
            since: Some(START),
        };
        assert!(!quiet.deactivates(&rule, at(30 * 86_400)));
        assert!(busy.deactivates(&rule, at(5 * 86_400)));
    }

    #[test]
    fn both_the_number_and_the_time_are_reached_by_the_last_of_them() {
        let rule = DeactivationRule {
            failures: 2,
            period: Duration::from_mins(1),
        };
        let window = FailureWindow {
            failures: 2,
            since: Some(START),
        };
        assert!(!window.deactivates(&rule, at(59)) && window.deactivates(&rule, at(60)));
        assert!(!FailureWindow::default().deactivates(&rule, at(60)));
    }

    #[test]
    fn a_clock_that_steps_back_switches_nothing_off() {
        let window = FailureWindow {
            failures: 100,
            since: Some(at(86_400 * 30)),
        };
        assert!(!window.deactivates(&DeactivationRule::default(), at(5)));
    }

    #[test]
    fn the_rule_is_as_far_as_the_lesser_of_its_number_and_its_time() {
        let rule = DeactivationRule {
            failures: 20,
            period: Duration::from_secs(100),
        };
        let window = |failures| FailureWindow {
            failures,
            since: Some(START),
        };
        for (failures, seconds, percent) in [
            (0, 0, 0),
            (20, 49, 49),
            (9, 100, 45),
            (10, 50, 50),
            (16, 85, 80),
            (400, 1000, 1000),
        ] {
            let found = window(failures).percent(&rule, at(seconds));
            assert_eq!(found, percent, "{failures} in {seconds} s");
        }
        let immediate = DeactivationRule {
            failures: 0,
            period: Duration::ZERO,
        };
        assert_eq!(window(1).percent(&immediate, at(0)), 100);
        assert_eq!(FailureWindow::default().percent(&rule, at(100)), 0);
        assert_eq!(window(1).ends_at(&rule), Some(at(100)));
    }
}
