//! Which subscriptions have a failure window that their next success ends.
//!
//! Nearly every delivery succeeds at a subscription that has not failed, and a statement that ends its window would find
//! nothing to do. So this is known of each: the read of revisions before a delivery says whether there is a window, and what
//! this process opens itself is noted before it is written. A window that another process opens between that read and the
//! success, because the lane was handed over just then, is ended by the success after it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use webhooks_store::Id;

/// The windows that may be open; as many as there are subscriptions that have failed since the start, at most.
#[derive(Debug, Default)]
pub(crate) struct FailureWindows {
    /// With the number of times that they were seen open.
    open: Mutex<HashMap<Id, u64>>,
}

/// Windows that are about to be ended.
#[derive(Debug, Default)]
pub(crate) struct EndingWindows(HashMap<Id, u64>);

impl FailureWindows {
    /// It is open, or is going to be.
    pub(crate) fn opened(&self, subscription: Id) {
        let mut open = self.open();
        let seen = open.entry(subscription).or_default();
        *seen = seen.wrapping_add(1);
    }

    /// Those of these subscriptions that may have one.
    pub(crate) fn of(&self, subscriptions: impl Iterator<Item = Id>) -> EndingWindows {
        let open = self.open();
        let seen = subscriptions.filter_map(|id| Some((id, *open.get(&id)?)));
        EndingWindows(seen.collect())
    }

    /// They were ended; one that was seen open meanwhile is left.
    pub(crate) fn ended(&self, ended: &EndingWindows) {
        let mut open = self.open();
        for (id, seen) in &ended.0 {
            if open.get(id) == Some(seen) {
                open.remove(id);
            }
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Id, u64>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EndingWindows {
    /// Whose they are.
    pub(crate) fn subscriptions(&self) -> impl ExactSizeIterator<Item = Id> {
        self.0.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(number: u8) -> Id {
        Id::from_bytes([number; 16])
    }

    fn open(windows: &FailureWindows) -> EndingWindows {
        windows.of([subscription(1), subscription(2)].into_iter())
    }

    #[test]
    fn only_a_window_that_was_seen_open_is_ended() {
        let windows = FailureWindows::default();
        windows.opened(subscription(1));
        let ending = open(&windows);
        assert!(ending.subscriptions().eq([subscription(1)]));
        windows.ended(&ending);
        assert_eq!(open(&windows).subscriptions().len(), 0);
    }

    #[test]
    fn a_window_that_is_opened_while_another_is_being_ended_is_kept() {
        let windows = FailureWindows::default();
        windows.opened(subscription(1));
        let ending = open(&windows);
        windows.opened(subscription(1));
        windows.ended(&ending);
        assert_eq!(open(&windows).subscriptions().len(), 1);
    }
}
