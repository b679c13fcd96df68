//! What becomes of requests: answers, and what is recorded of them.

use super::super::database::{Row, id};
use super::{END_TRIES, End, LATER_MS, World};
use crate::lanes::{Ending, Recorded, Version};

impl World {
    pub(super) fn answered(&mut self, number: usize, row: usize, succeeded: bool) {
        let now = self.now(number);
        let process = &mut self.processes[number];
        let version = process.sending.remove(&row).expect("it is in the list");
        let ending = if succeeded {
            Ending::Succeeded
        } else {
            Ending::Failed
        };
        process.lanes.ended(id(row), ending, now);
        process.outcomes.insert(row, (version, succeeded));
    }

    pub(super) fn record(&mut self, number: usize, row: usize, broken: &mut Vec<&'static str>) {
        let outcome = self.processes[number].outcomes.remove(&row);
        let (version, succeeded) = outcome.expect("it is in the list");
        let current = self.database.rows[row].clone();
        let recorded = match current {
            Some(current) if succeeded => {
                let fits = current.version.generation == version.generation;
                if fits || self.bounds.without.no_generation {
                    broken.extend((!fits).then_some("I5"));
                    self.end(row, End::Done(number));
                    Recorded::Ended
                } else {
                    Recorded::Missed
                }
            }
            Some(current) => {
                let fits = current.version == version;
                if fits || self.bounds.without.no_version {
                    broken.extend((!fits).then_some("I3"));
                    self.fail(number, row, &current)
                } else {
                    Recorded::Missed
                }
            }
            None => Recorded::Missed,
        };
        self.processes[number].replies.insert(row, recorded);
    }

    fn fail(&mut self, number: usize, row: usize, current: &Row) -> Recorded {
        if current.version.change + 1 >= END_TRIES {
            self.end(row, End::Failed(number));
            return Recorded::Ended;
        }
        let version = Version {
            change: current.version.change + 1,
            ..current.version
        };
        // The last moment that the clock reaches: due before or after what the schedule has read.
        let next = Row {
            version,
            starts: 0,
            ..current.clone()
        };
        if self.bounds.is_ordered {
            self.database.rows[row] = Some(Row {
                held_ms: Some(LATER_MS),
                ..next
            });
            return Recorded::Held {
                version,
                until_ms: LATER_MS,
            };
        }
        self.database.rows[row] = Some(Row {
            due_ms: LATER_MS,
            scheduled: true,
            ..next
        });
        Recorded::Again {
            version,
            due_ms: LATER_MS,
        }
    }
}
