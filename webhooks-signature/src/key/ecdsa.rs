//! ECDSA keys on P-256, signatures in DER over SHA-256 (FIPS 186-5).

use p256::{
    ecdsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{DigestSigner as _, DigestVerifier as _},
    },
    pkcs8::{DecodePrivateKey as _, DecodePublicKey as _},
};
use sha2::{Digest as _, Sha256};

use super::form::KeyForm;
use crate::error::SecretError;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

pub(crate) struct Public {
    key: VerifyingKey,
}

impl Public {
    /// From a public key (SPKI DER), or from a private one (PKCS#8 DER): its public half is taken.
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        let (bytes, _) = form.decode_asymmetric(secret)?;
        if let Ok(key) = SigningKey::from_pkcs8_der(&bytes) {
            return Ok(Self {
                key: *key.verifying_key(),
            });
        }
        let malformed = SecretError::Malformed {
            expected: "a P-256 public key (SPKI DER in base64, or PEM)",
        };
        VerifyingKey::from_public_key_der(&bytes)
            .map(|key| Self { key })
            .map_err(|_| malformed)
    }

    pub(crate) fn accepts(&self, base: &Base<'_>, candidates: &[SignatureBytes]) -> bool {
        candidates
            .iter()
            .filter_map(|candidate| Signature::from_der(candidate.bytes()).ok())
            .any(|signature| {
                let write = |state: &mut Sha256| {
                    base.write(&[], &mut |bytes| state.update(bytes));
                    Ok(())
                };
                self.key.verify_digest(write, &signature).is_ok()
            })
    }
}

pub(crate) struct Private {
    key: SigningKey,
}

impl Private {
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        let (bytes, _) = form.decode_asymmetric(secret)?;
        if VerifyingKey::from_public_key_der(&bytes).is_ok() {
            return Err(SecretError::CannotSign);
        }
        let malformed = SecretError::Malformed {
            expected: "a P-256 private key (PKCS#8 DER in base64, or PEM)",
        };
        SigningKey::from_pkcs8_der(&bytes)
            .map(|key| Self { key })
            .map_err(|_| malformed)
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> Vec<u8> {
        let signature: Signature = self
            .key
            .sign_digest(|state: &mut Sha256| base.write(&[], &mut |bytes| state.update(bytes)));
        signature.to_der().as_bytes().to_vec()
    }
}
