//! How a subscription fares: when it is switched off, when it is left alone for a while, and how fast it is sent to.
//!
//! Pure functions over plain data. Switching off needs both a number of failures in a row *and* a time over which
//! nothing succeeded: a busy subscription fails a hundred times in a short outage, a quiet one fails once in a week.

use std::time::{Duration, SystemTime};

use crate::later::later;

/// When a subscription that only fails is switched off.
///
/// A status of 410 (Gone) switches it off at once, whatever this says.
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
}

/// Leaves a subscription alone for a while when it fails again and again, so that a dead target costs no time-outs.
///
/// Closed (everything is sent), open (nothing is sent until a time), half-open (one try decides). Deliveries that wait
/// for an open breaker use up none of their tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CircuitBreaker {
    /// Failures in a row that open it; 10 by default.
    pub threshold: u32,
    /// How long it stays open the first time; each failed trial doubles it. 10 seconds by default.
    pub pause: Duration,
    /// The longest pause; 5 minutes by default.
    pub longest_pause: Duration,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self {
            threshold: 10,
            pause: Duration::from_secs(10),
            longest_pause: Duration::from_mins(5),
        }
    }
}

/// What a [`CircuitBreaker`] remembers of one subscription, within one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Circuit {
    failures: u32,
    opened: u32,
    open_until: Option<SystemTime>,
    on_trial: bool,
}

/// What a [`Circuit`] says about another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    /// Send it.
    Send,
    /// Wait until then.
    WaitUntil(SystemTime),
    /// A trial is under way; its outcome decides.
    WaitForTrial,
}

impl Circuit {
    /// Whether a request may be sent now. Half-open, the first one that asks is the trial.
    pub(crate) fn permit(&mut self, now: SystemTime) -> Permit {
        match self.open_until {
            Some(until) if now < until => Permit::WaitUntil(until),
            Some(_) if self.on_trial => Permit::WaitForTrial,
            Some(_) => {
                self.on_trial = true;
                Permit::Send
            }
            None => Permit::Send,
        }
    }

    /// Takes note of a finished request.
    pub(crate) fn record(&mut self, succeeded: bool, rule: &CircuitBreaker, now: SystemTime) {
        if succeeded {
            *self = Self::default();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let was_trial = std::mem::take(&mut self.on_trial);
        let is_closed = self.open_until.is_none();
        if was_trial || is_closed && self.failures >= rule.threshold {
            let factor = 1u32.checked_shl(self.opened).unwrap_or(u32::MAX);
            let pause = rule.pause.saturating_mul(factor).min(rule.longest_pause);
            self.open_until = Some(later(now, pause));
            self.opened = self.opened.saturating_add(1);
        }
    }

    /// Sends nothing before `until`: the receiver is overloaded (429, 502, 504) and its next answer decides.
    pub(crate) fn hold(&mut self, until: SystemTime) {
        self.on_trial = false;
        self.open_until = Some(self.open_until.map_or(until, |open| open.max(until)));
    }

    /// Gives a permit back that was not used.
    pub(crate) fn release(&mut self) {
        self.on_trial = false;
    }

    /// Whether the breaker is open or half-open.
    pub(crate) fn is_open(&self) -> bool {
        self.open_until.is_some()
    }
}

/// At most so many requests in a time, evenly spread, with a burst of as many as one second holds.
///
/// The generic cell rate algorithm (ITU-T I.371): one time stamp is all its memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RateLimit {
    interval: Duration,
    burst: Duration,
}

impl RateLimit {
    /// At most this many requests in a second; zero counts as one.
    pub(crate) fn per_second(requests: u32) -> Self {
        let interval = Duration::from_secs(1) / requests.max(1);
        Self {
            interval,
            burst: interval * (requests.max(1) - 1),
        }
    }

