//! Building a scheme, in a constant or at run time.

use std::time::Duration;

use super::{Alternative, RequiredHeaders, Scheme};
use crate::algorithm::{Algorithm, Encoding};
use crate::field::Label;
use crate::key::KeyForm;
use crate::text::{Names, Text, replace};
use crate::timestamp::Timestamp;
use crate::url::UrlForm;

/// # Start with the algorithm
///
/// Each names the header that carries the signature. Unless said otherwise the signature is hexadecimal, has
/// no label, and covers the body.
impl Scheme {
    /// HMAC-SHA256, hex; the secret's own bytes are the key.
    pub const fn hmac_sha256(header: &'static str) -> Self {
        Self::new(Algorithm::HmacSha256, KeyForm::Utf8, header, Encoding::Hex)
    }

    /// HMAC-SHA1, hex; the secret's own bytes are the key.
    pub const fn hmac_sha1(header: &'static str) -> Self {
        Self::new(Algorithm::HmacSha1, KeyForm::Utf8, header, Encoding::Hex)
    }

    /// HMAC-SHA512, hex; the secret's own bytes are the key.
    pub const fn hmac_sha512(header: &'static str) -> Self {
        Self::new(Algorithm::HmacSha512, KeyForm::Utf8, header, Encoding::Hex)
    }

    /// Ed25519, base64; keys are `whpk_` and `whsk_` with base64, the prefix may be absent.
    pub const fn ed25519(header: &'static str) -> Self {
        Self::new(Algorithm::Ed25519, KeyForm::WHPK, header, Encoding::Base64)
    }

    /// ECDSA on P-256 with SHA-256, DER in base64; keys are SPKI in base64.
    pub const fn ecdsa_p256(header: &'static str) -> Self {
        Self::new(
            Algorithm::EcdsaP256Sha256,
            KeyForm::SpkiBase64,
            header,
            Encoding::Base64,
        )
    }

    /// Plain SHA-256, hex, for legacy schemes; [`base`](Self::base) must hold `{secret}`.
    pub const fn sha256(header: &'static str) -> Self {
        Self::new(Algorithm::Sha256, KeyForm::Utf8, header, Encoding::Hex)
    }

    /// The secret itself is in the header. A person who reads one request can write others; the body is not
    /// covered.
    pub const fn token(header: &'static str) -> Self {
        Self::new(Algorithm::Token, KeyForm::Utf8, header, Encoding::Raw)
    }

    /// HTTP Basic authentication (RFC 7617) with `user:password` as the secret.
    pub const fn basic() -> Self {
        let scheme = Self::new(
            Algorithm::Basic,
            KeyForm::Utf8,
            "authorization",
            Encoding::Base64,
        );
        scheme.label(Label::any_case_prefix("Basic "))
    }
}

/// # Describe where everything is
impl Scheme {
    /// The headers that may carry the signature; the first that is present counts.
    pub const fn headers(mut self, names: &'static [&'static str]) -> Self {
        replace(&mut self.signature.headers, Names::Static(names));
        self
    }

    /// Signatures in every one of the [`headers`](Self::headers) count.
    pub const fn each_header(mut self) -> Self {
        self.signature.each = true;
        self
    }

    /// The header is a list with this character between items, around which spaces do not matter.
    pub const fn list(mut self, separator: char) -> Self {
        self.signature.split = Some(separator);
        self
    }

    /// What comes before the signature.
    pub const fn label(mut self, label: Label) -> Self {
        replace(&mut self.signature.label, label);
        self
    }

    /// A text before the signature, as `sha256=`.
    pub const fn prefix(self, prefix: &'static str) -> Self {
        self.label(Label::prefix(prefix))
    }

    /// Signatures are named by version: `v1,..` or `v1=..`. Other versions are skipped; a signer writes the
    /// first one.
    pub const fn versions(self, separator: char, accept: &'static [&'static str]) -> Self {
        self.label(Label::versions(separator, accept))
    }

    /// A second algorithm under the same header, for secrets of another kind: each secret is used with the algorithm that
    /// its prefix announces. Both must label their signatures with [versions](Self::versions), and different ones, so that
    /// no signature is tried with the key of the other algorithm.
    ///
    /// This is how [`STANDARD_WEBHOOKS_V1_V1A`](Self::STANDARD_WEBHOOKS_V1_V1A) is made.
    pub const fn alternative(
        mut self,
        algorithm: Algorithm,
        key: KeyForm,
        label: Label,
        encoding: Encoding,
    ) -> Self {
        replace(
            &mut self.alternative,
            Some(Alternative {
                algorithm,
                key,
                label,
                encoding,
            }),
        );
        self
    }

    /// How the signature is written.
    pub const fn encoding(mut self, encoding: Encoding) -> Self {
        self.signature.encoding = encoding;
        self
    }

    /// The signature is written in base64.
    pub const fn base64(self) -> Self {
        self.encoding(Encoding::Base64)
    }

    /// What the secret's text stands for.
    pub const fn key(mut self, key: KeyForm) -> Self {
        replace(&mut self.key, key);
        self
    }

    /// The signed text; see [the type](Self#the-signed-text).
    pub const fn base(mut self, template: &'static str) -> Self {
        replace(&mut self.base, Text::Borrowed(template));
        self
    }

    /// Where the timestamp is and how far it may be off. The signature must cover it.
    pub const fn timestamp(mut self, timestamp: Timestamp) -> Self {
        replace(&mut self.timestamp, Some(timestamp));
        self
    }

    /// The headers that may carry the message id; the first that is present counts. The signature must cover
    /// it.
    pub const fn id(mut self, names: &'static [&'static str]) -> Self {
        replace(&mut self.id, Some(Names::Static(names)));
        self
    }

    /// Which spellings of the URL are tried.
    pub const fn url_form(mut self, form: UrlForm) -> Self {
        self.url = form;
        self
    }

    /// When the signed URL has this query parameter, it is the hex SHA-256 of the body, and the body is not a
    /// form (Twilio's `bodySHA256`).
    pub const fn body_hash(mut self, parameter: &'static str) -> Self {
        replace(&mut self.body_hash, Some(Text::Borrowed(parameter)));
        self
    }

    /// Headers that must have these values, such as the version of the scheme.
    pub const fn require(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        replace(&mut self.required, RequiredHeaders::Static(headers));
        self
    }
}

/// # Change the age
impl Scheme {
    /// Changes how far the timestamp may be off, inclusive, on each side that the scheme bounds. Without
    /// effect on a scheme without a timestamp. Zero means zero, not "any age" as in some official libraries.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_signature::Scheme;
    ///
    /// let strict = Scheme::STRIPE.tolerance(Duration::from_secs(30));
    /// assert_eq!(strict.tolerances(), (Some(Duration::from_secs(30)), None));
    /// ```
    pub const fn tolerance(mut self, tolerance: Duration) -> Self {
        if let Some(timestamp) = &mut self.timestamp {
            if timestamp.past.is_some() {
                timestamp.past = Some(tolerance);
            }
            if timestamp.future.is_some() {
                timestamp.future = Some(tolerance);
            }
        }
        self
    }

    /// Accepts a right signature of any age: for replaying stored requests. On a public address this lets
    /// anyone who has seen a request send it again.
    pub const fn any_age(mut self) -> Self {
        if let Some(timestamp) = &mut self.timestamp {
            timestamp.past = None;
            timestamp.future = None;
        }
        self
    }
}
