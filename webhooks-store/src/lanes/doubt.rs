//! Which job it is that ends the processes that work on it.
//!
//! Some requests end the process that makes them: by a fault in the application's transport, or for want of memory. Nothing
//! can be recorded of such a job, and who takes it over dies next. So a process that owns slots whose owners have died
//! writes down which requests begin, before they do, and narrows what is under way in them: what was begun before and
//! has no outcome is tried together with less each time, and in the end alone. What has ended a process that often is found,
//! and what begins and ends meanwhile is not taken for it. A request that is slow can be, where processes die again and again
//! of something else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::job::Id;
use crate::lane::LaneName;

/// A job that was begun so often without an outcome is not begun again: by then it was alone twice.
pub(super) const DEADLY: u32 = 4;

/// How many may be under way together with one that was begun so often without an outcome.
const fn width(starts: u32) -> usize {
    match starts {
        0 => 64,
        1 => 8,
        _ => 1,
    }
}

/// What is under way in slots whose owners have died.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Doubt {
    begun: BTreeMap<Id, Start>,
    /// Written down, and to be handed out.
    marked: VecDeque<Id>,
    /// Written down, and not made after all.
    not_made: BTreeSet<Id>,
    /// The lane that waits until there is room for its next job: the others let it pass first.
    next: Option<LaneName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Start {
    starts: u32,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// It is to be written down that it begins.
    Wanted,
    /// That is being written.
    Asked,
    /// It is written.
    Marked,
    /// Its request is under way.
    UnderWay,
}

impl Doubt {
    /// Whether a job of a lane may begin. If not, nothing else does before it.
    pub(super) fn admits(&mut self, lane: &LaneName, starts: u32) -> bool {
        if self.next.as_ref().is_some_and(|next| next != lane) {
            return false;
        }
        let others = self.begun.values().map(|begun| width(begun.starts));
        let most = others.min().unwrap_or(usize::MAX).min(width(starts));
        let is_admitted = self.begun.len() < most;
        self.next = (!is_admitted).then(|| lane.clone());
        is_admitted
    }

    /// The lane that is let pass first.
    pub(super) fn next(&self) -> Option<&LaneName> {
        self.next.as_ref()
    }

    /// It has nothing to begin any more.
    pub(super) fn lets_pass(&mut self) {
        self.next = None;
    }

    /// A job begins, as soon as that is written down.
    pub(super) fn begin(&mut self, id: Id, starts: u32) {
        let stage = Stage::Wanted;
        self.begun.insert(id, Start { starts, stage });
    }

    /// One of which it is written down that it begins.
    pub(super) fn hand_out(&mut self) -> Option<Id> {
        loop {
            let id = self.marked.pop_front()?;
            if let Some(begun) = self.begun.get_mut(&id) {
                begun.stage = Stage::UnderWay;
                return Some(id);
            }
        }
    }

    /// Whether it waits for being written down, or for being handed out.
    pub(super) fn is_waiting(&self, id: Id) -> bool {
        let begun = self.begun.get(&id);
        begun.is_some_and(|begun| begun.stage != Stage::UnderWay)
    }

    /// A job has ended. If no request was made, what was written down is taken back.
    pub(super) fn end(&mut self, id: Id, was_made: bool) {
        let begun = self.begun.remove(&id);
        let is_written = begun.is_some_and(|begun| begun.stage != Stage::Wanted);
        if is_written && !was_made {
            self.not_made.insert(id);
        }
    }

    /// Whether there is anything to write down.
    pub(super) fn has_marks(&self) -> bool {
        let mut begun = self.begun.values();
        !self.not_made.is_empty() || begun.any(|begun| begun.stage == Stage::Wanted)
    }

    /// What is to be written down: those that begin, and those that did not.
    pub(super) fn marks(&mut self) -> (Vec<Id>, Vec<Id>) {
        let mut ids = Vec::new();
        for (id, begun) in &mut self.begun {
            if begun.stage == Stage::Wanted {
                begun.stage = Stage::Asked;
                ids.push(*id);
            }
        }
        let not_made = std::mem::take(&mut self.not_made);
        (ids, not_made.into_iter().collect())
    }

