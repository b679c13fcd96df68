//! The rate limit of a subscription: a pure function over one time stamp.

use std::time::{Duration, SystemTime};

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
