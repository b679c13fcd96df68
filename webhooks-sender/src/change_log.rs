//! Which subscriptions were changed through this process, so that nothing is sent by what was true before.
//!
//! A change is entered after its commit and before the call that made it returns. What was read of a subscription carries
//! how many changes there had been before it was read. So right before a request it is known whether the subscription was
//! changed since, whatever the tasks of the engine have heard by then.
//!
//! What other processes change is not in here: see [`BELIEVED`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use webhooks_store::Id;

/// For so long a process believes what it has read of a subscription. A request that begins later has its revision read
/// once more. Therefore a process that changes a subscription whose lane is another process's needs to wait no longer until
/// the old target gets nothing any more.
pub(crate) const BELIEVED: Duration = Duration::from_millis(250);

/// Subscriptions that are kept by name. When there are more, everything that was read before is read again.
const KEPT: usize = 4096;

/// How many changes there had been when something was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChangeCount(u64);

/// The changes of this process.
#[derive(Debug, Default)]
pub(crate) struct ChangeLog {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    count: u64,
    last: HashMap<Id, u64>,
    /// What was read before this many changes counts as changed.
    floor: u64,
}

impl ChangeLog {
    /// To be taken before a subscription is read.
    pub(crate) fn count(&self) -> ChangeCount {
        ChangeCount(self.lock().count)
    }

    /// A subscription was changed, and that has been committed.
    pub(crate) fn enter(&self, subscription: Id) {
        let mut state = self.lock();
        state.count += 1;
        let count = state.count;
        if state.last.len() >= KEPT {
            state.last.clear();
            state.floor = count;
        }
        state.last.insert(subscription, count);
    }

    /// Whether a subscription has not been changed since this was taken.
    pub(crate) fn is_current(&self, subscription: Id, read: ChangeCount) -> bool {
        let state = self.lock();
        let last = state
            .last
            .get(&subscription)
            .copied()
            .unwrap_or(state.floor);
        last.max(state.floor) <= read.0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> Id {
        Id::from_bytes(u128::from(number).to_be_bytes())
    }

    #[test]
    fn what_was_read_before_a_change_is_not_current_and_others_are() {
        let log = ChangeLog::default();
        let before = log.count();
        assert!(log.is_current(id(1), before));
        log.enter(id(1));
        assert!(!log.is_current(id(1), before) && log.is_current(id(2), before));
        let after = log.count();
        assert!(log.is_current(id(1), after));
        log.enter(id(2));
        assert!(log.is_current(id(1), after) && !log.is_current(id(2), after));
    }

    #[test]
    fn of_more_changes_than_are_kept_none_is_forgotten() {
        let log = ChangeLog::default();
        let before = log.count();
        for number in 0..=KEPT as u64 {
            log.enter(id(number));
        }
        assert!(log.lock().last.len() <= KEPT);
        for number in [0, 1, KEPT as u64, KEPT as u64 + 1] {
            assert!(!log.is_current(id(number), before), "{number}");
            assert!(log.is_current(id(number), log.count()), "{number}");
        }
    }
}
