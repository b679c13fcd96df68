//! Who sent when, by the receiver's clock: one process sends in a lane at a time, and what has an order keeps it.
//!
//! A process that stood still between its last look at the clock and its request makes that request when it goes on, though
//! the lane is another's by now. No lease can prevent that. So what a process sends within a second of going on is counted
//! apart.

use std::collections::HashMap;

use crate::arrivals::Arrival;

/// For so long after a process went on, what it sends may have been begun before.
const STALE_MS: u64 = 1000;

/// When processes went on that had stood still: the worker's name, and milliseconds since 1970.
pub(crate) type Thaws = Vec<(String, u64)>;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Conduct {
    /// Two processes sent in one lane at the same time.
    pub(crate) overlaps: Vec<String>,
    /// A message came before the one that was sent before it, or again after it.
    pub(crate) overtakings: Vec<String>,
    /// Both, by a process that had just stood still.
    pub(crate) stale: usize,
}

/// Looks at the requests of each path. On a path that is `first in, first out`, no request may overlap with another.
pub(crate) fn conduct(
    arrivals: &[Arrival],
    thaws: &Thaws,
    is_first_in_first_out: impl Fn(&str) -> bool,
) -> Conduct {
    let mut conduct = Conduct::default();
    let mut paths: HashMap<&str, Vec<&Arrival>> = HashMap::new();
    for arrival in arrivals {
        paths.entry(&arrival.path).or_default().push(arrival);
    }
    for (path, mut arrivals) in paths {
        arrivals.sort_by_key(|arrival| (arrival.began, arrival.ended));
        conduct.look_at_overlaps(&arrivals, thaws, is_first_in_first_out(path));
        conduct.look_at_order(&arrivals, thaws);
    }
    conduct
}

impl Conduct {
    fn look_at_overlaps(&mut self, arrivals: &[&Arrival], thaws: &Thaws, is_single: bool) {
        let mut under_way: Vec<&Arrival> = Vec::new();
        for arrival in arrivals {
            under_way.retain(|other| other.ended > arrival.began);
            for other in &under_way {
                if !is_single && other.worker == arrival.worker {
                    continue;
                }
                if is_stale(arrival, thaws) || is_stale(other, thaws) {
                    self.stale += 1;
                } else {
                    let line = format!("{other:?} was not answered when {arrival:?} came");
                    self.overlaps.push(line);
                }
            }
            under_way.push(arrival);
        }
    }

    /// The messages of one caller have one order key, and numbers that rise.
    fn look_at_order(&mut self, arrivals: &[&Arrival], thaws: &Thaws) {
        let mut last: HashMap<&str, (u64, &Arrival)> = HashMap::new();
        let mut delivered: HashMap<(&str, u64), u64> = HashMap::new();
        for arrival in arrivals {
            let (caller, number) = place(arrival);
            if let Some((before, latest)) = last.get(caller) {
                let has_arrived = || {
                    let at = delivered.get(&(caller, *before));
                    at.is_some_and(|at| *at <= arrival.began)
                };
                let in_order = number == *before || number > *before && has_arrived();
                if !in_order && (is_stale(arrival, thaws) || is_stale(latest, thaws)) {
                    self.stale += 1;
                } else if !in_order {
                    let line = format!("{arrival:?} came after {latest:?}");
                    self.overtakings.push(line);
                }
            }
            if arrival.is_delivery() {
                let at = delivered.entry((caller, number)).or_insert(arrival.ended);
                *at = arrival.ended.min(*at);
            }
            if last.get(caller).is_none_or(|(before, _)| number >= *before) {
                last.insert(caller, (number, arrival));
            }
        }
    }
}

/// Who sent a message, and the how manieth it was.
fn place(arrival: &Arrival) -> (&str, u64) {
    let (caller, number) = arrival.number.rsplit_once('-').expect("caller and number");
    (caller, number.parse().expect("a number"))
}

fn is_stale(arrival: &Arrival, thaws: &Thaws) -> bool {
    thaws.iter().any(|(worker, at)| {
        *worker == arrival.worker && (*at..at + STALE_MS).contains(&arrival.began)
    })
}

#[cfg(test)]
mod tests {
    use webhooks_tests::fixture_event::How;

    use super::*;

    fn arrival(worker: &str, number: u64, began: u64, ended: u64, status: u16) -> Arrival {
        Arrival {
            began,
            ended,
            worker: worker.to_owned(),
            path: "/a".to_owned(),
            id: number.to_string(),
            how: How::Sent,
            status,
            number: format!("caller-{number}"),
        }
    }

    fn found(arrivals: &[Arrival], thaws: &Thaws) -> (usize, usize, usize) {
        let conduct = conduct(arrivals, thaws, |_| false);
        let Conduct {
            overlaps,
            overtakings,
            stale,
        } = conduct;
        (overlaps.len(), overtakings.len(), stale)
    }

    #[test]
    fn retries_and_repetitions_of_the_latest_are_in_order() {
        let arrivals = [
            arrival("one", 0, 0, 10, 503),
            arrival("one", 0, 20, 30, 204),
            arrival("two", 0, 30, 40, 204),
            arrival("two", 3, 40, 50, 204),
        ];
        assert_eq!(found(&arrivals, &Vec::new()), (0, 0, 0));
    }

    #[test]
    fn what_overlaps_overtakes_or_comes_again_is_found() {
        let overlapping = [arrival("one", 0, 0, 10, 204), arrival("two", 0, 9, 20, 204)];
        assert_eq!(found(&overlapping, &Vec::new()), (1, 0, 0));
        let thaws = vec![("one".to_owned(), 0)];
        assert_eq!(found(&overlapping, &thaws), (0, 0, 1));
        let overtaking = [
            arrival("one", 0, 0, 10, 503),
            arrival("one", 1, 20, 30, 204),
        ];
        assert_eq!(found(&overtaking, &Vec::new()), (0, 1, 0));
        let again = [
            arrival("one", 0, 0, 10, 204),
            arrival("one", 1, 20, 30, 204),
            arrival("one", 0, 40, 50, 204),
        ];
        assert_eq!(found(&again, &Vec::new()), (0, 1, 0));
    }
}
