//! What is to be read next, within a budget of bytes: bodies are in memory for what is sent soon.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use webhooks_store::Id;
use webhooks_store::lanes::Entry;

use crate::engine::load::{Load, LoadJob, ReadMark};
use crate::engine::subscription_cache::CachedSubscription;
use crate::tables::id;

/// Bytes of bodies in memory beyond which no further ones are read before they can be sent.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Deliveries whose messages are read in one statement.
const BATCH_SIZE: usize = 256;
/// Of those that were too large for the budget.
const LARGE: usize = 8;

#[derive(Default)]
pub(super) struct LoadQueue {
    waiting: VecDeque<Id>,
    /// Begun, and larger than what was left of the budget.
    large: VecDeque<Id>,
    /// Subscriptions that are to be looked at.
    subscriptions: HashSet<Id>,
    bytes: usize,
    is_reading: bool,
}

impl LoadQueue {
    pub(super) fn add(&mut self, id: Id) {
        self.waiting.push_back(id);
    }

    pub(super) fn add_large(&mut self, id: Id) {
        self.large.push_back(id);
    }

    pub(super) fn look_at(&mut self, subscriptions: impl IntoIterator<Item = Id>) {
        self.subscriptions.extend(subscriptions);
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    pub(super) fn free(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    pub(super) fn ended(&mut self) {
        self.is_reading = false;
    }

    /// The next reading, without the subscriptions that are `known`. What `entry` does not know was put down. When nothing is under way, what is too large for the
    /// budget is read all the same.
    pub(super) fn next<'e>(
        &mut self,
        entry: impl Fn(Id) -> Option<&'e Entry>,
        known: impl Fn(Id) -> Option<Arc<CachedSubscription>>,
        is_idle: bool,
        asked: ReadMark,
    ) -> Option<Load> {
        if self.is_reading {
            return None;
        }
        let (mut ids, mut seen) = (Vec::new(), HashSet::new());
        if self.bytes < MAX_BYTES || is_idle {
            let large = self.large.len().min(LARGE);
            ids.extend(self.large.drain(..large));
        }
        while ids.len() < BATCH_SIZE
            && let Some(id) = self.waiting.pop_front()
        {
            ids.push(id);
        }
        let mut load = Load {
            jobs: Vec::with_capacity(ids.len()),
            subscriptions: self.subscriptions.drain().collect(),
            budget: MAX_BYTES.saturating_sub(self.bytes),
            asked,
        };
        for delivery in ids {
            if let Some(entry) = entry(delivery).filter(|_| seen.insert(delivery))
                && let Ok(subscription) = id(&entry.lane.key)
            {
                load.jobs.push(LoadJob {
                    id: delivery,
                    message: entry.content.reference,
                    subscription,
                    known: known(subscription),
                    lane: entry.lane.clone(),
                });
            }
        }
        self.is_reading = !load.jobs.is_empty() || !load.subscriptions.is_empty();
        self.is_reading.then_some(load)
    }
}
