//! Which lane a job is in: the key of the lane, and the slot in which it lies.

use std::fmt;
use std::sync::Arc;

/// The key of a lane: the jobs that share a fate, for example all for one subscription. They have one owner among the
/// processes, and get their turn among the other lanes, however many of them wait.
///
/// Any bytes; keep them short (they stand in three indexes). The empty lane is a lane like any other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lane(Vec<u8>);

impl Lane {
    /// The bytes, as they are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Lane {
    fn from(bytes: Vec<u8>) -> Self {
        Lane(bytes)
    }
}

impl From<&[u8]> for Lane {
    fn from(bytes: &[u8]) -> Self {
        Lane(bytes.to_vec())
    }
}

impl From<&str> for Lane {
    fn from(text: &str) -> Self {
        Lane(text.as_bytes().to_vec())
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lane({})", self.0.escape_ascii())
    }
}

/// One of the 256 parts that the lanes are divided into. A slot has one owner at a time, and so has each of its lanes.
///
/// ```
/// use webhooks_store::Slot;
///
/// assert_eq!(Slot::of(b"acct_1"), Slot::of(b"acct_1"));
/// ```
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
        Self(
            fnv(bytes)
                .to_be_bytes()
                .into_iter()
                .fold(0, |all, byte| all ^ byte),
        )
    }
}

/// FNV-1a: a hash that is the same in every process and version.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The name of a lane: the slot it lies in, and its key within the queue.
///
/// ```
/// use webhooks_store::{LaneName, Slot};
///
/// let lane = LaneName::new(Slot::of(b"acct_1"), *b"sub_7");
/// assert_eq!(&*lane.key, b"sub_7");
/// ```
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
        // What stands in databases must go on meaning the same.
        assert_eq!(Slot::of(b"acct_1"), Slot(144));
    }

    #[test]
    fn a_lane_is_shown_readably() {
        assert_eq!(format!("{:?}", Lane::from("sub\n")), "Lane(sub\\n)");
    }
}
