//! Who there is in the filled tables: a thousand owners, one of them with ten thousand subscriptions.

use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use webhooks_store::{Id, Slot};

use crate::subject::EVENTS;

/// The owner with ten thousand subscriptions.
pub(crate) const LARGE: &str = "acct_0";
pub(crate) const OWNERS: usize = 1000;
const OF_LARGE: usize = 10_000;
const OF_OTHERS: usize = 10;
/// Subscriptions of the large owner that want everything; the others want what seldom happens.
const WANT_ALL: usize = 3;

/// The same numbers in each run.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn id(&mut self, at: SystemTime) -> Id {
        let (first, second) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        let mut unique = [0; 10];
        unique[..8].copy_from_slice(&first);
        // The last byte of a subscription's id says that it is fetched; none is here.
        unique[8] = second[0];
        Id::at(at, unique)
    }
}

/// What the tables say of an owner in several columns.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) hash: i64,
    pub(crate) slot: i64,
}

/// Which of its deliveries arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    /// Most attempts fail.
    Bad,
    /// Nothing is sent.
    Paused,
}

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) id: Id,
    pub(crate) owner: usize,
    pub(crate) events: Vec<&'static str>,
    pub(crate) health: Health,
}

pub(crate) fn owners() -> Vec<Owner> {
    let owner = |number| {
        let name = format!("acct_{number}");
        let digest = Sha256::digest(&name);
        let hash = digest.first_chunk().copied().map_or(0, i64::from_be_bytes);
        let slot = Slot::of(name.as_bytes()).0.into();
        Owner { name, hash, slot }
    };
    (0..OWNERS).map(owner).collect()
}

/// All subscriptions, those of one owner together. They were made in the ten days before the first message.
pub(crate) fn subscriptions(random: &mut Random, now: SystemTime) -> Vec<Subscription> {
    let usual = EVENTS.len() - 1;
    let mut all = Vec::new();
    for owner in 0..OWNERS {
        let count = if owner == 0 { OF_LARGE } else { OF_OTHERS };
        for number in 0..count {
            let age = Duration::from_secs(86_400 * 30 + random.below(86_400 * 10));
            let events = match (owner, number) {
                (0, ..WANT_ALL) => vec!["*"],
                (0, _) => vec![EVENTS[usual]],
                _ => (0..3).map(|more| EVENTS[(number + more) % usual]).collect(),
            };
            let health = match random.below(100) {
                _ if owner == 0 && number < WANT_ALL => Health::Good,
                0..3 => Health::Bad,
                3..5 => Health::Paused,
                _ => Health::Good,
            };
            all.push(Subscription {
                id: random.id(now - age),
                owner,
                events,
                health,
            });
        }
    }
    all
}
