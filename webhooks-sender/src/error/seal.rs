//! Why sealed secrets cannot be opened.

use std::fmt;

/// Why the secrets of a subscription cannot be opened. It names keys by their ids, and holds nothing of what was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// The sender was not given the key of this id.
    MissingKey(String),
    /// The key that was given under this id is not the one they were sealed with, or they were sealed for another
    /// subscription, owner or target.
    WrongKey(String),
    /// They are not sealed, and the sender has a key.
    Plain,
    /// The sender has no key to seal with.
    NoKey,
    /// What is stored is not what a sender writes.
    Unreadable,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingKey(key) => write!(
                f,
                "the subscription's secrets are encrypted with the key `{key}`, which the sender was not given"
            ),
            Self::WrongKey(key) => write!(
                f,
                "the subscription's secrets cannot be opened with the key that was given as `{key}`: it is another key, or \
                 they belong to another subscription, owner or target"
            ),
            Self::Plain => f.write_str(
                "the subscription's secrets are not encrypted, and the sender has a key; see `accept_plain_secrets`",
            ),
            Self::NoKey => {
                f.write_str("the sender has no key to encrypt with; give it one with `seal_with`")
            }
            Self::Unreadable => f.write_str("the subscription's stored secrets cannot be read"),
        }
    }
}

impl std::error::Error for SealError {}
