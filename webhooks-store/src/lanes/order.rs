//! What must not overtake: the order keys of one lane.
//!
//! Of each key one job is under way, and the next one waits until its end has been recorded, however often it is tried.
//! A job that waits for its next try blocks its key. What stands behind it is not kept in memory: the key remembers the
//! first place that was skipped, and the lane is read again from there once the key is free.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::place::Place;

/// What must not overtake in a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The jobs that share an order key keep their order; others are free.
    #[default]
    ByKey,
    /// The whole lane is first in, first out.
    Lane,
}

impl Order {
    fn key(self, entry: &Entry) -> Option<u64> {
        match self {
            Self::ByKey => entry.order_key,
            Self::Lane => Some(0),
        }
    }
}

/// So many jobs of a key are kept behind the one that is under way.
const FOLLOWERS: usize = 16;

/// The keys of a lane of which anything is in hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Keys {
    order: Order,
    keys: BTreeMap<u64, Key>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Key {
    /// Under way, or waiting for its next try.
    busy: BTreeSet<Place>,
    /// Of those, what waits for its next try.
    blocked: BTreeSet<Place>,
    waiting: BTreeSet<Place>,
    /// Everything from here on is not in hand.
    skipped: Option<Place>,
}

impl Keys {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            keys: BTreeMap::new(),
        }
    }

    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// Whether the job has a key.
    pub(super) fn has_key(&self, entry: &Entry) -> bool {
        self.order.key(entry).is_some()
    }

    /// Whether a row may be taken in hand now; if not, its place is remembered.
    pub(super) fn admits(&mut self, entry: &Entry) -> bool {
        let Some(key) = self
            .order
            .key(entry)
            .map(|key| self.keys.entry(key).or_default())
        else {
            return true;
        };
        let is_behind = key.skipped.is_some_and(|skipped| skipped < entry.place);
        let is_full = !key.blocked.is_empty() || key.waiting.len() >= FOLLOWERS;
        if is_behind || is_full {
            key.skipped = Some(key.skipped.map_or(entry.place, |at| at.min(entry.place)));
            return false;
        }
        true
    }

    /// A job waits for its turn.
    pub(super) fn wait(&mut self, entry: &Entry, ready: &mut BTreeSet<Place>) {
        self.with(entry, ready, |key, place| {
            key.busy.remove(&place);
            key.blocked.remove(&place);
            key.waiting.insert(place);
        });
    }

    /// A job is under way.
    pub(super) fn begin(&mut self, entry: &Entry, ready: &mut BTreeSet<Place>) {
        self.with(entry, ready, |key, place| {
            key.waiting.remove(&place);
            key.busy.insert(place);
        });
        ready.remove(&entry.place);
    }

    /// A job waits for its next try. What stood behind it is to be forgotten, and is returned.
    pub(super) fn block(&mut self, entry: &Entry, ready: &mut BTreeSet<Place>) -> Vec<Place> {
        let mut followers = Vec::new();
        self.with(entry, ready, |key, place| {
            key.waiting.remove(&place);
            key.busy.insert(place);
            key.blocked.insert(place);
            followers = std::mem::take(&mut key.waiting).into_iter().collect();
            let skipped = followers.first().copied().into_iter().chain(key.skipped);
            key.skipped = skipped.min();
        });
        ready.remove(&entry.place);
        for place in &followers {
            ready.remove(place);
        }
        followers
    }

    /// A job is in hand no longer. From where the lane is to be read again, if its key had skipped anything.
    pub(super) fn remove(&mut self, entry: &Entry, ready: &mut BTreeSet<Place>) -> Option<Place> {
        self.with(entry, ready, |key, place| {
            key.busy.remove(&place);
            key.blocked.remove(&place);
            key.waiting.remove(&place);
        });
        ready.remove(&entry.place);
        let name = self.order.key(entry)?;
        let key = self.keys.get(&name)?;
        if !key.busy.is_empty() || !key.waiting.is_empty() {
            return None;
        }
        self.keys.remove(&name)?.skipped
    }

    /// The first place that any key has skipped.
    pub(super) fn first_skipped(&self) -> Option<Place> {
        self.keys.values().filter_map(|key| key.skipped).min()
    }

    /// Whether nothing is known of any key.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn with(
        &mut self,
        entry: &Entry,
        ready: &mut BTreeSet<Place>,
        change: impl FnOnce(&mut Key, Place),
    ) {
        let Some(name) = self.order.key(entry) else {
            // Without a key there is nothing to wait for.
            ready.insert(entry.place);
            return;
        };
        let key = self.keys.entry(name).or_default();
        if let Some(first) = key.waiting.first() {
            ready.remove(first);
        }
        change(key, entry.place);
        if let (true, Some(first)) = (key.busy.is_empty(), key.waiting.first()) {
            ready.insert(*first);
        }
    }
}
