//! What a process asks of the database, and what it is answered.

use super::super::database::row_of;
use super::super::database::{SLOT, lane};
use super::{RULES, World};
use crate::lanes::{Answer, Ask, Membership, OwnSlot};

impl World {
    pub(super) fn ask(&mut self, number: usize) {
        let now = self.now(number);
        let ask = self.processes[number]
            .lanes
            .ask(now)
            .expect("it was asked before");
        let seen = self.database.clone();
        let stale = self.bounds.without.stale_reads && matches!(ask, Ask::Refill(_));
        let answer = match &ask {
            Ask::Join { .. } | Ask::Beat { .. } => {
                self.membership(number, matches!(ask, Ask::Join { .. }))
            }
            Ask::Take { .. } => self.hand_over(number),
            Ask::Give { .. } | Ask::Leave => Answer::Done,
            Ask::Mark { begun, not_made } => {
                for id in begun {
                    self.mark(row_of(*id), |starts| starts + 1);
                }
                for id in not_made {
                    self.mark(row_of(*id), |starts| starts.saturating_sub(1));
                }
                Answer::Done
            }
            _ => {
                let database = self.before.as_ref().filter(|_| stale).unwrap_or(&seen);
                database.read(&ask, self.now_ms, &self.bounds)
            }
        };
        if self.bounds.without.stale_reads {
            self.before = Some(seen);
        }
        let process = &mut self.processes[number];
        process.answer = Some(answer);
        // Only rows can be out of date when they are used.
        let is_plain = !matches!(
            ask,
            Ask::Feed { .. } | Ask::Due { .. } | Ask::Refill(_) | Ask::Look(_) | Ask::Sweep { .. }
        );
        let is_empty =
            matches!(&process.answer, Some(Answer::Feed { rows, .. }) if rows.entries.is_empty());
        if is_plain || is_empty {
            self.answer(number);
        }
    }

    pub(super) fn answer(&mut self, number: usize) {
        let now = self.now(number);
        let process = &mut self.processes[number];
        let answer = process.answer.take().expect("it was asked");
        let taken = process.lanes.answer(answer, now);
        if !taken.is_empty() {
            process.lanes.configure(&lane(), RULES, now);
        }
    }

    pub(super) fn membership(&mut self, number: usize, joins: bool) -> Answer {
        if joins {
            self.is_alive[number] = true;
        }
        let free = u32::from(self.owner.is_none() && self.bounds.takes > 0);
        let own = (self.owner == Some(number)).then(|| self.own());
        Answer::Membership(self.is_alive[number].then(|| Membership {
            own: own.into_iter().collect(),
            free,
            share: 1,
            next_end: None,
            refused: 0,
            refused_here: 0,
        }))
    }

    pub(super) fn hand_over(&mut self, number: usize) -> Answer {
        if self.owner.is_some() || self.bounds.takes == 0 || !self.is_alive[number] {
            return Answer::Taken(Vec::new());
        }
        self.bounds.takes -= 1;
        self.owner = Some(number);
        self.epoch += 1;
        Answer::Taken(vec![self.own()])
    }

    fn own(&self) -> OwnSlot {
        OwnSlot {
            slot: SLOT,
            epoch: self.epoch,
            is_doubtful: self.bounds.is_doubtful,
            is_refused: false,
        }
    }

    fn mark(&mut self, row: usize, starts: impl Fn(u32) -> u32) {
        if let Some(row) = &mut self.database.rows[row] {
            row.starts = starts(row.starts);
        }
    }
}
