//! Claims and handled messages under keys of a fixed size.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

#[derive(Debug)]
pub(super) struct Table {
    capacity: usize,
    /// How many claims there were: the number of the next one.
    claims: u64,
    pub(super) entries: HashMap<Digest, Entry>,
    /// In the order in which they were handled.
    pub(super) handled: VecDeque<(Vec<Digest>, SystemTime)>,
}

/// A key of fixed size: a sender chooses how long its ids are, and must not choose how much memory they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(kind: u8, receiver: &str, text: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update([kind])
            .chain_update(receiver.len().to_be_bytes())
            .chain_update(receiver)
            .chain_update(text)
            .finalize();
        Self(digest.into())
    }
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) content: [u8; 32],
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    InProgress {
        claim: u64,
        /// None where the lease outlives the clock.
        until: Option<SystemTime>,
    },
    Handled(SystemTime),
}

impl Table {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            claims: 0,
            entries: HashMap::new(),
            handled: VecDeque::new(),
        }
    }

    pub(super) fn next_claim(&mut self) -> u64 {
        self.claims += 1;
        self.claims
    }

    /// What is known of a key; a claim whose lease has ended is not.
    pub(super) fn state(&self, key: &Digest, now: SystemTime) -> Option<(State, [u8; 32])> {
        let entry = self.entries.get(key)?;
        let is_over =
            matches!(entry.state, State::InProgress { until: Some(until), .. } if now >= until);
        (!is_over).then_some((entry.state, entry.content))
    }

    pub(super) fn is_held_by(&self, key: &Digest, claim: u64) -> bool {
        self.entries.get(key).is_some_and(
            |entry| matches!(entry.state, State::InProgress { claim: holder, .. } if holder == claim),
        )
    }

    pub(super) fn forget(&mut self, now: SystemTime, keep: Duration) {
        let is_over = |(_, at): &(Vec<Digest>, SystemTime), count| {
            count > self.capacity || age(*at, now) > keep
        };
        while self
            .handled
            .front()
            .is_some_and(|oldest| is_over(oldest, self.handled.len()))
        {
            let Some((keys, at)) = self.handled.pop_front() else {
                break;
            };
            for key in keys {
                // A body that came again has a younger entry of the same key; that one stays.
                if self
                    .entries
                    .get(&key)
                    .is_some_and(|entry| entry.state == State::Handled(at))
                {
                    self.entries.remove(&key);
                }
            }
        }
    }
}

/// A clock that was set back makes nothing older.
pub(super) fn age(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}
