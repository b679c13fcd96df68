//! Changes with the events they were met in: a change of a schema that several events share is one change.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::change::{Change, Draft};

/// Changes with the events they were met in.
#[derive(Default)]
pub(super) struct ChangeSet {
    changes: IndexMap<Draft, BTreeSet<String>>,
}

impl ChangeSet {
    pub(super) fn add(&mut self, draft: Draft, event: &str) {
        self.changes
            .entry(draft)
            .or_default()
            .insert(event.to_owned());
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        let changes = self.changes.into_iter();
        let mut changes: Vec<Change> = changes
            .map(|(draft, events)| draft.into_change(events.into_iter().collect()))
            .collect();
        changes.sort_by(|a, b| {
            let key = |change: &Change| (!change.breaking, change.pointer.clone(), change.rule);
            key(a).cmp(&key(b))
        });
        changes
    }
}