    /// How many requests would be admitted now, one after the other; when none would, the time of the next.
    pub(crate) fn room(
        &self,
        pace: Option<SystemTime>,
        now: SystemTime,
    ) -> Result<u32, SystemTime> {
        let earliest = pace.map_or(now, |pace| pace.max(now));
        let ahead = earliest.duration_since(now).unwrap_or_default();
        let Some(left) = self.burst.checked_sub(ahead) else {
            return Err(earliest - self.burst);
        };
        let more = left.as_nanos() / self.interval.as_nanos().max(1);
        Ok(u32::try_from(more).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Admits a request, or says when to ask again. `pace` is the limit's memory, `None` at first.
    ///
    /// # Errors
    ///
    /// The time at which the next request is admitted.
    pub(crate) fn admit(
        &self,
        pace: &mut Option<SystemTime>,
        now: SystemTime,
    ) -> Result<(), SystemTime> {
        let earliest = pace.map_or(now, |pace| pace.max(now));
        let ahead = earliest.duration_since(now).unwrap_or_default();
        if ahead > self.burst {
            return Err(earliest - self.burst);
        }
        *pace = Some(earliest + self.interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        START + Duration::from_secs(seconds)
    }

    fn failed(times: u32) -> Circuit {
        let mut circuit = Circuit::default();
        (0..times).for_each(|_| circuit.record(false, &CircuitBreaker::default(), START));
        circuit
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
    fn the_breaker_opens_at_its_threshold_and_lets_one_trial_through() {
        assert_eq!(failed(9).permit(START), Permit::Send);
        let mut circuit = failed(10);
        assert_eq!(circuit.permit(at(9)), Permit::WaitUntil(at(10)));
        assert_eq!(circuit.permit(at(10)), Permit::Send);
        assert_eq!(circuit.permit(at(10)), Permit::WaitForTrial);
        circuit.record(true, &CircuitBreaker::default(), at(11));
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn a_failed_trial_doubles_the_pause_up_to_the_longest() {
        let (rule, mut circuit, mut now) = (CircuitBreaker::default(), failed(10), at(10));
        let mut pauses = Vec::new();
        for _ in 0..40 {
            assert_eq!(circuit.permit(now), Permit::Send);
            circuit.record(false, &rule, now);
            let Permit::WaitUntil(until) = circuit.permit(now) else {
                panic!("the breaker is open")
            };
            pauses.push(until.duration_since(now).expect("later").as_secs());
            now = until;
        }
        assert_eq!(pauses[..5], [20, 40, 80, 160, 300]);
        assert_eq!(pauses[39], 300);
    }

    #[test]
    fn a_pause_without_end_does_not_overflow() {
        let rule = CircuitBreaker {
            threshold: 1,
            pause: Duration::MAX,
            longest_pause: Duration::MAX,
        };
        let mut circuit = Circuit::default();
        circuit.record(false, &rule, at(5));
        assert!(matches!(circuit.permit(at(6)), Permit::WaitUntil(until) if until > at(1_000_000)));
    }

    #[test]
    fn failures_that_were_under_way_do_not_prolong_the_pause() {
        let mut circuit = failed(10);
        circuit.record(false, &CircuitBreaker::default(), at(8));
        assert_eq!(circuit.permit(at(9)), Permit::WaitUntil(at(10)));
    }

    #[test]
    fn the_room_of_a_rate_limit_is_what_it_then_admits() {
        for limit in [RateLimit::per_second(1), RateLimit::per_second(7)] {
            let (mut pace, mut now) = (None, START);
            for step in [0, 1, 300, 40, 2000, 999, 0, 5] {
                now += Duration::from_millis(step);
                let room = limit.room(pace, now);
                let mut admitted = 0;
                let next = loop {
                    match limit.admit(&mut pace, now) {
                        Ok(()) => admitted += 1,
                        Err(next) => break next,
                    }
                };
                assert_eq!(room.unwrap_or(0), admitted, "{limit:?}");
                assert_eq!(limit.room(pace, now), Err(next));
            }
        }
    }

    #[test]
    fn a_rate_limit_spreads_evenly_behind_its_burst() {
        let (limit, mut pace, mut now, mut sent) = (RateLimit::per_second(10), None, START, 0);
        while now < at(10) {
            match limit.admit(&mut pace, now) {
                Ok(()) => sent += 1,
                Err(next) => {
                    assert!(next > now, "the next time is later");
                    now = next;
                }
            }
        }
        assert!((100..=110).contains(&sent), "{sent}");
    }
}
