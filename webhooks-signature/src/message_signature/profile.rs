//! What a profile of RFC 9421 asks for: the standard leaves to both parties what must be covered.

use std::time::Duration;

use super::digest::Base64;
use crate::algorithm::Algorithm;

/// What a message signature must cover, hold and allow.
///
/// RFC 9421 defines how signatures are made; what must be signed, and for how long, is for its profiles to say (section
/// 1.4). Start from a constant and change what your provider's differs in:
///
/// ```
/// use std::time::Duration;
/// use webhooks_signature::MessageSignatureProfile;
///
/// const ACME: MessageSignatureProfile = MessageSignatureProfile::WEBHOOK
///     .tag("acme-webhook")
///     .covers(&["@method", "@target-uri", "content-digest", "x-acme-event"])
///     .max_age(Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct MessageSignatureProfile {
    pub(super) label: Option<&'static str>,
    pub(super) tag: Option<&'static str>,
    pub(super) components: &'static [&'static str],
    pub(super) parameters: &'static [&'static str],
    pub(super) algorithms: &'static [Algorithm],
    pub(super) max_age: Duration,
    pub(super) skew: Duration,
    pub(super) key_member: Option<(&'static str, &'static [&'static str])>,
    pub(super) base64: Base64,
    pub(super) is_normalised: bool,
}

impl MessageSignatureProfile {
    /// For webhooks: method, target URI and the digest of the body are covered, `created` and `keyid` are there, the
    /// signature is at most five minutes old, and clocks may differ by one.
    pub const WEBHOOK: Self = Self {
        label: None,
        tag: None,
        components: &["@method", "@target-uri", "content-digest"],
        parameters: &["created", "keyid"],
        algorithms: &[
            Algorithm::Ed25519,
            Algorithm::EcdsaP256Sha256,
            Algorithm::HmacSha256,
        ],
        max_age: Duration::from_secs(300),
        skew: Duration::from_secs(60),
        key_member: None,
        base64: Base64::Standard,
        is_normalised: false,
    };

    /// The webhooks of AdCP 3: the label `sig1`, its tag, a nonce and an end within five minutes, keys for signing
    /// webhooks or requests, byte sequences in base64url.
    ///
    /// Source: <https://adcontextprotocol.org/docs/building/by-layer/L1/security#webhook-callbacks>.
    pub const ADCP_WEBHOOK: Self = Self::WEBHOOK
        .label("sig1")
        .tag("adcp/webhook-signing/v1")
        .covers(&[
            "@method",
            "@target-uri",
            "@authority",
            "content-type",
            "content-digest",
        ])
        .parameters(&["created", "expires", "nonce", "keyid", "alg", "tag"])
        .algorithms(&[Algorithm::Ed25519, Algorithm::EcdsaP256Sha256])
        .key_member("adcp_use", &["request-signing", "webhook-signing"])
        .base64url()
        .normalised_uri();

    /// The signature with this label; without it the first one that has the tag.
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }

    /// The value of the parameter `tag`.
    pub const fn tag(mut self, tag: &'static str) -> Self {
        self.tag = Some(tag);
        self
    }

    /// The components that must be covered; others may be. Leave `content-digest` out only where there is no body:
    /// without it the body is not signed.
    pub const fn covers(mut self, components: &'static [&'static str]) -> Self {
        self.components = components;
        self
    }

    /// The parameters that must be there: of `created`, `expires`, `nonce`, `keyid`, `alg` and `tag`.
    pub const fn parameters(mut self, names: &'static [&'static str]) -> Self {
        self.parameters = names;
        self
    }

    /// The algorithms that may be used: Ed25519, ECDSA on P-256, HMAC-SHA256. RSA is not supported.
    pub const fn algorithms(mut self, algorithms: &'static [Algorithm]) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// How old a signature may be, and the longest time between `created` and `expires`.
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// How far the clocks of both parties may differ.
    pub const fn skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// A member that a JWK must have, with one of these values.
    pub const fn key_member(mut self, name: &'static str, values: &'static [&'static str]) -> Self {
        self.key_member = Some((name, values));
        self
    }

    /// Byte sequences may be written in base64url too.
    pub const fn base64url(mut self) -> Self {
        self.base64 = Base64::EitherAlphabet;
        self
    }

    /// The target URI is signed as RFC 3986 section 6.2 normalises it, not as it came.
    pub const fn normalised_uri(mut self) -> Self {
        self.is_normalised = true;
        self
    }
}
