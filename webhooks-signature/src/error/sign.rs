//! What is wrong with a message that should be signed.

use std::fmt;

/// A message that cannot be signed under the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The scheme signs a message id, and none was given.
    MissingId,
    /// The message id is empty, not printable ASCII, or holds the character that ends the id in the signed
    /// text (`.` for Standard Webhooks), so that two messages could have the same signature. For a message signature: the
    /// key's id cannot be written in a header.
    AmbiguousId,
    /// The scheme signs the target URL, and none was given, or it is not absolute.
    MissingUrl,
    /// The scheme signs a header that was not given.
    MissingHeader {
        /// Its name.
        header: String,
    },
    /// The time lies before 1970 or cannot be written in the scheme's unit.
    TimeOutOfRange,
    /// The URL holds a hash of the body, and it is that of another body.
    BodyHash,
    /// The body is a form with more fields, or longer names, than a verifier would put in order.
    FormTooLarge,
    /// The operating system gave no random bytes for a nonce.
    NoRandomness,
    /// The secret cannot be written in a header.
    NotAHeaderValue,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingId => f.write_str("the scheme signs a message id; give one"),
            Self::AmbiguousId => f.write_str(
                "the message id must be printable ASCII without the separator that follows it",
            ),
            Self::MissingUrl => {
                f.write_str("the scheme signs the target URL; give it in absolute form")
            }
            Self::MissingHeader { header } => {
                write!(f, "the scheme signs the header `{header}`; give it")
            }
            Self::TimeOutOfRange => f.write_str("the time cannot be written in the scheme's unit"),
            Self::BodyHash => f.write_str("the URL holds the hash of another body"),
            Self::FormTooLarge => f.write_str("the form has too many fields to be signed"),
            Self::NoRandomness => f.write_str("the operating system gave no random bytes"),
            Self::NotAHeaderValue => {
                f.write_str("the secret holds characters that cannot stand in a header")
            }
        }
    }
}

impl std::error::Error for SignError {}
