//! How a key is written as text.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use zeroize::Zeroizing;

use crate::error::SecretError;
use crate::secret::{PRIVATE, PUBLIC, SHARED, Secret};
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
    Utf8,
    /// Base64 behind a prefix that may be absent. JSON: `["base64", "whsec_"]`, `["base64", null]`.
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
        let text = secret.expose();
        let bytes = match self {
            Self::Utf8 => Zeroizing::new(text.as_bytes().to_vec()),
            Self::Hex => decode_hex(text)?,
            Self::Base64 { prefix } => {
                refuse_prefix(text, &[PRIVATE, PUBLIC], "a shared secret (`whsec_`)")?;
                decode_base64(strip(text, prefix.as_deref()))?
            }
            Self::Ed25519 { .. } | Self::Ed25519Hex | Self::SpkiBase64 => {
                return Err(SecretError::Malformed {
                    expected: "a shared secret",
                });
            }
        };
        if bytes.is_empty() {
            Err(SecretError::Empty)
        } else {
            Ok(bytes)
        }
    }
}

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
