//! Keys: what a secret's text becomes under a scheme.
//!
//! Verifying and signing keys are two types. Each is made once, when a verifier or signer is built, and says
//! then what it cannot do; per request nothing is parsed.

#[cfg(any(feature = "ecdsa", feature = "ed25519"))]
mod asymmetric;
mod bearer;
mod digest;
#[cfg(feature = "ecdsa")]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod ed25519;
mod effort;
mod form;
pub(crate) mod jwk;
mod mac;
mod text;
#[cfg(not(all(feature = "ecdsa", feature = "ed25519")))]
mod unsupported;

#[cfg(not(feature = "ecdsa"))]
use unsupported::ecdsa;
#[cfg(not(feature = "ed25519"))]
use unsupported::ed25519;

pub(crate) use effort::Effort;
pub use form::KeyForm;
pub(crate) use text::{SigningTextKey, TextKey};

use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::error::SecretError;
use crate::few::Few;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

/// Checks signatures.
#[allow(
    clippy::large_enum_variant,
    reason = "keys are few and live as long as what holds them"
)]
pub(crate) enum VerifyingKey {
    Mac(mac::Mac),
    Digest(digest::Digest),
    Bearer(bearer::ExpectedToken),
    Ed25519(ed25519::Public),
    Ecdsa(ecdsa::Public),
}

impl VerifyingKey {
    pub(crate) fn new(
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        Ok(match algorithm {
            Algorithm::HmacSha1 | Algorithm::HmacSha256 | Algorithm::HmacSha512 => {
                Self::Mac(mac::Mac::new(algorithm, &form.decode(secret)?))
            }
            Algorithm::Sha256 => Self::Digest(digest::Digest::new(form.decode(secret)?)),
            Algorithm::Token | Algorithm::Basic => {
                Self::Bearer(bearer::ExpectedToken::new(&form.decode(secret)?))
            }
            Algorithm::Ed25519 => Self::Ed25519(ed25519::Public::new(form, secret)?),
            Algorithm::EcdsaP256Sha256 => Self::Ecdsa(ecdsa::Public::new(form, secret)?),
        })
    }

    /// Whether any of the candidates is a signature of the base under this key. `effort` is what the request may still
    /// cost; when it is used up, none is accepted.
    #[inline]
    pub(crate) fn accepts(
        &self,
        base: &Base<'_>,
        candidates: &Few<SignatureBytes>,
        effort: &mut Effort,
    ) -> bool {
        match self {
            Self::Mac(key) => {
                effort.spend_mac();
                key.sign(base).equals_any(candidates.iter())
            }
            Self::Digest(key) => key.sign(base).equals_any(candidates.iter()),
            Self::Bearer(expected) => expected.equals_any(candidates),
            Self::Ed25519(key) => key.accepts(base, candidates, effort),
            Self::Ecdsa(key) => key.accepts(base, candidates),
        }
    }
}

/// The public key of a pair, in its bytes.
pub(crate) enum PublicKey {
    Ed25519([u8; 32]),
    P256([u8; 32], [u8; 32]),
}

impl PublicKey {
    /// `algorithm` is one of the asymmetric ones; for others there is no public key.
    pub(crate) fn new(
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        if algorithm == Algorithm::Ed25519 {
            let key = ed25519::Public::new(form, secret)?;
            Ok(Self::Ed25519(*key.bytes()))
        } else {
            let (x, y) = ecdsa::Public::new(form, secret)?.coordinates();
            Ok(Self::P256(x, y))
        }
    }
}

/// Makes signatures.
#[allow(
    clippy::large_enum_variant,
    reason = "keys are few and live as long as what holds them"
)]
pub(crate) enum SigningKey {
    Mac(mac::Mac),
    Digest(digest::Digest),
    Bearer(Zeroizing<Vec<u8>>),
    Ed25519(ed25519::Private),
    Ecdsa(ecdsa::Private),
}

impl SigningKey {
    pub(crate) fn new(
        algorithm: Algorithm,
        form: &KeyForm,
        secret: &Secret,
    ) -> Result<Self, SecretError> {
        Ok(match algorithm {
            Algorithm::HmacSha1 | Algorithm::HmacSha256 | Algorithm::HmacSha512 => {
                Self::Mac(mac::Mac::new(algorithm, &form.decode(secret)?))
            }
            Algorithm::Sha256 => Self::Digest(digest::Digest::new(form.decode(secret)?)),
            Algorithm::Token | Algorithm::Basic => Self::Bearer(form.decode(secret)?),
            Algorithm::Ed25519 => Self::Ed25519(ed25519::Private::new(form, secret)?),
            Algorithm::EcdsaP256Sha256 => Self::Ecdsa(ecdsa::Private::new(form, secret)?),
        })
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Mac(key) => Zeroizing::new(key.sign(base).bytes().to_vec()),
            Self::Digest(key) => Zeroizing::new(key.sign(base).bytes().to_vec()),
            Self::Bearer(secret) => secret.clone(),
            Self::Ed25519(key) => Zeroizing::new(key.sign(base)),
            Self::Ecdsa(key) => Zeroizing::new(key.sign(base)),
        }
    }
}
