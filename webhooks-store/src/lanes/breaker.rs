//! A circuit breaker: leaves a lane alone for a while when it fails again and again.

use std::time::Duration;

use super::place::Moment;

/// When a lane is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Breaker {
    /// Failures in a row that open it.
    pub threshold: u32,
    /// How long it stays open the first time; each failed trial doubles it.
    pub pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

/// What a lane remembers for its [`Breaker`]: closed, open until a moment, or half-open, when one trial decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Circuit {
    failures: u32,
    opened: u32,
    open_until: Option<Moment>,
    on_trial: bool,
}

/// What a [`Circuit`] says about another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permit {
    Send,
    /// The one request that decides.
    Trial,
    WaitUntil(Moment),
    WaitForTrial,
}

impl Circuit {
    pub(super) fn permit(&self, now: Moment) -> Permit {
        match self.open_until {
            Some(until) if now < until => Permit::WaitUntil(until),
            Some(_) if self.on_trial => Permit::WaitForTrial,
            Some(_) => Permit::Trial,
            None => Permit::Send,
        }
    }

    /// Takes note of a request that begins.
    pub(super) fn begin(&mut self) {
        self.on_trial = self.open_until.is_some();
    }

    /// Takes note of a request that was not made after all.
    pub(super) fn release(&mut self) {
        self.on_trial = false;
    }

    /// Takes note of an answer.
    pub(super) fn record(&mut self, succeeded: bool, rule: &Breaker, now: Moment) {
        if succeeded {
            *self = Self::default();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let was_trial = std::mem::take(&mut self.on_trial);
        if was_trial || self.open_until.is_none() && self.failures >= rule.threshold {
            let factor = 1_u32.checked_shl(self.opened).unwrap_or(u32::MAX);
            let pause = rule.pause.saturating_mul(factor).min(rule.longest_pause);
            self.open_until = Some(now.plus(pause));
            self.opened = self.opened.saturating_add(1);
        }
    }

    /// Sends nothing before `until`: the receiver is overloaded, and its next answer decides.
    pub(super) fn hold(&mut self, until: Moment) {
        self.on_trial = false;
        self.open_until = Some(self.open_until.map_or(until, |open| open.max(until)));
    }

    /// A person wants to know whether the receiver is well again: one request may be made now, and decides.
    pub(super) fn try_now(&mut self, now: Moment) {
        self.open_until = self.open_until.map(|open| open.min(now));
    }

    /// Whether nothing would be lost by forgetting it.
    pub(super) fn is_rested(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Breaker = Breaker {
        threshold: 2,
        pause: Duration::from_secs(10),
        longest_pause: Duration::from_secs(15),
    };

    fn at(seconds: u64) -> Moment {
        Moment::after(Duration::from_secs(seconds))
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_trial_decides() {
        let mut circuit = Circuit::default();
        circuit.record(false, &RULE, at(0));
        assert_eq!(circuit.permit(at(0)), Permit::Send);
        circuit.record(false, &RULE, at(0));
        assert_eq!(circuit.permit(at(9)), Permit::WaitUntil(at(10)));
        assert_eq!(circuit.permit(at(10)), Permit::Trial);
        circuit.begin();
        assert_eq!(circuit.permit(at(10)), Permit::WaitForTrial);
        circuit.record(false, &RULE, at(10));
        assert_eq!(circuit.permit(at(24)), Permit::WaitUntil(at(25)));
        circuit.begin();
        circuit.record(true, &RULE, at(25));
        assert!(circuit.is_rested());
    }
}