    /// It is written.
    pub(super) fn written(&mut self, begun: Vec<Id>) {
        for id in begun {
            if let Some(begun) = self.begun.get_mut(&id) {
                begun.stage = Stage::Marked;
                self.marked.push_back(id);
            }
        }
    }

    /// It could not be written, and is to be written again.
    pub(super) fn not_written(&mut self, begun: Vec<Id>, not_made: Vec<Id>) {
        for id in begun {
            match self.begun.get_mut(&id) {
                Some(begun) => begun.stage = Stage::Wanted,
                // It has ended meanwhile, and there is nothing to take back.
                None => _ = self.not_made.remove(&id),
            }
        }
        self.not_made.extend(not_made);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Slot;

    fn id(number: u8) -> Id {
        Id::from_bytes([number; 16])
    }

    fn lane(number: u8) -> LaneName {
        LaneName::new(Slot(0), [number])
    }

    fn marked(doubt: &mut Doubt, ids: &[u8]) {
        let (begun, not_made) = doubt.marks();
        assert_eq!(begun, ids.iter().copied().map(id).collect::<Vec<_>>());
        assert_eq!(not_made, []);
        doubt.written(begun);
        for number in ids {
            assert_eq!(doubt.hand_out(), Some(id(*number)));
        }
        assert_eq!(doubt.hand_out(), None);
    }

    #[test]
    fn what_was_begun_before_is_tried_together_with_less_each_time_and_in_the_end_alone() {
        for (starts, most) in [(0, 64), (1, 8), (2, 1), (3, 1)] {
            let mut doubt = Doubt::default();
            let mut number = 0;
            while doubt.admits(&lane(number), starts) {
                doubt.begin(id(number), starts);
                number += 1;
            }
            assert_eq!(number, most);
        }
    }

    #[test]
    fn nothing_begins_beside_one_that_must_be_alone_nor_before_it() {
        let mut doubt = Doubt::default();
        assert!(doubt.admits(&lane(1), 0));
        doubt.begin(id(1), 0);
        assert!(!doubt.admits(&lane(2), 2), "another is under way");
        assert!(!doubt.admits(&lane(3), 0), "the second lane is waiting");
        marked(&mut doubt, &[1]);
        doubt.end(id(1), true);
        assert!(!doubt.admits(&lane(3), 0));
        assert!(doubt.admits(&lane(2), 2));
        doubt.begin(id(2), 2);
        assert!(!doubt.admits(&lane(3), 0), "it must be alone");
        doubt.end(id(2), true);
        assert!(doubt.admits(&lane(3), 0));
    }

    #[test]
    fn a_lane_that_has_nothing_to_begin_any_more_keeps_no_other_waiting() {
        let mut doubt = Doubt::default();
        doubt.begin(id(1), 0);
        assert!(!doubt.admits(&lane(2), 3));
        assert_eq!(doubt.next(), Some(&lane(2)));
        doubt.lets_pass();
        assert!(doubt.admits(&lane(3), 0));
    }

    #[test]
    fn what_was_written_down_and_not_made_is_taken_back() {
        let mut doubt = Doubt::default();
        for number in [1, 2, 3] {
            doubt.begin(id(number), 0);
        }
        doubt.end(id(1), false);
        assert_eq!(doubt.marks(), (vec![id(2), id(3)], vec![]));
        doubt.end(id(2), false);
        doubt.written(vec![id(2), id(3)]);
        assert_eq!(doubt.hand_out(), Some(id(3)), "the other has ended");
        assert!(doubt.has_marks() && !doubt.is_waiting(id(3)));
        assert_eq!(doubt.marks(), (vec![], vec![id(2)]));
        doubt.end(id(3), true);
        assert!(!doubt.has_marks(), "its outcome is recorded instead");
    }

    #[test]
    fn what_could_not_be_written_is_written_again() {
        let mut doubt = Doubt::default();
        doubt.begin(id(1), 0);
        doubt.begin(id(2), 0);
        let (begun, not_made) = doubt.marks();
        doubt.end(id(2), false);
        doubt.not_written(begun, not_made);
        assert!(doubt.is_waiting(id(1)));
        marked(&mut doubt, &[1]);
    }
}
