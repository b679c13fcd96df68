//! The algorithms and the ways in which signatures are written in a header.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::quads;

/// The most signatures of one algorithm that a request may carry. Each costs a comparison before the caller is known.
/// Where each costs a verification, under [asymmetric](Algorithm::is_asymmetric) algorithms, there are at most 4.
pub const MAX_SIGNATURES: usize = 32;

/// How a signature is computed from the signed text and the secret.
///
/// One scheme has exactly one algorithm, so that a value under one label is never tried with another
/// algorithm: a `v1a` key never checks a `v1` signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-1 (RFC 2104). Old, but not broken as a MAC; Twilio and legacy GitHub.
    HmacSha1,
    /// HMAC with SHA-256 (RFC 2104): most providers.
    HmacSha256,
    /// HMAC with SHA-512 (RFC 2104).
    HmacSha512,
    /// Ed25519 (RFC 8032), strict: weak keys and non-canonical signatures are refused.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5), signature in ASN.1 DER.
    EcdsaP256Sha256,
    /// Plain SHA-256 over a text that holds the secret. Open to length extension when the secret comes first
    /// and the signed text has no fixed end; for legacy schemes only (HubSpot v1, v2).
    Sha256,
    /// The header holds the secret itself. Nothing of the request is signed.
    Token,
    /// HTTP Basic authentication (RFC 7617); the secret is `user:password`. Nothing of the request is signed.
    Basic,
}

impl Algorithm {
    pub(crate) const ALL: [(&'static str, Self); 8] = [
        ("hmac-sha1", Self::HmacSha1),
        ("hmac-sha256", Self::HmacSha256),
        ("hmac-sha512", Self::HmacSha512),
        ("ed25519", Self::Ed25519),
        ("ecdsa-p256-sha256", Self::EcdsaP256Sha256),
        ("sha256", Self::Sha256),
        ("token", Self::Token),
        ("basic", Self::Basic),
    ];

    /// Whether verifying takes another key than signing.
    #[inline]
    pub const fn is_asymmetric(self) -> bool {
        matches!(self, Self::Ed25519 | Self::EcdsaP256Sha256)
    }

    /// How many signatures of one request are looked at.
    pub(crate) const fn max_signatures(self) -> usize {
        if self.is_asymmetric() {
            4
        } else {
            MAX_SIGNATURES
        }
    }

    /// Whether the secret itself travels, and nothing of the request is signed.
    #[inline]
    pub const fn is_bearer(self) -> bool {
        matches!(self, Self::Token | Self::Basic)
    }
}

/// How the bytes of a signature are written.
///
/// Verification decodes and compares bytes, so upper-case hex is accepted. Base64 is strict otherwise:
/// padded, without stray bits, because every reference library compares the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Hexadecimal; written in lower case.
    Hex,
    /// Base64 with `+`, `/` and padding (RFC 4648 section 4).
    Base64,
    /// Base64 with `-`, `_` and padding (RFC 4648 section 5).
    Base64Url,
    /// The bytes themselves (tokens).
    Raw,
}

impl Encoding {
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("hex", Self::Hex),
        ("base64", Self::Base64),
        ("base64url", Self::Base64Url),
        ("raw", Self::Raw),
    ];

    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE.encode(bytes),
            Self::Raw => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// Decodes into `buffer` and returns the length, or `None` for text that is not in this encoding or does
    /// not fit (no signature is that long).
    #[inline]
    pub(crate) fn decode_into(self, text: &[u8], buffer: &mut [u8]) -> Option<usize> {
        match self {
            Self::Hex => {
                let length = text.len() / 2;
                hex::decode_to_slice(text, buffer.get_mut(..length)?)
                    .ok()
                    .map(|()| length)
            }
            Self::Base64 => quads::STANDARD.decode(text, buffer),
            Self::Base64Url => quads::URL_SAFE.decode(text, buffer),
            Self::Raw => {
                buffer.get_mut(..text.len())?.copy_from_slice(text);
                Some(text.len())
            }
        }
    }

    /// Decodes text of any length (credentials).
    pub(crate) fn decode(self, text: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Base64Url => URL_SAFE.decode(text).ok(),
            Self::Raw => Some(text.to_vec()),
        }
    }
}
