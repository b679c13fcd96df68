//! A lane: the deliveries that one process holds for one subscription, and whether more may be sent.
//!
//! Each lane has its own tasks, its own circuit and its own pace, so that a target that hangs fills its own lane and
//! nothing else. How much a lane may hold follows its speed: it doubles when everything was sent before the next claim,
//! and falls back to what can be started when an attempt was slow. What has waited too long all the same is not sent under its old lease.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::load::Delivery;
use super::subscription_cache::CachedSubscription;
use crate::breaker::{Circuit, CircuitBreaker, Permit};
use crate::rate_limit::RateLimit;

/// An attempt that took longer makes its lane a slow one.
const SLOW: Duration = Duration::from_secs(1);
/// The most that a fast lane holds.
const MAX_QUEUE: u32 = 1024;
/// And the most per concurrent request, so that a lane that may send little is not filled for longer than a wide one.
const MAX_QUEUE_PER_SLOT: u32 = 32;

/// The state of a lane, shared by the dispatcher and the lane's tasks.
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
    rate_limit: Option<RateLimit>,
    /// Whose it is, and which state of the subscription everything here was learned under.
    owner: Option<Arc<str>>,
    revision: Option<i64>,
    /// Nothing is claimed or sent before then: the subscription is paused, or its target is gone.
    paused_until: Option<SystemTime>,
}

/// What a task is to do next.
pub(crate) enum Next {
    /// Send this.
    Send(Box<Delivery>),
    /// Nothing may be sent now; these go back to the store.
    GiveBack(Vec<Delivery>),
    /// There is nothing to do, and the task has been counted out.
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
            owner: None,
            revision: None,
            paused_until: None,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// How many more may be claimed.
    pub(crate) fn room(&self, now: SystemTime) -> u32 {
        let state = self.lock();
        if state.paused_until.is_some_and(|until| now < until) {
            return 0;
        }
        match state.circuit.status(now) {
            Permit::Send if !state.circuit.is_open() => {}
            // Half-open: one trial.
            Permit::Send => return u32::from(state.in_flight() == 0),
            Permit::WaitUntil(_) | Permit::WaitForTrial => return 0,
        }
        match state.paced(now) {
            // Requests under way have been admitted already; those that wait have not.
            Some(admitted) => {
                let waiting = u32::try_from(state.waiting.len()).unwrap_or(u32::MAX);
                let places = u32::from(state.concurrency).saturating_sub(state.in_flight());
                admitted.unwrap_or(0).saturating_sub(waiting).min(places)
            }
            None => state.quota.saturating_sub(state.in_flight()),
        }
    }

    /// When a lane that has no room now is to be asked again.
    pub(crate) fn next_attempt_at(&self, now: SystemTime) -> Option<SystemTime> {
        let state = self.lock();
        let rests = state.paused_until.filter(|until| *until > now);
        let open = match state.circuit.status(now) {
            Permit::WaitUntil(until) => Some(until),
            Permit::Send | Permit::WaitForTrial => None,
        };
        let paced = state.paced(now).and_then(Result::err);
        rests.into_iter().chain(open).chain(paced).min()
    }

    /// Adds claimed deliveries; returns how many tasks are to be started.
    pub(crate) fn take(
        &self,
        deliveries: Vec<Delivery>,
        cached: Option<&CachedSubscription>,
        default: u16,
    ) -> u16 {
        let mut state = self.lock();
        if let Some(cached) = cached {
            state.concurrency = cached.concurrency.unwrap_or(default);
            state.rate_limit = cached.rate_limit;
            if state.owner.as_deref() != Some(&*cached.owner) {
                state.owner = Some(Arc::from(&*cached.owner));
            }
            state.learn(cached.revision);
        }
        if state.waiting.is_empty() && state.running == 0 {
            // Everything was sent since the last claim.
            state.quota *= 2;
        }
        state.quota = state
            .quota
            .min(u32::from(state.concurrency) * MAX_QUEUE_PER_SLOT)
            .min(MAX_QUEUE);
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
        if state.paused_until.is_some_and(|until| now < until) {
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
            state.paused_until = Some(until);
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
            // A slow lane holds what it can start, and nothing that waits.
            state.quota = state.concurrency.into();
        }
        state.waiting.len() <= usize::from(state.concurrency)
    }

