//! ECDSA keys on P-256, signatures in DER over SHA-256 (FIPS 186-5).

use p256::{
    ecdsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{DigestSigner as _, hazmat::PrehashVerifier as _},
    },
    pkcs8::{DecodePrivateKey as _, DecodePublicKey as _},
};
use sha2::{Digest as _, Sha256};

use super::form::KeyForm;
use super::jwk::{self, JwkKey};
use crate::error::SecretError;
use crate::few::Few;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

/// How an uncompressed point begins (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 4;

const PUBLIC_FORM: SecretError = SecretError::Malformed {
    expected: "a P-256 public key (SPKI DER in base64, or PEM)",
};
const PRIVATE_FORM: SecretError = SecretError::Malformed {
    expected: "a P-256 private key (PKCS#8 DER in base64, or PEM)",
};

pub(crate) struct Public {
    key: VerifyingKey,
}

impl Public {
    /// From a public key (SPKI DER), or from a private one (PKCS#8 DER): its public half is taken.
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        if let Some(key) = jwk::in_secret(secret) {
            return match key? {
                JwkKey::P256 { x, y, .. } => Self::from_coordinates(&x, &y),
                key => Err(wrong_kind(&key)),
            };
        }
        let (bytes, _) = form.decode_asymmetric(secret)?;
        if let Ok(key) = SigningKey::from_pkcs8_der(&bytes) {
            return Ok(Self {
                key: *key.verifying_key(),
            });
        }
        VerifyingKey::from_public_key_der(&bytes)
            .map(|key| Self { key })
            .map_err(|_| PUBLIC_FORM)
    }

    /// From an affine point, which must be one of the curve.
    pub(crate) fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Result<Self, SecretError> {
        let mut point = [UNCOMPRESSED; 65];
        point[1..33].copy_from_slice(x);
        point[33..].copy_from_slice(y);
        VerifyingKey::from_sec1_bytes(&point)
            .map(|key| Self { key })
            .map_err(|_| PUBLIC_FORM)
    }

    /// Both coordinates of the point.
    pub(crate) fn coordinates(&self) -> ([u8; 32], [u8; 32]) {
        let point = self.key.to_sec1_point(false);
        let (mut x, mut y) = ([0; 32], [0; 32]);
        x.copy_from_slice(&point.as_bytes()[1..33]);
        y.copy_from_slice(&point.as_bytes()[33..65]);
        (x, y)
    }

    /// Whether this is a signature of the text, written as `r` and `s` one behind the other (RFC 9421 section 3.3.4).
    pub(crate) fn accepts_fixed(&self, text: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else {
            return false;
        };
        self.key
            .verify_prehash(&Sha256::digest(text), &signature)
            .is_ok()
    }

    /// The text is hashed once, however many signatures there are.
    pub(crate) fn accepts(&self, base: &Base<'_>, candidates: &Few<SignatureBytes>) -> bool {
        let signatures = candidates
            .iter()
            .filter_map(|candidate| Signature::from_der(candidate.bytes()).ok());
        let mut digest = None;
        signatures.into_iter().any(|signature| {
            let digest = digest.get_or_insert_with(|| {
                let mut state = Sha256::new();
                base.write(&[], &mut |bytes| state.update(bytes));
                state.finalize()
            });
            self.key.verify_prehash(digest, &signature).is_ok()
        })
    }
}

pub(crate) struct Private {
    key: SigningKey,
}

impl Private {
    pub(crate) fn new(form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        if let Some(key) = jwk::in_secret(secret) {
            return match key? {
                JwkKey::P256 {
                    x,
                    y,
                    private: Some(scalar),
                } => {
                    let key = SigningKey::from_slice(&*scalar).map_err(|_| PRIVATE_FORM)?;
                    let public = Public {
                        key: *key.verifying_key(),
                    };
                    if public.coordinates() == (x, y) {
                        Ok(Self { key })
                    } else {
                        Err(SecretError::HalvesDiffer)
                    }
                }
                JwkKey::P256 { private: None, .. } => Err(SecretError::CannotSign),
                key => Err(wrong_kind(&key)),
            };
        }
        let (bytes, _) = form.decode_asymmetric(secret)?;
        if VerifyingKey::from_public_key_der(&bytes).is_ok() {
            return Err(SecretError::CannotSign);
        }
        SigningKey::from_pkcs8_der(&bytes)
            .map(|key| Self { key })
            .map_err(|_| PRIVATE_FORM)
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> Vec<u8> {
        let signature: Signature = self
            .key
            .sign_digest(|state: &mut Sha256| base.write(&[], &mut |bytes| state.update(bytes)));
        signature.to_der().as_bytes().to_vec()
    }

    /// `r` and `s` one behind the other (RFC 9421 section 3.3.4).
    pub(crate) fn sign_fixed(&self, text: &[u8]) -> Vec<u8> {
        let signature: Signature = self
            .key
            .sign_digest(|state: &mut Sha256| state.update(text));
        signature.to_bytes().to_vec()
    }
}

fn wrong_kind(key: &JwkKey) -> SecretError {
    SecretError::WrongKind {
        expected: "a P-256 key",
        found: key.kind(),
    }
}
