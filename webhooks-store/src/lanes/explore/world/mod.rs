//! Two processes that work on one lane, step by step.

mod exchange;
mod outcome;
mod row;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::bounds::Bounds;
use super::database::{Database, Row, id, row_of};
use crate::lanes::{
    Answer, Breaker, Ending, LaneRules, LaneSettings, Lanes, Moment, Order, Ownership, Places,
    Polling, Recorded, Version,
};

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Commit(usize),
    Cancel(usize),
    Replay(usize),
    Retry(usize),
    /// A millisecond passes.
    Clock,
    Ask(usize),
    Answer(usize),
    Begin(usize),
    /// A process that had stopped goes on and makes its request.
    Resume(usize),
    Succeed(usize, usize),
    Fail(usize, usize),
    Record(usize, usize),
    Told(usize, usize),
    /// The deadline passes, and the process does not know yet.
    Late(usize),
    /// It does.
    Tick(usize),
    /// The lease ends in the database.
    Expire(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum End {
    Done(usize),
    Failed(usize),
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Process {
    lanes: Lanes,
    is_late: bool,
    answer: Option<Answer>,
    /// Stopped between its last look at the clock and its request.
    armed: BTreeMap<usize, Version>,
    sending: BTreeMap<usize, Version>,
    /// Answered, not recorded.
    outcomes: BTreeMap<usize, (Version, bool)>,
    /// Recorded, and the process does not know yet.
    replies: BTreeMap<usize, Recorded>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    bounds: Bounds,
    database: Database,
    /// As the read before saw it.
    before: Option<Database>,
    history: Vec<(usize, i64, End)>,
    now_ms: i64,
    owner: Option<usize>,
    is_alive: [bool; 2],
    epoch: i64,
    processes: [Process; 2],
}

const END_TRIES: i64 = 2;
const TTL: Duration = Duration::from_secs(15);
const LATE: Moment = Moment::after(Duration::from_secs(14));
/// The clock stops here.
const END_MS: i64 = 3;
/// When what failed is tried again.
const LATER_MS: i64 = 2;

impl World {
    pub(super) fn new(bounds: Bounds) -> Self {
        let settings = LaneSettings {
            ownership: Ownership::Shared {
                ttl: TTL,
                margin: Duration::from_secs(2),
                beat: Duration::from_secs(10),
            },
            polling: Polling {
                shortest: Duration::ZERO,
                longest: Duration::ZERO,
                between: Duration::ZERO,
            },
            places: Places {
                all: 10,
                per_owner: 10,
                reserve: 0,
            },
            widest: bounds.widest,
            in_hand: 10,
            unrecorded: 10,
            page: 10,
        };
        let process = Process {
            lanes: Lanes::new(settings).without(bounds.without.machine),
            is_late: false,
            answer: None,
            armed: BTreeMap::new(),
            sending: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            replies: BTreeMap::new(),
        };
        let mut world = Self {
            bounds,
            database: Database {
                rows: vec![None; bounds.rows],
                is_committed: vec![false; bounds.rows],
                next_number: bounds.rows as u64 + 1,
            },
            before: None,
            history: Vec::new(),
            now_ms: 1,
            owner: None,
            is_alive: [false; 2],
            epoch: 0,
            processes: [process.clone(), process],
        };
        // Only the first row's transaction may last.
        let first = usize::from(bounds.commits_late);
        (first..bounds.rows).for_each(|row| world.commit(row));
        world
    }

    pub(super) fn is_done(&self) -> bool {
        let Database {
            rows, is_committed, ..
        } = &self.database;
        is_committed.iter().all(|is| *is) && rows.iter().all(Option::is_none)
    }

    pub(super) fn has_live_owner(&self) -> bool {
        self.owner.is_some_and(|owner| self.believes(owner))
    }

    /// Everything that may happen now.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for row in 0..self.bounds.rows {
            let waits = self.database.rows[row].is_some();
            if !self.database.is_committed[row] {
                steps.push(Step::Commit(row));
            } else if waits {
                steps.extend((self.bounds.cancels > 0).then_some(Step::Cancel(row)));
                steps.extend((self.bounds.retries > 0).then_some(Step::Retry(row)));
            } else if self.bounds.replays > 0 {
                steps.push(Step::Replay(row));
            }
        }
        let waits = |row: &Row| row.scheduled || row.held_ms.is_some();
        if self.now_ms < END_MS && self.database.rows.iter().flatten().any(waits) {
            steps.push(Step::Clock);
        }
        // The second process comes when there is something for it to take: the first needs not be tried in both places.
        let comes = |number: usize| match number {
            0 => true,
            _ => self.bounds.seconds && self.epoch > 0 && self.owner != Some(0),
        };
        for (number, process) in self.processes.iter().enumerate() {
            if process.answer.is_some() {
                steps.push(Step::Answer(number));
            } else if comes(number)
                && !process.is_late
                && process.lanes.clone().ask(self.now(number)).is_some()
            {
                steps.push(Step::Ask(number));
            }
            let mut lanes = process.lanes.clone();
            let begins = lanes.begin(self.now(number)).is_some();
            if begins || lanes.is_marking() && !process.lanes.is_marking() {
                steps.push(Step::Begin(number));
            }
            if !process.armed.is_empty() {
                steps.push(Step::Resume(number));
            }
            for row in process.sending.keys() {
                steps.push(Step::Succeed(number, *row));
                steps.extend((self.bounds.fails > 0).then_some(Step::Fail(number, *row)));
            }
            steps.extend(
                process
                    .outcomes
                    .keys()
                    .map(|row| Step::Record(number, *row)),
            );
            steps.extend(process.replies.keys().map(|row| Step::Told(number, *row)));
            if self.believes(number) && self.bounds.takes > 0 && self.owner == Some(number) {
                steps.push(Step::Late(number));
            }
            if process.is_late {
                steps.push(Step::Tick(number));
            }
            let is_over = self.bounds.stalls
                || (!self.believes(number)
                    && process.sending.is_empty()
                    && process.armed.is_empty());
            if self.is_alive[number] && is_over {
                steps.push(Step::Expire(number));
            }
        }
        steps
    }

    /// Lets something happen. Returns the invariants that it breaks.
    pub(super) fn take(&mut self, step: Step) -> Vec<&'static str> {
        let mut broken = Vec::new();
        match step {
            Step::Commit(row) => self.commit(row),
            Step::Cancel(row) => {
                self.bounds.cancels -= 1;
                self.end(row, End::Cancelled);
            }
            Step::Replay(row) => self.replay(row),
            Step::Retry(row) => self.retry_by_hand(row),
            Step::Clock => {
                self.now_ms += 1;
                for number in 0..2 {
                    let now = self.now(number);
                    if !self.processes[number].is_late {
                        self.processes[number].lanes.tick(now);
                    }
                }
            }
            Step::Ask(number) => self.ask(number),
            Step::Answer(number) => self.answer(number),
            Step::Begin(number) => self.begin(number, &mut broken),
            Step::Resume(number) => {
                let armed = std::mem::take(&mut self.processes[number].armed);
                for (row, version) in armed {
                    self.send(number, row, version, &mut broken);
                }
            }
            Step::Succeed(number, row) => self.answered(number, row, true),
            Step::Fail(number, row) => {
                self.bounds.fails -= 1;
                self.answered(number, row, false);
            }
            Step::Record(number, row) => self.record(number, row, &mut broken),
            Step::Told(number, row) => {
                let now = self.now(number);
                let process = &mut self.processes[number];
                let recorded = process.replies.remove(&row).expect("it is in the list");
                process.lanes.recorded(id(row), recorded, now);
            }
            Step::Late(number) => self.processes[number].is_late = true,
            Step::Tick(number) => self.tick(number),
            Step::Expire(number) => {
                self.is_alive[number] = false;
                self.owner = self.owner.filter(|owner| *owner != number);
            }
        }
        self.check(&mut broken);
        broken
    }

    fn check(&self, broken: &mut Vec<&'static str>) {
        let sends = |process: &&Process| !process.sending.is_empty();
        if self.processes.iter().filter(sends).count() > 1 {
            broken.push("I4");
        }
        let ends: BTreeSet<_> = self
            .history
            .iter()
            .map(|(row, generation, _)| (row, generation))
            .collect();
        if ends.len() < self.history.len() {
            broken.push("I1");
        }
        for (number, row) in self.database.rows.iter().enumerate() {
            let last = self.last_generation(number);
            let is_lost = self.database.is_committed[number] && row.is_none() && last.is_none();
            let is_left = row
                .as_ref()
                .is_some_and(|row| last.is_some_and(|last| last >= row.version.generation));
            if is_lost || is_left {
                broken.push("I2");
            }
        }
    }

    fn now(&self, number: usize) -> Moment {
        if self.processes[number].is_late {
            return LATE;
        }
        Moment::after(Duration::from_millis(self.now_ms.unsigned_abs()))
    }

    fn believes(&self, number: usize) -> bool {
        !self.processes[number].lanes.slots().is_empty() && !self.processes[number].is_late
    }

    fn last_generation(&self, row: usize) -> Option<i64> {
        let ends = self.history.iter().filter(|(of, ..)| *of == row);
        ends.map(|(_, generation, _)| *generation).max()
    }

    fn tick(&mut self, number: usize) {
        let process = &mut self.processes[number];
        process.lanes.tick(LATE);
        process.is_late = false;
        let aborted = process.lanes.aborted();
        let now = self.now(number);
        let process = &mut self.processes[number];
        if !self.bounds.stalls {
            for id in aborted {
                process.lanes.ended(id, Ending::NotMade, now);
                process.sending.remove(&row_of(id));
            }
        }
    }

    fn begin(&mut self, number: usize, broken: &mut Vec<&'static str>) {
        let now = self.now(number);
        let process = &mut self.processes[number];
        let Some(entry) = process.lanes.begin(now) else {
            return;
        };
        let (row, version) = (row_of(entry.id()), entry.version);
        if self.bounds.stalls {
            process.armed.insert(row, version);
        } else {
            self.send(number, row, version, broken);
        }
    }

    fn send(
        &mut self,
        number: usize,
        row: usize,
        version: Version,
        broken: &mut Vec<&'static str>,
    ) {
        let ended_it = |(of, generation, end): &(usize, i64, End)| {
            let mine = matches!(end, End::Done(by) | End::Failed(by) if *by == number);
            mine && *of == row && *generation == version.generation
        };
        if self.history.iter().any(ended_it) {
            broken.push("I6");
        }
        if self.bounds.is_ordered && self.database.rows[..row].iter().any(Option::is_some) {
            broken.push("I8");
        }
        let marked = self.database.rows[row].as_ref().map(|row| row.starts);
        if self.bounds.is_doubtful && marked == Some(0) {
            broken.push("I10");
        }
        self.processes[number].sending.insert(row, version);
    }
}

const RULES: LaneRules = LaneRules {
    concurrency: 2,
    rate: None,
    breaker: Breaker {
        threshold: u32::MAX,
        pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
    },
    order: Order::ByKey,
};
