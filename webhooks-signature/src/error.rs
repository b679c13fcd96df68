//! What goes wrong: in a scheme, in a secret, in a request, in signing.
//!
//! [`Rejection`] is the decision that matters: its `Display` is one neutral sentence, so that a missing and a
//! wrong signature look the same from outside; [`Rejection::reason`] is precise and meant for logs. Neither
//! ever holds a secret, a signature or a header's value.

use std::{borrow::Cow, fmt, time::Duration};

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
        Self { reason: Reason::Other(text.into()) }
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
            Self::MissingSignature { header } => write!(f, "the signature header `{header}` is missing"),
            Self::MissingHeader { header } => write!(f, "the header `{header}` is missing"),
            Self::ConflictingHeader { header } => {
                write!(f, "the header `{header}` came several times with different values")
            }
            Self::UnexpectedHeader { header } => {
                write!(f, "the header `{header}` does not have the value that the scheme requires")
            }
            Self::NoUsableSignature { header } => {
                write!(f, "`{header}` holds no signature in the form and version of the scheme")
            }
            Self::TooManySignatures => f.write_str("the request carries too many signatures"),
            Self::MissingTimestamp => f.write_str("the timestamp is missing"),
            Self::MalformedTimestamp => f.write_str("the timestamp does not have the form of the scheme"),
            Self::RepeatedField { field } => write!(f, "the field `{field}` came more than once"),
            Self::MalformedId => f.write_str("the message id is not UTF-8"),
            Self::MalformedBody => f.write_str("the body is not JSON, and the timestamp is expected in it"),
            Self::UnknownUrl => {
                f.write_str("the scheme signs the public URL, which is not known; configure the public URL")
            }
            Self::BodyHash => f.write_str("the body is not the one whose hash the signed URL holds"),
            Self::Mismatch => f.write_str("no signature matches any of the secrets"),
            Self::TooOld { age, tolerance } => {
                write!(f, "the signature is {} s old, allowed are {} s", age.as_secs(), tolerance.as_secs())
            }
            Self::TooNew { ahead, tolerance } => {
                let (ahead, tolerance) = (ahead.as_secs(), tolerance.as_secs());
                write!(f, "the signature is {ahead} s ahead of the clock, allowed are {tolerance} s")
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// A scheme that cannot work, with the field (named as in the JSON form) and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeError {
    field: &'static str,
    problem: String,
}

impl SchemeError {
    pub(crate) fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }

    /// The field at fault, such as `sig.label`.
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.field, self.problem)
    }
}

impl std::error::Error for SchemeError {}

/// A secret that cannot be used, without a word of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// The secret, or what is left of it behind its prefix, is empty. An empty key would let anyone sign.
    Empty,
    /// No secret was given at all.
    NoSecret,
    /// The text is not in the form that the scheme's keys have.
    Malformed {
        /// The form expected.
        expected: &'static str,
    },
    /// A key of another kind, recognised by its prefix: a shared secret for Ed25519, or the reverse.
    WrongKind {
        /// The kind expected.
        expected: &'static str,
        /// The prefix found.
        found: &'static str,
    },
    /// A public key verifies, it cannot sign.
    CannotSign,
    /// The public half that the key carries does not belong to its private half.
    HalvesDiffer,
    /// The scheme has room for fewer signatures than secrets were given to sign with.
    TooMany {
        /// How many signatures a request of this scheme carries.
        allowed: usize,
    },
    /// The crate was built without the feature for this algorithm.
    FeatureMissing {
        /// The feature's name.
        feature: &'static str,
    },
    /// The operating system gave no random bytes.
    NoRandomness,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the secret is empty; anyone could sign with it"),
            Self::NoSecret => f.write_str("no secret was given; at least one is needed"),
            Self::Malformed { expected } => write!(f, "the secret is not {expected}"),
            Self::WrongKind { expected, found } => {
                write!(f, "the secret starts with `{found}`, but this scheme needs {expected}")
            }
            Self::CannotSign => f.write_str("a public key cannot sign; give the private key"),
            Self::HalvesDiffer => {
                f.write_str("the private key and the public key beside it do not belong together")
            }
            Self::TooMany { allowed } => {
                write!(f, "a request of this scheme carries {allowed} signature(s); give no more secrets")
            }
            Self::FeatureMissing { feature } => {
                write!(f, "webhooks-signature was built without its feature `{feature}`")
            }
            Self::NoRandomness => f.write_str("the operating system gave no random bytes"),
        }
    }
}

impl std::error::Error for SecretError {}

/// A scheme or a secret that cannot be put to work: what [`Scheme::verifier`](crate::Scheme::verifier) and
/// [`Scheme::signer`](crate::Scheme::signer) return.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// The scheme is at fault.
    Scheme(SchemeError),
    /// A secret is at fault.
    Secret {
        /// Which one, counted from 0 in the order given.
        index: usize,
        /// What is wrong with it.
        error: SecretError,
    },
    /// A public URL or a network of proxies is at fault.
    Url(UrlError),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(_) => f.write_str("the signature scheme cannot work"),
            Self::Secret { index, .. } => write!(f, "secret number {} cannot be used", index + 1),
            Self::Url(_) => f.write_str("the public URL cannot be used"),
        }
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Scheme(error) => Some(error),
            Self::Secret { error, .. } => Some(error),
            Self::Url(error) => Some(error),
        }
    }
}

impl From<SchemeError> for SetupError {
    fn from(error: SchemeError) -> Self {
        Self::Scheme(error)
    }
}

impl From<UrlError> for SetupError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

/// A public URL, origin or proxy network that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// Not an absolute `http` or `https` URL.
    NotAbsolute,
    /// An origin with a path, query or fragment; only scheme, host and port belong there.
    NotAnOrigin,
    /// Not an address or network such as `10.0.0.0/8`.
    Network(String),
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => {
                f.write_str("the URL is not absolute; write it as in `https://example.com/hook`")
            }
            Self::NotAnOrigin => f.write_str("an origin has no path; write it as in `https://example.com`"),
            Self::Network(text) => {
                write!(f, "`{text}` is neither an address nor a network such as `10.0.0.0/8`")
            }
        }
    }
}

impl std::error::Error for UrlError {}

/// A message that cannot be signed under the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The scheme signs a message id, and none was given.
    MissingId,
    /// The message id is empty, not printable ASCII, or holds the character that ends the id in the signed
    /// text (`.` for Standard Webhooks), so that two messages could have the same signature.
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
    /// The secret cannot stand in a header.
    NotAHeaderValue,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingId => f.write_str("the scheme signs a message id; give one"),
            Self::AmbiguousId => {
                f.write_str("the message id must be printable ASCII without the separator that follows it")
            }
            Self::MissingUrl => f.write_str("the scheme signs the target URL; give it in absolute form"),
            Self::MissingHeader { header } => write!(f, "the scheme signs the header `{header}`; give it"),
            Self::TimeOutOfRange => f.write_str("the time cannot be written in the scheme's unit"),
            Self::BodyHash => f.write_str("the URL holds the hash of another body"),
            Self::NotAHeaderValue => f.write_str("the secret holds characters that cannot stand in a header"),
        }
    }
}

impl std::error::Error for SignError {}
