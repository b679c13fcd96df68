//! A signature scheme as plain data: built in a constant, or read from a configuration file.
//!
//! A scheme knows no secret and does nothing; [`Scheme::verifier`] and [`Scheme::signer`] check it, parse its
//! template once and give the values that work.

mod build;
mod check;
mod read;
mod write;

use std::fmt;
use std::time::Duration;

use crate::algorithm::{Algorithm, Encoding};
use crate::error::{SchemeError, SecretError};
use crate::field::{Label, SignatureField, Variant};
use crate::key::KeyForm;
use crate::secret::Secret;
use crate::template::{Part, Template};
use crate::text::{Names, Text};
use crate::timestamp::{Source, Timestamp};
use crate::url::UrlForm;

/// How a provider signs its webhooks.
///
/// There are constants for the providers people use ([`Scheme::STRIPE`], [`Scheme::GITHUB`], ...). Another
/// scheme is a few words, in a constant or in a file:
///
/// ```
/// use std::time::Duration;
/// use webhooks_signature::{Scheme, Timestamp};
///
/// const ACME: Scheme = Scheme::hmac_sha256("x-acme-signature")
///     .prefix("v1=")
///     .base("{ts}:{body}")
///     .timestamp(Timestamp::header("x-acme-time").tolerance(Duration::from_secs(60)));
///
/// let read: Scheme = serde_json::from_str(r#"{
///     "alg": "hmac-sha256",
///     "key": ["utf8"],
///     "sig": { "headers": ["x-acme-signature"], "label": ["prefix", "v1="], "enc": "hex" },
///     "base": "{ts}:{body}",
///     "ts": { "src": ["header", ["x-acme-time"]], "unit": "s", "past": 60, "future": 60 }
/// }"#)?;
/// assert_eq!(read, ACME);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # The signed text
///
/// [`base`](Self::base) is a template of literals and placeholders: `{body}` (the raw bytes), `{ts}` (the
/// timestamp as it came), `{id}` (the message id), `{url}`, `{method}`, `{form}` (the decoded and sorted form
/// body), `{h:name}` (a header), `{secret}` (plain SHA-256 only).
///
/// # The JSON form
///
/// | member | value | when absent |
/// |---|---|---|
/// | `alg` | `hmac-sha1`, `hmac-sha256`, `hmac-sha512`, `ed25519`, `ecdsa-p256-sha256`, `sha256`, `token`, `basic` | required |
/// | `key` | `["utf8"]`, `["base64", prefix or null]`, `["hex"]`, `["ed25519", prefix or null]`, `["ed25519hex"]`, `["spki-b64"]` | required |
/// | `sig.headers` | names, the first present counts | required |
/// | `sig.each` | `true`: every header counts | `false` |
/// | `sig.split` | the character between items | one item |
/// | `sig.label` | `["prefix", p]`, `["optprefix", p]`, `["iprefix", p]`, `["kv", separator, [names]]` | nothing before the signature |
/// | `sig.enc` | `hex`, `base64`, `base64url`, `raw` | required |
/// | `alternative` | `alg`, `key`, `label` and `enc` of a second algorithm, for secrets of another kind | none |
/// | `base` | the template; empty for `token` and `basic` | required |
/// | `ts.src` | `["header", [names]]`, `["field", name]`, `["json", pointer]` | required in `ts` |
/// | `ts.unit` | `s`, `ms`, `iso` | required in `ts` |
/// | `ts.past`, `ts.future` | seconds, both inclusive | any age, any lead |
/// | `id` | names of the header with the message id | none |
/// | `url` | `exact`, `port-variants`, `decoded` | `exact` |
/// | `body_hash` | `["query", name]`: the parameter with the hex SHA-256 of a body that is not a form | none |
/// | `require` | headers that must have a value | none |
///
/// A member that is unknown, missing or wrong is refused with its name.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Scheme {
    algorithm: Algorithm,
    key: KeyForm,
    signature: SignatureField,
    alternative: Option<Alternative>,
    base: Text,
    timestamp: Option<Timestamp>,
    id: Option<Names>,
    url: UrlForm,
    body_hash: Option<Text>,
    required: RequiredHeaders,
}

/// A second algorithm under the same header, for secrets of another kind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alternative {
    algorithm: Algorithm,
    key: KeyForm,
    label: Label,
    encoding: Encoding,
}

/// Headers with the values they must have.
#[derive(Clone, Debug)]
enum RequiredHeaders {
    Static(&'static [(&'static str, &'static str)]),
    Owned(Vec<(String, String)>),
}

impl Scheme {
    /// Checks that the scheme can work, without a secret.
    ///
    /// # Errors
    /// The first field at fault and what to change about it.
    pub fn check(&self) -> Result<(), SchemeError> {
        self.template().map(|_| ())
    }

