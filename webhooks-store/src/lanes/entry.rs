//! A row of a lane as it is read, and the lane it is in.

use std::fmt;
use std::sync::Arc;

use super::place::{Place, Version};
use crate::job::Id;

/// One of the 256 parts that the lanes are divided into. A slot has one owner at a time, and so has each of its lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u8);

impl Slot {
    /// How many there are.
    pub const COUNT: usize = 256;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Self)
    }

    /// The slot of an owner, or of a lane of its own: a hash that never changes (FNV-1a, folded).
    pub fn of(bytes: &[u8]) -> Self {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(
            hash.to_be_bytes()
                .into_iter()
                .fold(0, |all, byte| all ^ byte),
        )
    }
}

/// The name of a lane: the slot it lies in, and its key within the queue.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneName {
    /// Where it lies.
    pub slot: Slot,
    /// Its key.
    pub key: Arc<[u8]>,
}

impl LaneName {
    /// A lane by its slot and key.
    pub fn new(slot: Slot, key: impl Into<Arc<[u8]>>) -> Self {
        Self {
            slot,
            key: key.into(),
        }
    }
}

impl fmt::Debug for LaneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LaneName({}, {})", self.slot.0, self.key.escape_ascii())
    }
}

/// A row that waits, as reads bring it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Which lane it is in.
    pub lane: LaneName,
    /// Whose lane that is: lanes of one owner share what the owner gets.
    pub owner: i64,
    /// Where it stands in its lane, and which row it is.
    pub place: Place,
    /// The state of the row.
    pub version: Version,
    /// A hash of its order key. Two keys that share a hash are kept in one order, which hurts neither.
    pub order_key: Option<u64>,
    /// An ordered job that waits for its next try keeps its place and waits until then, in the database's milliseconds.
    /// [`i64::MAX`]: until it is changed by hand.
    pub held_ms: Option<i64>,
}

impl Entry {
    /// Which row.
    pub fn id(&self) -> Id {
        self.place.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_used_evenly_and_never_change() {
        let mut used = [0_u32; Slot::COUNT];
        for number in 0..25_600 {
            used[usize::from(Slot::of(format!("acct_{number}").as_bytes()).0)] += 1;
        }
        assert!(
            used.iter().all(|count| (50..=170).contains(count)),
            "{used:?}"
        );
        assert_eq!(Slot::of(b"acct_1"), Slot::of(b"acct_1"));
    }
}
