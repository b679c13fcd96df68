//! The few kinds of reasons for which a request is rejected: what a counter and a test tell apart.

use std::fmt;

/// The kinds of [`Reason`](super::Reason)s, by what to do about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectionKind {
    /// Something that the scheme needs did not come: the request is not the provider's, or a proxy removed a header.
    Missing,
    /// What came does not have the form of the scheme: another version, another provider, garbage.
    Malformed,
    /// Signatures came, and none is right: another secret, a changed body, another URL.
    Mismatch,
    /// The time is outside the tolerance: a replay, a delivery that was stuck, a clock that is wrong.
    Stale,
    /// The text of a verifier of your own, or a setting that is missing here.
    Other,
}

impl RejectionKind {
    /// One word in lower case, as a label for a counter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
            Self::Stale => "stale",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for RejectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
