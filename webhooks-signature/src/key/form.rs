//! How a key is written as text.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use zeroize::Zeroizing;

use super::jwk::{self, JwkKey};
use crate::error::SecretError;
use crate::secret::{PRIVATE, PUBLIC, SHARED, Secret, without_version};
use crate::text::Text;

/// Base64 for secrets: the Python reference library takes secrets whose padding was cut off, and ignores what
/// is left over in the last character, so both are accepted.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How the text of a [`Secret`] becomes the bytes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyForm {
    /// The text's own bytes. JSON: `["utf8"]`.
    ///
    /// Whatever the form, a JSON Web Key (RFC 7517) is taken too: `oct` for shared secrets, `OKP` with Ed25519 and `EC`
    /// with P-256 for key pairs (RFC 8037, RFC 7518).
    Utf8,
    /// Base64 behind a prefix that may be absent; behind `whsec_` at least 24 bytes. JSON: `["base64", "whsec_"]`,
    /// `["base64", null]`.
    Base64 {
        /// Stripped when present.
        prefix: Option<Text>,
    },
    /// Hexadecimal. JSON: `["hex"]`.
    Hex,
    /// An Ed25519 key in base64: 32 raw bytes or SPKI DER, behind a prefix that may be absent; for signing
    /// `whsk_` and the seed, alone or with the public key behind it, or PKCS#8 DER.
    /// JSON: `["ed25519", "whpk_"]`.
    Ed25519 {
        /// Stripped from public keys when present.
        prefix: Option<Text>,
    },
    /// An Ed25519 key as 64 hexadecimal digits: the public key, or for signing the seed.
    /// JSON: `["ed25519hex"]`.
    Ed25519Hex,
    /// A public key as SPKI DER in base64, with or without PEM lines; for signing PKCS#8 DER.
    /// JSON: `["spki-b64"]`.
    SpkiBase64,
}

impl KeyForm {
    /// `whsec_` and base64: Standard Webhooks v1.
    pub const WHSEC: Self = Self::Base64 {
        prefix: Some(Text::Borrowed(SHARED)),
    };
    /// `whpk_` and base64, for signing `whsk_`: Standard Webhooks v1a.
    pub const WHPK: Self = Self::Ed25519 {
        prefix: Some(Text::Borrowed(PUBLIC)),
    };

    /// The bytes of a shared secret.
    pub(crate) fn decode(&self, secret: &Secret) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let expected = "a shared secret (`whsec_`)";
        let text = secret.expose();
        let bytes = match (self, jwk::in_secret(secret)) {
            (_, Some(key)) => match key? {
                JwkKey::Shared(bytes) => bytes,
                key => {
                    return Err(SecretError::WrongKind {
                        expected,
                        found: key.kind(),
                    });
                }
            },
            (Self::Utf8, None) if without_version(text).len() < text.len() => {
                return Err(SecretError::WrongKind {
                    expected: "the text that the provider shows, without a version before it",
                    found: if text.starts_with("v1a,") {
                        "v1a,"
                    } else {
                        "v1,"
                    },
                });
            }
            (Self::Utf8, None) => Zeroizing::new(text.as_bytes().to_vec()),
            (Self::Hex, None) => decode_hex(text)?,
            (Self::Base64 { prefix }, None) => {
                let text = without_version(text);
                refuse_prefix(text, &[PRIVATE, PUBLIC], expected)?;
                decode_base64(strip(text, prefix.as_deref()))?
            }
            (Self::Ed25519 { .. } | Self::Ed25519Hex | Self::SpkiBase64, None) => {
                return Err(SecretError::Malformed {
                    expected: "a shared secret",
                });
            }
        };
        self.check_bytes(&bytes)?;
        Ok(bytes)
    }

    /// Refuses keys that anyone could guess.
    fn check_bytes(&self, bytes: &[u8]) -> Result<(), SecretError> {
        if bytes.is_empty() {
            return Err(SecretError::Empty);
        }
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(SecretError::AllZero);
        }
        let is_whsec = matches!(self, Self::Base64 { prefix: Some(prefix) } if prefix == SHARED);
        if is_whsec && bytes.len() < SHORTEST_TAKEN {
            return Err(SecretError::TooShort {
                bytes: bytes.len(),
                at_least: SHORTEST,
            });
        }
        Ok(())
    }
}

/// The shortest secret of Standard Webhooks, in bytes.
const SHORTEST: usize = 24;
/// One byte less is taken: the Python library's own tests have a secret of 24 bytes whose last character was cut off.
const SHORTEST_TAKEN: usize = SHORTEST - 1;

fn strip<'a>(text: &'a str, prefix: Option<&str>) -> &'a str {
    prefix
        .and_then(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text)
}

pub(super) fn refuse_prefix(
    text: &str,
    prefixes: &[&'static str],
    expected: &'static str,
) -> Result<(), SecretError> {
    match prefixes.iter().find(|prefix| text.starts_with(**prefix)) {
        Some(found) => Err(SecretError::WrongKind { expected, found }),
        None => Ok(()),
    }
}

pub(super) fn decode_hex(text: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    hex::decode(text)
        .map(Zeroizing::new)
        .map_err(|_| SecretError::Malformed {
            expected: "hexadecimal",
        })
}

pub(super) fn decode_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    LENIENT
        .decode(text)
        .map(Zeroizing::new)
        .map_err(|_| SecretError::Malformed { expected: "base64" })
}