    /// Gives a permit back for which no request was made.
    pub(crate) fn release_permit(&self) {
        self.lock().circuit.release();
    }

    /// Claims and sends nothing before this time.
    pub(crate) fn pause_until(&self, until: SystemTime) {
        self.lock().paused_until = Some(until);
    }

    /// Whose deliveries it holds, once any was taken.
    pub(crate) fn owner(&self) -> Option<Arc<str>> {
        self.lock().owner.clone()
    }

    /// How many deliveries are in flight.
    pub(crate) fn in_flight(&self) -> u32 {
        self.lock().in_flight()
    }

    /// The subscription has this revision: what was learned under another one is forgotten. Whether there was any such
    /// thing.
    pub(crate) fn has_revision(&self, revision: i64) -> bool {
        self.lock().learn(revision)
    }

    /// The subscription was changed: what was paused may be active, what failed may work.
    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        state.paused_until = None;
        state.circuit = Circuit::default();
    }

    /// Everything that waits.
    pub(crate) fn empty(&self) -> Vec<Delivery> {
        self.lock().waiting.drain(..).collect()
    }

    /// Whether hardly anything would be lost by forgetting the lane: nothing is in hand, and nothing holds it back now.
    pub(crate) fn is_idle(&self, now: SystemTime) -> bool {
        let state = self.lock();
        if state.in_flight() > 0 || state.paused_until.is_some_and(|until| now < until) {
            return false;
        }
        state.circuit.status(now) == Permit::Send
    }

    /// A task panicked. Returns what waits, when it was the last one.
    pub(crate) fn lost_task(&self) -> Vec<Delivery> {
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
    /// What the former target or its settings did says nothing about the new ones.
    fn learn(&mut self, revision: i64) -> bool {
        let is_new = self.revision.is_some_and(|known| known != revision);
        if is_new {
            self.circuit = Circuit::default();
            self.paused_until = None;
        }
        self.revision = Some(revision);
        is_new
    }

    /// With a rate limit: how many more requests it admits now, or when the next one. What it does not admit stays in
    /// the store, where taking it and giving it back would cost two writes each.
    fn paced(&self, now: SystemTime) -> Option<Result<u32, SystemTime>> {
        self.rate_limit.map(|limit| limit.room(self.pace, now))
    }

    fn in_flight(&self) -> u32 {
        u32::try_from(self.waiting.len())
            .unwrap_or(u32::MAX)
            .saturating_add(self.running.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn a_lane_with_few_places_is_never_filled_for_longer_than_a_wide_one() {
        let lane = Lane::new(32);
        lane.lock().concurrency = 1;
        for _ in 0..20 {
            lane.take(Vec::new(), None, 1);
        }
        assert_eq!(lane.room(NOW), MAX_QUEUE_PER_SLOT);
        let wide = Lane::new(200);
        (0..20).for_each(|_| _ = wide.take(Vec::new(), None, 200));
        assert_eq!(wide.room(NOW), MAX_QUEUE);
    }

    #[test]
    fn a_lane_is_forgotten_once_nothing_holds_it_back_any_more() {
        let (lane, later) = (Lane::new(32), NOW + Duration::from_secs(20));
        assert!(lane.is_idle(NOW));
        lane.pause_until(NOW + Duration::from_secs(5));
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
        assert_eq!((lane.room(NOW), lane.next_attempt_at(NOW)), (10, None));
        lane.lock().pace = Some(NOW + Duration::from_secs(1));
        let next = NOW + Duration::from_millis(100);
        assert_eq!((lane.room(NOW), lane.next_attempt_at(NOW)), (0, Some(next)));
        assert_eq!((lane.room(next), lane.next_attempt_at(next)), (1, None));
        // Slow requests that are under way were admitted when they began.
        lane.lock().running = 20;
        assert_eq!(lane.room(next), 1);
        lane.lock().running = 32;
        assert_eq!(lane.room(next), 0);
    }
}
