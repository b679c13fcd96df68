//! The circuit breaker of a subscription: a pure state machine over plain data.

use std::time::{Duration, SystemTime};

use crate::time::saturating_add;

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
    /// Whether a request could be sent now, without taking the permit.
    pub(crate) fn status(&self, now: SystemTime) -> Permit {
        match self.open_until {
            Some(until) if now < until => Permit::WaitUntil(until),
            Some(_) if self.on_trial => Permit::WaitForTrial,
            Some(_) | None => Permit::Send,
        }
    }

    /// Whether a request may be sent now. Half-open, the first one that asks is the trial.
    pub(crate) fn permit(&mut self, now: SystemTime) -> Permit {
        let permit = self.status(now);
        if permit == Permit::Send && self.is_open() {
            self.on_trial = true;
        }
        permit
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
            self.open_until = Some(saturating_add(now, pause));
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
}
