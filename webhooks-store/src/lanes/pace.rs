//! A limit of requests in a time: the generic cell rate algorithm (ITU-T I.371), whose memory is one moment.

use std::time::Duration;

use super::place::Moment;

/// At most so many requests in a second, evenly spread, with a burst of as many as one second holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    interval: Duration,
    burst: Duration,
}

impl Rate {
    /// At most this many requests in a second; zero counts as one.
    pub fn per_second(requests: u32) -> Self {
        let interval = Duration::from_secs(1) / requests.max(1);
        Self {
            interval,
            burst: interval * (requests.max(1) - 1),
        }
    }
}

/// What a lane remembers of its requests, for its [`Rate`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pace(Option<Moment>);

impl Pace {
    /// The pace of a lane that another process may have sent in until now: nothing of a burst is left.
    pub(super) fn used_up(rate: &Rate, now: Moment) -> Self {
        Self(Some(now.plus(rate.burst).plus(rate.interval)))
    }

    /// How many requests would be admitted now; when none would, the moment of the next.
    pub(super) fn room(self, rate: &Rate, now: Moment) -> Result<u32, Moment> {
        let earliest = self.earliest(now);
        let Some(left) = rate.burst.checked_sub(now.until(earliest)) else {
            return Err(earliest.minus(rate.burst));
        };
        let more = left.as_nanos() / rate.interval.as_nanos().max(1);
        Ok(u32::try_from(more).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Takes note of a request that was admitted.
    pub(super) fn admit(&mut self, rate: &Rate, now: Moment) {
        self.0 = Some(self.earliest(now).plus(rate.interval));
    }

    /// Whether nothing would be lost by forgetting it.
    pub(super) fn is_rested(self, now: Moment) -> bool {
        self.0.is_none_or(|at| at <= now)
    }

    /// When nothing would be lost by forgetting it.
    pub(super) fn rested_at(self) -> Option<Moment> {
        self.0
    }

    fn earliest(self, now: Moment) -> Moment {
        self.0.map_or(now, |at| at.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::after(Duration::from_millis(ms))
    }

    fn admitted(mut pace: Pace, rate: &Rate, ms: u64) -> usize {
        (0..=ms)
            .filter(|ms| {
                let room = pace.room(rate, at(*ms)).is_ok();
                if room {
                    pace.admit(rate, at(*ms));
                }
                room
            })
            .count()
    }

    #[test]
    fn ten_seconds_admit_a_hundred_and_the_burst_of_one_second() {
        let rate = Rate::per_second(10);
        assert!((100..=110).contains(&admitted(Pace::default(), &rate, 10_000)));
    }

    #[test]
    fn a_lane_that_changed_hands_has_no_burst() {
        let rate = Rate::per_second(10);
        assert_eq!(admitted(Pace::used_up(&rate, at(0)), &rate, 1_000), 10);
    }

    #[test]
    fn room_says_how_many_and_then_when() {
        let (rate, mut pace) = (Rate::per_second(2), Pace::default());
        assert_eq!(pace.room(&rate, at(0)), Ok(2));
        pace.admit(&rate, at(0));
        pace.admit(&rate, at(0));
        assert_eq!(pace.room(&rate, at(0)), Err(at(500)));
        assert!(!pace.is_rested(at(999)) && pace.is_rested(at(1_000)));
    }
}
