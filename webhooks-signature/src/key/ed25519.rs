//! Ed25519 keys (RFC 8032).
//!
//! Verification is strict: keys of small order, under which one signature fits any message, are refused.

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use zeroize::Zeroizing;

use super::asymmetric::Half;
use super::form::KeyForm;
use crate::error::SecretError;
use crate::secret::{PRIVATE, PUBLIC, Secret, random};
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

/// What stands before the 32 bytes of a public key in SubjectPublicKeyInfo (RFC 8410 section 4).
const SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
/// What stands before the 32 bytes of the seed in PKCS#8 (RFC 8410 section 7).
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
        let (bytes, half) = form.decode_asymmetric(secret)?;
        if half == Some(Half::Private) || (half.is_none() && seed_of_pkcs8(&bytes).is_some()) {
            return Ok(Self {
                key: private(&bytes)?.verifying_key(),
            });
        }
        let raw = bytes.strip_prefix(SPKI).unwrap_or(&bytes);
        let raw: &[u8; 32] = raw.try_into().map_err(|_| PUBLIC_FORM)?;
        let key = VerifyingKey::from_bytes(raw).map_err(|_| PUBLIC_FORM)?;
        if key.is_weak() {
            Err(PUBLIC_FORM)
        } else {
            Ok(Self { key })
        }
    }

    pub(crate) fn accepts(&self, base: &Base<'_>, candidates: &[SignatureBytes]) -> bool {
        let signatures = candidates
            .iter()
            .filter_map(|candidate| Signature::from_slice(candidate.bytes()).ok());
        let mut message = None;
        signatures.into_iter().any(|signature| {
            let message = message.get_or_insert_with(|| in_one_piece(base));
            self.key.verify_strict(message, &signature).is_ok()
        })
    }
}

pub(crate) struct Private {
    key: ed25519_dalek::SigningKey,
}

impl Private {
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        let (bytes, half) = form.decode_asymmetric(secret)?;
        if half == Some(Half::Public) || bytes.starts_with(SPKI) {
            return Err(SecretError::CannotSign);
        }
        Ok(Self {
            key: private(&bytes)?,
        })
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> Vec<u8> {
        self.key.sign(&in_one_piece(base)).to_bytes().to_vec()
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

fn private(bytes: &[u8]) -> Result<ed25519_dalek::SigningKey, SecretError> {
    let bytes = seed_of_pkcs8(bytes).unwrap_or(bytes);
    let (seed, public) = bytes.split_at_checked(32).ok_or(PRIVATE_FORM)?;
    let seed: &[u8; 32] = seed.try_into().map_err(|_| PRIVATE_FORM)?;
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
