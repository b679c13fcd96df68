//! What goes wrong while a receiver is set up.

use std::fmt;

use crate::error_chain::ErrorChain;

/// A receiver that cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// The scheme, a secret or a public URL is at fault.
    Signature(webhooks_signature::SetupError),
    /// A secret or a public URL for a receiver that authenticates with a verifier of its own, which has its own.
    OwnVerifier,
    /// A secret for a receiver that looks its secrets up.
    LookedUp,
    /// Nothing was linked under this key for this state.
    NothingCollected(String),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // With its sources: the words of a secret's mistake are there, and a program that ends with this error shows no
            // more than this text.
            Self::Signature(error) => ErrorChain(error).fmt(f),
            Self::OwnVerifier => f.write_str(
                "this receiver has a verifier of its own; give secrets and public URLs to that one before it is \
                 handed over",
            ),
            Self::LookedUp => f.write_str(
                "this receiver looks its secrets up for each request; return this one from the lookup",
            ),
            Self::NothingCollected(found) => f.write_str(found),
        }
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Signature(error) => Some(error),
            Self::OwnVerifier | Self::LookedUp | Self::NothingCollected(_) => None,
        }
    }
}

impl From<webhooks_signature::SetupError> for SetupError {
    fn from(error: webhooks_signature::SetupError) -> Self {
        Self::Signature(error)
    }
}
