//! What becomes of rows by other hands than those of the two processes.

use super::super::database::Row;
use super::{End, World};
use crate::lanes::Version;

impl World {
    pub(super) fn commit(&mut self, row: usize) {
        self.database.is_committed[row] = true;
        self.database.rows[row] = Some(Row {
            version: Version::default(),
            due_ms: 1,
            held_ms: None,
            scheduled: false,
            number: row as u64 + 1,
            starts: 0,
        });
    }

    pub(super) fn end(&mut self, row: usize, end: End) {
        let ended = self.database.rows[row].take().expect("a row that waits");
        self.history.push((row, ended.version.generation, end));
        self.history.sort_unstable();
    }

    pub(super) fn replay(&mut self, row: usize) {
        self.bounds.replays -= 1;
        let generation = self.last_generation(row).map_or(0, |last| last + 1);
        self.database.rows[row] = Some(Row {
            version: Version {
                generation,
                change: 0,
            },
            due_ms: self.now_ms,
            held_ms: None,
            scheduled: false,
            number: self.database.next_number,
            starts: 0,
        });
        self.database.next_number += 1;
    }

    pub(super) fn retry_by_hand(&mut self, row: usize) {
        self.bounds.retries -= 1;
        let number = self.database.next_number;
        self.database.next_number += 1;
        let now_ms = self.now_ms;
        let row = self.database.rows[row].as_mut().expect("a row that waits");
        row.version.change += 1;
        (row.held_ms, row.scheduled, row.number) = (None, false, number);
        if !self.bounds.is_ordered {
            row.due_ms = now_ms;
        }
    }
}
