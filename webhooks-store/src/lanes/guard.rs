//! What was settled while a read was under way.
//!
//! A read sees the database as it was when it began. A job whose outcome was committed since then is still in its answer,
//! and was put down meanwhile: taken from that answer, it would be sent again. So it is remembered until the read ends.

use std::collections::BTreeMap;

use super::entry::Entry;
use super::place::Version;
use crate::job::Id;

/// The lowest version of a row that may be taken from the read that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Guard {
    settled: BTreeMap<Id, Version>,
}

impl Guard {
    /// An outcome was recorded while a read was under way.
    pub(super) fn settled(&mut self, id: Id, lowest: Version) {
        let known = self.settled.entry(id).or_insert(lowest);
        *known = lowest.max(*known);
    }

    /// Whether a row of the answer is as old as the read.
    pub(super) fn refuses(&self, entry: &Entry) -> bool {
        let lowest = self.settled.get(&entry.id());
        lowest.is_some_and(|lowest| entry.version < *lowest)
    }

    /// The read has ended.
    pub(super) fn clear(&mut self) {
        self.settled.clear();
    }
}
