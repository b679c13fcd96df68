//! Why a request was rejected, in words for the log.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::kind::RejectionKind;
use super::message_signature::MessageSignatureProblem;

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
    /// The message id is not UTF-8, or holds the character that ends it in the signed text, so that the signature would
    /// fit another message too.
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
    /// Refused before the signature was looked at, since no body could make it good.
    Unchecked(Box<Reason>),
    /// The form has more fields, or longer names, than are put in order for a caller who is not known yet.
    FormTooLarge,
    /// An HTTP message signature (RFC 9421) is at fault.
    MessageSignature(MessageSignatureProblem),
    /// The text of a verifier of your own.
    Other(Cow<'static, str>),
}

impl Reason {
    /// The kind of fault.
    pub fn kind(&self) -> RejectionKind {
        match self {
            Self::MissingSignature { .. } | Self::MissingHeader { .. } | Self::MissingTimestamp => {
                RejectionKind::Missing
            }
            Self::ConflictingHeader { .. }
            | Self::UnexpectedHeader { .. }
            | Self::NoUsableSignature { .. }
            | Self::TooManySignatures
            | Self::MalformedTimestamp
            | Self::RepeatedField { .. }
            | Self::MalformedId
            | Self::MalformedBody
            | Self::FormTooLarge => RejectionKind::Malformed,
            Self::Mismatch | Self::BodyHash => RejectionKind::Mismatch,
            Self::TooOld { .. } | Self::TooNew { .. } => RejectionKind::Stale,
            Self::Unchecked(reason) => reason.kind(),
            Self::MessageSignature(problem) => problem.kind(),
            Self::UnknownUrl | Self::Other(_) => RejectionKind::Other,
        }
    }
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
            Self::MalformedId => f.write_str(
                "the message id is not UTF-8, or holds the character that ends it in the signed text",
            ),
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
            Self::Unchecked(reason) => write!(f, "{reason}; the signature was not looked at"),
            Self::FormTooLarge => f.write_str("the form has too many fields, or too long names"),
            Self::MessageSignature(problem) => problem.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}
