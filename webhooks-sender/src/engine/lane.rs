//! A lane: what one process has in hand for one subscription, and whether more may be sent.
//!
//! Each lane has its own runners, its own circuit and its own pace, so that a target that hangs fills its own lane and
//! nothing else. How much a lane may hold follows its speed: it doubles when everything was sent before the next claim,
//! and falls back when an attempt was slow. What has waited too long all the same is not sent under its old lease.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::load::Delivery;
use super::recipients::Known;
use crate::health::{Circuit, CircuitBreaker, Permit};

/// An attempt that took longer makes its lane a slow one.
const SLOW: Duration = Duration::from_secs(1);
/// The most that a fast lane holds.
const WIDEST: u32 = 1024;
/// And the most for each of its places: a lane that may send little at once is not filled for longer than a wide one.
const ROUNDS: u32 = 32;

/// The state of a lane, shared by the claims and the runners.
pub(crate) struct Lane {
    state: Mutex<State>,
}

struct State {
    waiting: VecDeque<Delivery>,
    running: u16,
    concurrency: u16,
    quota: u32,
    circuit: Circuit,
    pace: Option<SystemTime>,
    rate_limit: Option<crate::health::RateLimit>,
    /// Nothing is claimed or sent before then: the subscription is paused, or its target is gone.
    rests_until: Option<SystemTime>,
}

/// What a runner is to do next.
pub(crate) enum Next {
    /// Send this.
    Send(Box<Delivery>),
    /// Nothing may be sent now; these go back to the store.
    GiveBack(Vec<Delivery>),
    /// There is nothing to do, and the runner has been counted out.
    Stop,
}

impl Lane {
    pub(crate) fn new(concurrency: u16) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            running: 0,
            concurrency,
            quota: u32::from(concurrency) * 2,
            circuit: Circuit::default(),
            pace: None,
            rate_limit: None,
            rests_until: None,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// How many more may be claimed.
    pub(crate) fn room(&self, now: SystemTime) -> u32 {
        let mut state = self.lock();
        if state.rests_until.is_some_and(|until| now < until) {
            return 0;
        }
        match state.circuit.permit(now) {
            Permit::Send if !state.circuit.is_open() => {}
            // Half-open: one trial. The permit is taken again by the runner.
            Permit::Send => {
                state.circuit.release();
                return u32::from(state.in_hand() == 0);
            }
            Permit::WaitUntil(_) | Permit::WaitForTrial => return 0,
        }
        match state.paced(now) {
            // Requests under way have been admitted already; those that wait have not.
            Some(admitted) => {
                let waiting = u32::try_from(state.waiting.len()).unwrap_or(u32::MAX);
                let places = u32::from(state.concurrency).saturating_sub(state.in_hand());
                admitted.unwrap_or(0).saturating_sub(waiting).min(places)
            }
            None => state.quota.saturating_sub(state.in_hand()),
        }
    }

    /// When a lane that has no room now is to be asked again.
    pub(crate) fn asks_again(&self, now: SystemTime) -> Option<SystemTime> {
        let mut state = self.lock();
        let rests = state.rests_until.filter(|until| *until > now);
        let open = match state.circuit.permit(now) {
            Permit::WaitUntil(until) => Some(until),
            Permit::Send => {
                state.circuit.release();
                None
            }
            Permit::WaitForTrial => None,
        };
        let paced = state.paced(now).and_then(Result::err);
        rests.into_iter().chain(open).chain(paced).min()
    }

    /// Takes claimed deliveries in; returns how many runners are to be started.
    pub(crate) fn take(
        &self,
        deliveries: Vec<Delivery>,
        known: Option<&Known>,
        default: u16,
    ) -> u16 {
        let mut state = self.lock();
        if let Some(known) = known {
            state.concurrency = known.concurrency.unwrap_or(default);
            state.rate_limit = known.rate_limit;
        }
        if state.waiting.is_empty() && state.running == 0 {
            // Everything was sent since the last claim.
            state.quota *= 2;
        }
        state.quota = state
            .quota
            .min(u32::from(state.concurrency) * ROUNDS)
            .min(WIDEST);
        state.waiting.extend(deliveries);
        let wanted = u16::try_from(state.waiting.len()).unwrap_or(u16::MAX);
        let start = state.concurrency.saturating_sub(state.running).min(wanted);
        state.running += start;
        start
    }

    /// What the next request is.
    pub(crate) fn next(&self, now: SystemTime) -> Next {
        let mut state = self.lock();
        if state.waiting.len() > state.quota as usize {
            // A slow attempt has narrowed the lane.
            let most = state.quota as usize;
            return Next::GiveBack(state.waiting.split_off(most).into());
        }
        let Some(delivery) = state.waiting.pop_front() else {
            state.running -= 1;
            return Next::Stop;
        };
        if state.rests_until.is_some_and(|until| now < until) {
            state.waiting.push_front(delivery);
            return Next::GiveBack(state.waiting.drain(..).collect());
        }
        match state.circuit.permit(now) {
            Permit::Send => {}
            Permit::WaitUntil(_) | Permit::WaitForTrial => {
                state.waiting.push_front(delivery);
                return Next::GiveBack(state.waiting.drain(..).collect());
            }
        }
        if let Some(limit) = state.rate_limit
            && let Err(until) = limit.admit(&mut state.pace, now)
        {
            // Another process has used the limit up, or the limit was not known yet when these were claimed.
            state.circuit.release();
            state.rests_until = Some(until);
            state.waiting.push_front(delivery);
            return Next::GiveBack(state.waiting.drain(..).collect());
        }
        Next::Send(Box::new(delivery))
    }

