//! What came in, in memory: stands for the application's database.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// The application's state.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    entries: Arc<Mutex<Vec<Entry>>>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Entry {
    provider: String,
    event: String,
    text: String,
}

impl Entry {
    pub(crate) fn new(
        provider: impl Into<String>,
        event: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            provider: provider.into(),
            event: event.into(),
            text: text.into(),
        }
    }
}

impl Ledger {
    pub(crate) fn add(&self, entry: Entry) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
