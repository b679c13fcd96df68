//! Ed25519 keys (RFC 8032).
//!
//! Verification is strict: keys of small order, under which one signature fits any message, are refused.

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use zeroize::Zeroizing;

use super::asymmetric::Half;
use super::effort::Effort;
use super::form::KeyForm;
use super::jwk::{self, JwkKey};
use crate::error::SecretError;
use crate::few::Few;
use crate::secret::{PRIVATE, PUBLIC, Secret, random};
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

/// What comes before the 32 bytes of a public key in SubjectPublicKeyInfo (RFC 8410 section 4).
const SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
/// What comes before the 32 bytes of the seed in PKCS#8 (RFC 8410 section 7).
const PKCS8: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

const PUBLIC_FORM: SecretError = SecretError::Malformed {
    expected: "an Ed25519 public key (32 bytes, or SPKI DER)",
};
const PRIVATE_FORM: SecretError = SecretError::Malformed {
    expected: "an Ed25519 private key (a seed of 32 bytes, seed and public key, or PKCS#8 DER)",
};

pub(crate) struct Public {
    key: VerifyingKey,
}

impl Public {
    /// From a public key, or from a private one that says so (`whsk_`, PKCS#8): the public half is taken.
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        if let Some(key) = jwk::in_secret(secret) {
            return match key? {
                JwkKey::Ed25519 { public, .. } => Self::from_bytes(&public),
                key => Err(wrong_kind(&key)),
            };
        }
        let (bytes, half) = form.decode_asymmetric(secret)?;
        if half == Some(Half::Private) || (half.is_none() && seed_of_pkcs8(&bytes).is_some()) {
            return Ok(Self {
                key: private(&bytes)?.verifying_key(),
            });
        }
        let raw = bytes.strip_prefix(SPKI).unwrap_or(&bytes);
        Self::from_bytes(raw.try_into().map_err(|_| PUBLIC_FORM)?)
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SecretError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| PUBLIC_FORM)?;
        if key.is_weak() {
            Err(PUBLIC_FORM)
        } else {
            Ok(Self { key })
        }
    }

    pub(crate) fn accepts(
        &self,
        base: &Base<'_>,
        candidates: &Few<SignatureBytes>,
        effort: &mut Effort,
    ) -> bool {
        candidates
            .iter()
            .filter_map(|candidate| Signature::from_slice(candidate.bytes()).ok())
            .any(|signature| {
                effort.spend() && self.is_signed(&signature, |mut sink| base.write(&[], &mut sink))
            })
    }

    /// Streams the text, so that no copy of a body is made for a caller who is not known yet.
    ///
    /// The stream verifier computes what `verify_strict` computes, except that it does not refuse an `R` of small order
    /// (<https://eprint.iacr.org/2020/1244>). Only the owner of the key could make one, for a signature that other
    /// libraries refuse.
    fn is_signed(&self, signature: &Signature, text: impl Fn(&mut dyn FnMut(&[u8]))) -> bool {
        let is_weak = VerifyingKey::from_bytes(signature.r_bytes()).map_or(true, |r| r.is_weak());
        if is_weak {
            return false;
        }
        let Ok(mut stream) = self.key.verify_stream(signature) else {
            return false;
        };
        text(&mut |bytes| stream.update(bytes));
        stream.finalize_and_verify().is_ok()
    }

    /// Whether this is a signature of the text.
    pub(crate) fn accepts_text(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.is_signed(&signature, |sink| sink(text)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }
}

pub(crate) struct Private {
    key: ed25519_dalek::SigningKey,
}

impl Private {
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        if let Some(key) = jwk::in_secret(secret) {
            return match key? {
                JwkKey::Ed25519 {
                    public,
                    private: Some(seed),
                } => {
                    let key = ed25519_dalek::SigningKey::from_bytes(&seed);
                    if *key.verifying_key().as_bytes() == public {
                        Ok(Self { key })
                    } else {
                        Err(SecretError::HalvesDiffer)
                    }
                }
                JwkKey::Ed25519 { private: None, .. } => Err(SecretError::CannotSign),
                key => Err(wrong_kind(&key)),
            };
        }
        let (bytes, half) = form.decode_asymmetric(secret)?;
        if half == Some(Half::Public) || bytes.starts_with(SPKI) {
            return Err(SecretError::CannotSign);
        }
        Ok(Self {
            key: private(&bytes)?,
        })
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> Vec<u8> {
        self.sign_text(&in_one_piece(base))
    }

    pub(crate) fn sign_text(&self, text: &[u8]) -> Vec<u8> {
        self.key.sign(text).to_bytes().to_vec()
    }
}

impl Secret {
    /// A new private Ed25519 key, `whsk_`, from the operating system's randomness. Hand
    /// [`public_key`](Self::public_key) to those who verify.
    ///
    /// # Errors
    /// [`SecretError::NoRandomness`] if the operating system has none to give.
    pub fn generate_ed25519() -> Result<Self, SecretError> {
        Ok(Self::ed25519_from_seed(&*random()?))
    }

    /// A private Ed25519 key, `whsk_`, from a seed of your own randomness. Seed and public key stand behind
    /// the prefix, as Svix writes it.
    pub fn ed25519_from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        Self::prefixed(PRIVATE, &*Zeroizing::new(key.to_keypair_bytes()))
    }

    /// The public key, `whpk_`, of a private Ed25519 key `whsk_`.
    ///
    /// # Errors
    /// When this is not a private Ed25519 key.
    ///
    /// ```
    /// use webhooks_signature::Secret;
    ///
    /// let private = Secret::generate_ed25519()?;
    /// assert!(private.public_key()?.expose().starts_with("whpk_"));
    /// # Ok::<(), webhooks_signature::SecretError>(())
    /// ```
    pub fn public_key(&self) -> Result<Self, SecretError> {
        let key = Private::new(&KeyForm::WHPK, self)?.key;
        Ok(Self::prefixed(PUBLIC, key.verifying_key().as_bytes()))
    }
}

/// The signed text; Ed25519 reads it twice, so it cannot be streamed.
fn in_one_piece(base: &Base<'_>) -> Vec<u8> {
    let mut text = Vec::with_capacity(base.body.len() + 128);
    base.write(&[], &mut |bytes| text.extend_from_slice(bytes));
    text
}

fn wrong_kind(key: &JwkKey) -> SecretError {
    SecretError::WrongKind {
        expected: "an Ed25519 key",
        found: key.kind(),
    }
}

fn private(bytes: &[u8]) -> Result<ed25519_dalek::SigningKey, SecretError> {
    let bytes = seed_of_pkcs8(bytes).unwrap_or(bytes);
    let (seed, public) = bytes.split_at_checked(32).ok_or(PRIVATE_FORM)?;
    let seed: &[u8; 32] = seed.try_into().map_err(|_| PRIVATE_FORM)?;
    if *seed == [0; 32] {
        return Err(SecretError::AllZero);
    }
    let key = ed25519_dalek::SigningKey::from_bytes(seed);
    match public.len() {
        0 => Ok(key),
        32 if key.verifying_key().as_bytes() == public => Ok(key),
        32 => Err(SecretError::HalvesDiffer),
        _ => Err(PRIVATE_FORM),
    }
}

fn seed_of_pkcs8(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(PKCS8).filter(|seed| seed.len() == 32)
}
