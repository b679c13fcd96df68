//! What goes wrong: in a request here, in a scheme or secret in `setup`, in signing in `sign`.
//!
//! [`Rejection`] is the decision that matters: its `Display` is one neutral sentence, so that a missing and a
//! wrong signature look the same from outside; [`Rejection::reason`] is precise and meant for logs. Neither
//! ever holds a secret, a signature or a header's value.

mod kind;
mod message_signature;
mod reason;
mod setup;
mod sign;

pub use kind::RejectionKind;
pub use message_signature::MessageSignatureProblem;
pub use reason::Reason;
pub use setup::{SchemeError, SecretError, SetupError, UrlError};
pub use sign::SignError;

use std::borrow::Cow;
use std::fmt;

/// A request that was not authenticated.
///
/// `Display` says the same for every cause and may be sent to the caller. Log [`reason`](Self::reason).
///
/// ```
/// use webhooks_signature::{Reason, Rejection};
///
/// let rejection = Rejection::new(Reason::Mismatch);
/// assert_eq!(rejection.to_string(), "the request could not be authenticated");
/// assert_eq!(rejection.reason().to_string(), "no signature matches any of the secrets");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    reason: Box<Reason>,
}

/// What a step of a verification gives. Boxed, because a large error makes every right answer slower to return.
pub(crate) type VerifyResult<T> = Result<T, Box<Reason>>;

impl Rejection {
    /// A rejection for `reason`.
    pub fn new(reason: Reason) -> Self {
        reason.into()
    }

    /// A rejection by a [`Verifier`](crate::Verifier) of your own. The text goes to logs, so it must not hold
    /// a secret or a signature.
    pub fn because(text: impl Into<Cow<'static, str>>) -> Self {
        Reason::Other(text.into()).into()
    }

    /// Which kind of fault it was: the label for a counter, and what a test asks.
    pub fn kind(&self) -> RejectionKind {
        self.reason.kind()
    }

    /// What exactly was wrong, for logs; keep it from the caller.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether the signature was right and only its time was outside the tolerance: a replay, a delivery that
    /// was stuck in a queue, or a clock that is wrong. Where only the time was looked at, as in
    /// [`precheck`](crate::Verifier::precheck), this is false, and the [kind](Self::kind) is
    /// [`Stale`](RejectionKind::Stale) all the same.
    pub fn is_stale(&self) -> bool {
        matches!(*self.reason, Reason::TooOld { .. } | Reason::TooNew { .. })
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request could not be authenticated")
    }
}

impl std::error::Error for Rejection {}

impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self {
            reason: Box::new(reason),
        }
    }
}

impl From<Box<Reason>> for Rejection {
    fn from(reason: Box<Reason>) -> Self {
        Self { reason }
    }
}
