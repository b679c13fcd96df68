//! What goes wrong: in a request here, in a scheme or secret in `setup`, in signing in `sign`.
//!
//! [`Rejection`] is the decision that matters: its `Display` is one neutral sentence, so that a missing and a
//! wrong signature look the same from outside; [`Rejection::reason`] is precise and meant for logs. Neither
//! ever holds a secret, a signature or a header's value.

mod setup;
mod sign;

pub use setup::{SchemeError, SecretError, SetupError, UrlError};
pub use sign::SignError;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

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
    reason: Reason,
}

impl Rejection {
    /// A rejection for `reason`.
    pub fn new(reason: Reason) -> Self {
        Self { reason }
    }

    /// A rejection by a [`Verifier`](crate::Verifier) of your own. The text goes to logs, so it must not hold
    /// a secret or a signature.
    pub fn because(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason: Reason::Other(text.into()),
        }
    }

    /// What exactly was wrong, for logs; keep it from the caller.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether the signature was right and only its time was outside the tolerance: a replay, a delivery that
    /// was stuck in a queue, or a clock that is wrong.
    pub fn is_stale(&self) -> bool {
        matches!(self.reason, Reason::TooOld { .. } | Reason::TooNew { .. })
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
        Self { reason }
    }
}

/// Why a request was rejected. Names are those of the scheme; values of the request are never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No header that could carry the signature is present, or it is empty.
    MissingSignature {
        /// The header looked for (the first alternative).
        header: String,
    },
    /// A header the scheme needs is missing or empty.
    MissingHeader {
        /// Its name (the first alternative).
        header: String,
    },
    /// A header came more than once with different values.
    ConflictingHeader {
        /// Its name.
        header: String,
    },
    /// A header that must have a fixed value (the version of the scheme, say) has another one.
    UnexpectedHeader {
        /// Its name.
        header: String,
    },
    /// The signature header is there, but nothing in it has the scheme's label and encoding.
    NoUsableSignature {
        /// The header read.
        header: String,
    },
    /// More signatures in one request than [`MAX_SIGNATURES`](crate::MAX_SIGNATURES).
    TooManySignatures,
    /// The timestamp is missing where the scheme keeps it.
    MissingTimestamp,
    /// The timestamp is not in the scheme's form (digits only, at most 15; or ISO 8601).
    MalformedTimestamp,
    /// A field that must be unique, such as Stripe's `t`, came more than once.
    RepeatedField {
        /// The field's name.
        field: String,
    },
    /// The message id is not UTF-8.
    MalformedId,
    /// The body had to be read as JSON to find the timestamp, and is not JSON.
    MalformedBody,
    /// The scheme signs the URL, and the public one cannot be known: no public URL was configured, and the
    /// request came without a usable one.
    UnknownUrl,
    /// The hash of the body in the signed URL is not that of the body.
    BodyHash,
    /// Signatures were there, and none is right for any of the secrets.
    Mismatch,
    /// The signature is right, but older than the scheme allows.
    TooOld {
        /// How old, in whole seconds.
        age: Duration,
        /// What the scheme allows.
        tolerance: Duration,
    },
    /// The signature is right, but its time lies further in the future than the scheme allows.
    TooNew {
        /// How far ahead, in whole seconds.
        ahead: Duration,
        /// What the scheme allows.
        tolerance: Duration,
    },
    /// Said by a verifier of your own.
    Other(Cow<'static, str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSignature { header } => {
                write!(f, "the signature header `{header}` is missing")
            }
            Self::MissingHeader { header } => write!(f, "the header `{header}` is missing"),
            Self::ConflictingHeader { header } => {
                write!(
                    f,
                    "the header `{header}` came several times with different values"
                )
            }
            Self::UnexpectedHeader { header } => {
                write!(
                    f,
                    "the header `{header}` does not have the value that the scheme requires"
                )
            }
            Self::NoUsableSignature { header } => {
                write!(
                    f,
                    "`{header}` holds no signature in the form and version of the scheme"
                )
            }
            Self::TooManySignatures => f.write_str("the request carries too many signatures"),
            Self::MissingTimestamp => f.write_str("the timestamp is missing"),
            Self::MalformedTimestamp => {
                f.write_str("the timestamp does not have the form of the scheme")
            }
            Self::RepeatedField { field } => write!(f, "the field `{field}` came more than once"),
            Self::MalformedId => f.write_str("the message id is not UTF-8"),
            Self::MalformedBody => {
                f.write_str("the body is not JSON, and the timestamp is expected in it")
            }
            Self::UnknownUrl => f.write_str(
                "the scheme signs the public URL, which is not known; configure the public URL",
            ),
            Self::BodyHash => {
                f.write_str("the body is not the one whose hash the signed URL holds")
            }
            Self::Mismatch => f.write_str("no signature matches any of the secrets"),
            Self::TooOld { age, tolerance } => {
                write!(
                    f,
                    "the signature is {} s old, allowed are {} s",
                    age.as_secs(),
                    tolerance.as_secs()
                )
            }
            Self::TooNew { ahead, tolerance } => {
                let (ahead, tolerance) = (ahead.as_secs(), tolerance.as_secs());
                write!(
                    f,
                    "the signature is {ahead} s ahead of the clock, allowed are {tolerance} s"
                )
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}
