//! Keys for a text that is in one piece: the signature base of RFC 9421, whose ECDSA signatures are `r` and `s` one behind
//! the other instead of DER.

use subtle::ConstantTimeEq;

use super::form::KeyForm;
use super::{ecdsa, ed25519, mac};
use crate::algorithm::Algorithm;
use crate::error::SecretError;
use crate::secret::Secret;

/// Verifies.
#[allow(
    clippy::large_enum_variant,
    reason = "keys are few and live as long as what holds them"
)]
pub(crate) enum TextKey {
    Hmac(mac::Mac),
    Ed25519(ed25519::Public),
    P256(ecdsa::Public),
}

impl TextKey {
    pub(crate) fn new(
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        match algorithm {
            Algorithm::HmacSha256 => {
                Ok(Self::Hmac(mac::Mac::new(algorithm, &form.decode(secret)?)))
            }
            Algorithm::Ed25519 => ed25519::Public::new(form, secret).map(Self::Ed25519),
            Algorithm::EcdsaP256Sha256 => ecdsa::Public::new(form, secret).map(Self::P256),
            _ => Err(UNNAMED),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(_) => Algorithm::HmacSha256,
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::P256(_) => Algorithm::EcdsaP256Sha256,
        }
    }

    pub(crate) fn accepts(&self, text: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => key.sign_text(text).bytes().ct_eq(signature).into(),
            Self::Ed25519(key) => key.accepts_text(text, signature),
            Self::P256(key) => key.accepts_fixed(text, signature),
        }
    }
}

/// Signs.
#[allow(
    clippy::large_enum_variant,
    reason = "keys are few and live as long as what holds them"
)]
pub(crate) enum SigningTextKey {
    Hmac(mac::Mac),
    Ed25519(ed25519::Private),
    P256(ecdsa::Private),
}

impl SigningTextKey {
    pub(crate) fn new(
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        match algorithm {
            Algorithm::HmacSha256 => {
                Ok(Self::Hmac(mac::Mac::new(algorithm, &form.decode(secret)?)))
            }
            Algorithm::Ed25519 => ed25519::Private::new(form, secret).map(Self::Ed25519),
            Algorithm::EcdsaP256Sha256 => ecdsa::Private::new(form, secret).map(Self::P256),
            _ => Err(UNNAMED),
        }
    }

    pub(crate) fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Hmac(key) => key.sign_text(text).bytes().to_vec(),
            Self::Ed25519(key) => key.sign_text(text),
            Self::P256(key) => key.sign_fixed(text),
        }
    }
}

const UNNAMED: SecretError = SecretError::Malformed {
    expected: "for an algorithm of RFC 9421",
};