    /// Takes note of an attempt. Whether the lane has room again that is worth a claim.
    pub(crate) fn finished(
        &self,
        succeeded: bool,
        duration: Duration,
        slow_down: Option<Duration>,
        breaker: &CircuitBreaker,
        now: SystemTime,
    ) -> bool {
        let mut state = self.lock();
        state.circuit.record(succeeded, breaker, now);
        if let Some(pause) = slow_down {
            state.circuit.hold(now + pause);
        }
        if duration > SLOW {
            state.quota = u32::from(state.concurrency) * 2;
        }
        state.waiting.len() <= usize::from(state.concurrency)
    }

    /// Gives a permit back for which no request was made.
    pub(crate) fn unused(&self) {
        self.lock().circuit.release();
    }

    /// Claims and sends nothing before this time.
    pub(crate) fn rest(&self, until: SystemTime) {
        self.lock().rests_until = Some(until);
    }

    /// A subscription may have been activated.
    pub(crate) fn stir(&self) {
        let mut state = self.lock();
        state.rests_until = None;
        state.circuit = Circuit::default();
    }

    /// Everything that waits.
    pub(crate) fn empty(&self) -> Vec<Delivery> {
        self.lock().waiting.drain(..).collect()
    }

    /// Whether hardly anything would be lost by forgetting the lane: nothing is in hand, and nothing holds it back now.
    pub(crate) fn is_idle(&self, now: SystemTime) -> bool {
        let mut state = self.lock();
        if state.in_hand() > 0 || state.rests_until.is_some_and(|until| now < until) {
            return false;
        }
        let may_send = state.circuit.permit(now) == Permit::Send;
        state.circuit.release();
        may_send
    }

    /// A runner ended without being told to: it panicked. What waits, when it was the last one.
    pub(crate) fn lost_runner(&self) -> Vec<Delivery> {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
        state.circuit.release();
        if state.running == 0 {
            state.waiting.drain(..).collect()
        } else {
            Vec::new()
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// With a rate limit: how many more requests it admits now, or when the next one. What it does not admit stays in
    /// the store, where taking it and giving it back would cost two writes each.
    fn paced(&self, now: SystemTime) -> Option<Result<u32, SystemTime>> {
        self.rate_limit.map(|limit| limit.room(self.pace, now))
    }

    fn in_hand(&self) -> u32 {
        u32::try_from(self.waiting.len())
            .unwrap_or(u32::MAX)
            .saturating_add(self.running.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::RateLimit;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn a_lane_with_few_places_is_never_filled_for_longer_than_a_wide_one() {
        let lane = Lane::new(32);
        lane.lock().concurrency = 1;
        for _ in 0..20 {
            lane.take(Vec::new(), None, 1);
        }
        assert_eq!(lane.room(NOW), ROUNDS);
        let wide = Lane::new(200);
        (0..20).for_each(|_| _ = wide.take(Vec::new(), None, 200));
        assert_eq!(wide.room(NOW), WIDEST);
    }

    #[test]
    fn a_lane_is_forgotten_once_nothing_holds_it_back_any_more() {
        let (lane, later) = (Lane::new(32), NOW + Duration::from_secs(20));
        assert!(lane.is_idle(NOW));
        lane.rest(NOW + Duration::from_secs(5));
        assert!(!lane.is_idle(NOW) && lane.is_idle(later));
        let rule = CircuitBreaker {
            threshold: 1,
            ..CircuitBreaker::default()
        };
        lane.finished(false, Duration::ZERO, None, &rule, NOW);
        assert!(!lane.is_idle(NOW) && lane.is_idle(later));
        lane.lock().running = 1;
        assert!(!lane.is_idle(later));
    }

    #[test]
    fn a_lane_with_a_rate_limit_claims_what_it_may_send_and_asks_again_when_it_may_send_more() {
        let lane = Lane::new(32);
        lane.lock().rate_limit = Some(RateLimit::per_second(10));
        assert_eq!((lane.room(NOW), lane.asks_again(NOW)), (10, None));
        lane.lock().pace = Some(NOW + Duration::from_secs(1));
        let next = NOW + Duration::from_millis(100);
        assert_eq!((lane.room(NOW), lane.asks_again(NOW)), (0, Some(next)));
        assert_eq!((lane.room(next), lane.asks_again(next)), (1, None));
        // Slow requests that are under way were admitted when they began.
        lane.lock().running = 20;
        assert_eq!(lane.room(next), 1);
        lane.lock().running = 32;
        assert_eq!(lane.room(next), 0);
    }
}
