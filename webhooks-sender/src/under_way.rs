//! What the engine of this process has under way: the database does not say so, its owner does.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use webhooks_store::Id;

/// The deliveries that are being sent, each until its outcome has been recorded.
#[derive(Debug, Default)]
pub(crate) struct UnderWay {
    /// Whether its request is still being made.
    deliveries: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_requested: HashMap<Id, bool>,
    requests: u32,
}

impl UnderWay {
    /// A request begins.
    pub(crate) fn begin(&self, id: Id) {
        let mut state = self.lock();
        if state.is_requested.insert(id, true) != Some(true) {
            state.requests += 1;
        }
    }

    /// A request was answered, and that is to be recorded.
    pub(crate) fn answer(&self, id: Id) {
        let mut state = self.lock();
        if state.is_requested.insert(id, false) == Some(true) {
            state.requests -= 1;
        }
    }

    /// Nothing more happens to it.
    pub(crate) fn end(&self, id: Id) {
        let mut state = self.lock();
        if state.is_requested.remove(&id) == Some(true) {
            state.requests -= 1;
        }
    }

    /// The engine has ended.
    pub(crate) fn clear(&self) {
        *self.lock() = State::default();
    }

    /// Whether a delivery is being sent.
    pub(crate) fn contains(&self, id: Id) -> bool {
        self.lock().is_requested.contains_key(&id)
    }

    /// How many requests are being made.
    pub(crate) fn requests(&self) -> u32 {
        self.lock().requests
    }

    /// How many deliveries are being sent.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.lock().is_requested.len()).unwrap_or(u32::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.deliveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