    /// The algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The algorithm for secrets of another kind, where the scheme has [one](Self::alternative).
    pub const fn alternative_algorithm(&self) -> Option<Algorithm> {
        match &self.alternative {
            Some(alternative) => Some(alternative.algorithm),
            None => None,
        }
    }

    /// The headers that may carry the signature, the usual one first.
    pub fn signature_headers(&self) -> impl Iterator<Item = &str> {
        self.signature.headers.iter()
    }

    /// The headers that may carry the timestamp; none where it is in the signature header or the body.
    pub fn timestamp_headers(&self) -> impl Iterator<Item = &str> {
        let names = self
            .timestamp
            .as_ref()
            .and_then(|timestamp| match &timestamp.source {
                Source::Header(names) => Some(names),
                _ => None,
            });
        names.into_iter().flat_map(Names::iter)
    }

    /// The headers that may carry the message id.
    pub fn id_headers(&self) -> impl Iterator<Item = &str> {
        self.id.iter().flat_map(Names::iter)
    }

    /// Headers that must have a fixed value, with that value.
    pub fn required_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.required.iter()
    }

    /// Whether a changed body is noticed. Not so for tokens, Basic credentials and Plivo.
    pub fn signs_body(&self) -> bool {
        self.covers(&[Part::Body, Part::Form])
    }

    /// Whether the URL is signed, so that the public one must be known.
    pub fn signs_url(&self) -> bool {
        self.covers(&[Part::Url])
    }

    /// How old and how far ahead a request may be; `None` where that side is not bounded.
    pub fn tolerances(&self) -> (Option<Duration>, Option<Duration>) {
        self.timestamp
            .as_ref()
            .map_or((None, None), |timestamp| (timestamp.past, timestamp.future))
    }

    fn covers(&self, parts: &[Part]) -> bool {
        Template::parse(&self.base)
            .is_ok_and(|template| parts.iter().any(|part| template.contains(part)))
    }

    /// Makes a key with `new`, and says whether it is one of the alternative: that of a secret of another kind, known by
    /// its prefix.
    pub(crate) fn make_key<K>(
        &self,
        secret: &Secret,
        new: impl Fn(Algorithm, &KeyForm, &Secret) -> Result<K, SecretError>,
    ) -> Result<(K, bool), SecretError> {
        match (new(self.algorithm, &self.key, secret), &self.alternative) {
            (Err(SecretError::WrongKind { .. }), Some(other)) => {
                new(other.algorithm, &other.key, secret).map(|key| (key, true))
            }
            (made, _) => made.map(|key| (key, false)),
        }
    }

    pub(crate) fn variant(&self) -> Variant<'_> {
        Variant {
            algorithm: self.algorithm,
            label: &self.signature.label,
            encoding: self.signature.encoding,
        }
    }

    pub(crate) fn alternative_variant(&self) -> Option<Variant<'_>> {
        self.alternative.as_ref().map(|alternative| Variant {
            algorithm: alternative.algorithm,
            label: &alternative.label,
            encoding: alternative.encoding,
        })
    }

    pub(crate) fn signature_field(&self) -> &SignatureField {
        &self.signature
    }

    pub(crate) fn timestamp_rule(&self) -> Option<&Timestamp> {
        self.timestamp.as_ref()
    }

    pub(crate) fn id_headers_raw(&self) -> Option<&Names> {
        self.id.as_ref()
    }

    pub(crate) fn url(&self) -> UrlForm {
        self.url
    }

    pub(crate) fn hash_parameter(&self) -> Option<&str> {
        self.body_hash.as_deref()
    }
}

impl RequiredHeaders {
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (fixed, owned) = match self {
            Self::Static(pairs) => (Some(*pairs), None),
            Self::Owned(pairs) => (None, Some(pairs)),
        };
        let owned = owned
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        fixed.into_iter().flatten().copied().chain(owned)
    }
}

impl PartialEq for RequiredHeaders {
    /// Without regard to order, which a map in a file does not keep.
    fn eq(&self, other: &Self) -> bool {
        self.iter().count() == other.iter().count()
            && self.iter().all(|pair| other.iter().any(|one| one == pair))
    }
}

impl Eq for RequiredHeaders {}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheme")
            .field("algorithm", &self.algorithm)
            .field("headers", &self.signature_headers().collect::<Vec<_>>())
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl Scheme {
    const fn new(
        algorithm: Algorithm,
        key: KeyForm,
        header: &'static str,
        encoding: Encoding,
    ) -> Self {
        Self {
            algorithm,
            key,
            signature: SignatureField {
                headers: Names::One(Text::Borrowed(header)),
                each: false,
                split: None,
                label: Label::BARE,
                encoding,
            },
            alternative: None,
            base: Text::Borrowed(if algorithm.is_bearer() { "" } else { "{body}" }),
            timestamp: None,
            id: None,
            url: UrlForm::Exact,
            body_hash: None,
            required: RequiredHeaders::Static(&[]),
        }
    }
}
