//! Some of the slots, as one value: a bit for each.

use std::fmt;

use crate::lane::Slot;

/// A number of slots, for example those in which something has come.
///
/// ```
/// use webhooks_store::{Slot, SlotSet};
///
/// let some: SlotSet = [Slot(1), Slot(200)].into_iter().collect();
/// assert!(some.contains(Slot(200)) && !some.contains(Slot(2)));
/// assert!(some.without(&SlotSet::all()).is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SlotSet([u64; 4]);

impl SlotSet {
    /// Every slot.
    pub const fn all() -> Self {
        Self([u64::MAX; 4])
    }

    /// With one more.
    pub fn insert(&mut self, slot: Slot) {
        self.0[usize::from(slot.0 >> 6)] |= 1 << (slot.0 & 63);
    }

    /// Whether a slot is one of them.
    pub fn contains(&self, slot: Slot) -> bool {
        self.0[usize::from(slot.0 >> 6)] & (1 << (slot.0 & 63)) != 0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let ones = self.0.iter().map(|part| part.count_ones());
        ones.sum::<u32>() as usize
    }

    /// Those that are in either.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        self.combined(others, |own, other| own | other)
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        self.combined(others, |own, other| own & !other)
    }

    /// Whether any slot is in both.
    pub fn meets(&self, others: &Self) -> bool {
        self.combined(others, |own, other| own & other) != Self::default()
    }

    /// As [`Display`](fmt::Display) writes it; [`None`] for any other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut all = [0; 4];
        for (index, part) in all.iter_mut().enumerate() {
            let digits = &text[index * 16..][..16];
            *part = u64::from_str_radix(digits, 16).ok()?;
        }
        Some(Self(all))
    }

    fn combined(&self, others: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let mut all = [0; 4];
        for (index, part) in all.iter_mut().enumerate() {
            *part = combine(self.0[index], others.0[index]);
        }
        Self(all)
    }
}

impl FromIterator<Slot> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut all = Self::default();
        slots.into_iter().for_each(|slot| all.insert(slot));
        all
    }
}

/// Sixty-four hexadecimal digits.
impl fmt::Display for SlotSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_has_a_bit_of_its_own() {
        let mut set = SlotSet::default();
        for slot in Slot::all() {
            assert!(!set.contains(slot), "{slot:?}");
            set.insert(slot);
            assert!(set.contains(slot), "{slot:?}");
        }
        assert_eq!((set, set.count()), (SlotSet::all(), Slot::COUNT));
    }

    #[test]
    fn sets_are_compared_slot_by_slot() {
        let set = |slots: &[u8]| slots.iter().copied().map(Slot).collect::<SlotSet>();
        let (one, other) = (set(&[0, 63, 64, 255]), set(&[63, 128]));
        assert_eq!(one.with(&other), set(&[0, 63, 64, 128, 255]));
        assert_eq!(one.without(&other), set(&[0, 64, 255]));
        assert!(one.meets(&other) && !one.meets(&set(&[1, 128])));
        assert!(!one.is_empty() && SlotSet::default().is_empty());
    }

    #[test]
    fn a_set_is_read_as_it_was_written_and_nothing_else_is_read() {
        for set in [
            SlotSet::default(),
            SlotSet::all(),
            [Slot(7), Slot(200)].into_iter().collect(),
        ] {
            assert_eq!(SlotSet::parse(&set.to_string()), Some(set));
        }
        let long = "0".repeat(65);
        let odd = format!("+{}", "0".repeat(63));
        let wide = "é".repeat(32);
        for text in ["", "all", &long[..63], &long, &odd, &wide] {
            assert_eq!(SlotSet::parse(text), None, "{text:?}");
        }
    }
}
