//! Text that is static in a constant and owned in a scheme read from a file.
//!
//! Builder methods are `const fn`, and const evaluation cannot run destructors; [`replace`] is the one place
//! that deals with it.

use std::borrow::Cow;

pub(crate) type Text = Cow<'static, str>;

/// Alternatives in order of preference. Equality is over the names, not over where they live.
#[derive(Clone, Debug)]
pub(crate) enum Names {
    One(Text),
    Static(&'static [&'static str]),
    Owned(Vec<String>),
}

impl Names {
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..).map_while(|index| self.get(index))
    }

    #[inline]
    fn get(&self, index: usize) -> Option<&str> {
        match self {
            Self::One(name) => (index == 0).then_some(name),
            Self::Static(names) => names.get(index).copied(),
            Self::Owned(names) => names.get(index).map(String::as_str),
        }
    }

    /// The name a signer writes. Validation refuses empty lists before anything is signed.
    #[inline]
    pub(crate) fn first(&self) -> &str {
        self.get(0).unwrap_or_default()
    }
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Names {}

/// Puts `value` into a builder's field.
///
/// The old value is forgotten instead of dropped, because const evaluation cannot drop. In a chain of builder
/// methods the old value is static text, so nothing leaks; overriding a text of a scheme that was read from a
/// file keeps that one string allocated.
pub(crate) const fn replace<T>(slot: &mut T, value: T) {
    core::mem::forget(core::mem::replace(slot, value));
}
