//! What is wrong with a scheme, a secret or a public URL, found before the first request.

use std::fmt;

/// A scheme that cannot work, with the field (named as in the JSON form) and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeError {
    field: &'static str,
    problem: String,
}

impl SchemeError {
    pub(crate) fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self {
            field,
            problem: problem.into(),
        }
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
    /// The secret holds only white space.
    Blank,
    /// The secret begins or ends with a byte order mark, white space or a control character. No provider gives out such
    /// a secret, and what is signed with it would be refused without a hint.
    Surrounded {
        /// What was found, such as `a line break`.
        found: &'static str,
        /// Whether it is at the end; otherwise it is at the beginning.
        at_the_end: bool,
    },
    /// All bytes of the key are zero: a buffer that was never filled. HMAC with it is HMAC with an empty key.
    AllZero,
    /// The key is shorter than the scheme allows.
    TooShort {
        /// The length of the key, in bytes.
        bytes: usize,
        /// The shortest that the scheme allows.
        at_least: usize,
    },
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
            Self::Blank => f.write_str(
                "the secret is blank: anyone could sign with it; give the text that the provider shows",
            ),
            Self::Surrounded { found, at_the_end } => {
                let where_ = if *at_the_end { "ends" } else { "begins" };
                write!(
                    f,
                    "the secret {where_} with {found}, which may come from the file it was read from; remove it"
                )
            }
            Self::AllZero => f.write_str(
                "the secret is made of zero bytes only: anyone could sign with it; give the one that was generated",
            ),
            Self::TooShort { bytes, at_least } => write!(
                f,
                "the secret has {bytes} byte(s), and this scheme asks for at least {at_least}; give the one that was \
                 generated"
            ),
            Self::NoSecret => f.write_str("no secret was given; at least one is needed"),
            Self::Malformed { expected } => write!(f, "the secret is not {expected}"),
            Self::WrongKind { expected, found } => {
                write!(
                    f,
                    "the secret starts with `{found}`, but this scheme needs {expected}"
                )
            }
            Self::CannotSign => f.write_str("a public key cannot sign; give the private key"),
            Self::HalvesDiffer => {
                f.write_str("the private key and the public key behind it do not belong together")
            }
            Self::TooMany { allowed } => {
                write!(
                    f,
                    "a request of this scheme carries {allowed} signature(s); give no more secrets"
                )
            }
            Self::FeatureMissing { feature } => {
                write!(
                    f,
                    "webhooks-signature was built without its feature `{feature}`"
                )
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
    /// An origin with a query or fragment; only scheme, host and port belong there, and a prefix of the path.
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
            Self::NotAnOrigin => {
                f.write_str("an origin has no query; write it as in `https://example.com`")
            }
            Self::Network(text) => {
                write!(
                    f,
                    "`{text}` is neither an address nor a network such as `10.0.0.0/8`"
                )
            }
        }
    }
}

impl std::error::Error for UrlError {}
