//! Keys in the form of a JSON Web Key (RFC 7517), read from the text of a secret.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::error::SecretError;
use crate::secret::Secret;

/// RFC 7515 section 2 writes base64url without padding; with it the bytes are the same.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const FORM: SecretError = SecretError::Malformed {
    expected: "a JSON Web Key: `oct`, `OKP` with Ed25519, or `EC` with P-256",
};

/// The key of a JWK.
pub(crate) enum JwkKey {
    /// `oct` (RFC 7518 section 6.4).
    Shared(Zeroizing<Vec<u8>>),
    /// `OKP` with `Ed25519` (RFC 8037 section 2).
    Ed25519 {
        public: [u8; 32],
        #[cfg_attr(
            not(feature = "ed25519"),
            allow(dead_code, reason = "the algorithm is off")
        )]
        private: Option<Zeroizing<[u8; 32]>>,
    },
    /// `EC` with `P-256` (RFC 7518 section 6.2).
    P256 {
        x: [u8; 32],
        y: [u8; 32],
        #[cfg_attr(
            not(feature = "ecdsa"),
            allow(dead_code, reason = "the algorithm is off")
        )]
        private: Option<Zeroizing<[u8; 32]>>,
    },
}

impl JwkKey {
    /// What an error calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Shared(_) => "a JWK of the type `oct`",
            Self::Ed25519 { .. } => "a JWK of the curve Ed25519",
            Self::P256 { .. } => "a JWK of the curve P-256",
        }
    }

    pub(crate) fn from_json(text: &str) -> Result<Self, SecretError> {
        let members: Members = serde_json::from_str(text).map_err(|_| FORM)?;
        Self::from_members(&members)
    }

    fn from_members(members: &Members) -> Result<Self, SecretError> {
        match (members.kty.as_str(), members.crv.as_deref()) {
            ("oct", _) => {
                let text = members.k.as_ref().ok_or(FORM)?;
                let bytes = BASE64_URL.decode(text.0.as_bytes()).map_err(|_| FORM)?;
                Ok(Self::Shared(Zeroizing::new(bytes)))
            }
            ("OKP", Some("Ed25519")) => Ok(Self::Ed25519 {
                public: *coordinate(members.x.as_ref())?,
                private: members.private()?,
            }),
            ("EC", Some("P-256")) => Ok(Self::P256 {
                x: *coordinate(members.x.as_ref())?,
                y: *coordinate(members.y.as_ref())?,
                private: members.private()?,
            }),
            _ => Err(FORM),
        }
    }
}

/// The key, if the text of the secret is a JWK. A text in braces that is not a JWK is left to the scheme.
pub(crate) fn in_secret(secret: &Secret) -> Option<Result<JwkKey, SecretError>> {
    let text = secret.expose();
    if !text.starts_with('{') {
        return None;
    }
    let members: Members = serde_json::from_str(text).ok()?;
    Some(JwkKey::from_members(&members))
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_URL.encode(bytes)
}

/// The members of which the key consists; all others are ignored (RFC 7517 section 4).
#[derive(serde::Deserialize)]
struct Members {
    kty: String,
    crv: Option<String>,
    x: Option<SecretText>,
    y: Option<SecretText>,
    d: Option<SecretText>,
    k: Option<SecretText>,
}

impl Members {
    fn private(&self) -> Result<Option<Zeroizing<[u8; 32]>>, SecretError> {
        self.d.as_ref().map(|d| coordinate(Some(d))).transpose()
    }
}

/// A text that is wiped when it is dropped.
struct SecretText(Zeroizing<String>);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// 32 bytes, the size of all members of both curves.
fn coordinate(text: Option<&SecretText>) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let text = text.ok_or(FORM)?;
    let mut bytes = Zeroizing::new([0; 32]);
    // A text that is too long must not be cut off, so there is room for one byte more.
    let mut room = Zeroizing::new([0; 33]);
    match BASE64_URL.decode_slice(text.0.as_bytes(), &mut room[..]) {
        Ok(32) => {
            bytes.copy_from_slice(&room[..32]);
            Ok(bytes)
        }
        _ => Err(FORM),
    }
}
