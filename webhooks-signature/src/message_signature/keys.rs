//! Keys of message signatures, found by their `keyid`.

use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::error::{MessageSignatureProblem as Problem, Reason, Rejection, SecretError};
use crate::jwk::{Jwk, JwkSet};
use crate::key::{KeyForm, TextKey};
use crate::secret::Secret;

/// Finds the key of a message signature.
///
/// A [`JwkSet`] is one. Implement it, or give a function, where keys are fetched, revoked or limited; a rejection from
/// here is what the request is rejected with. It is called before the signature is known to be right, so it must be
/// quick: keep fetched keys in memory.
///
/// ```
/// use webhooks_signature::{JwkSet, MessageKey, MessageKeys, Rejection};
///
/// struct Revocable { keys: JwkSet, revoked: Vec<String> }
///
/// impl MessageKeys for Revocable {
///     fn key(&self, keyid: &str) -> Result<MessageKey, Rejection> {
///         if self.revoked.iter().any(|one| one == keyid) {
///             return Err(Rejection::because("the key is revoked"));
///         }
///         self.keys.key(keyid)
///     }
/// }
/// ```
pub trait MessageKeys: Send + Sync {
    /// The key with this id, which is the empty text where a signature has none.
    ///
    /// # Errors
    /// A [`Rejection`], usually with [`MessageSignatureProblem::KeyUnknown`](crate::MessageSignatureProblem::KeyUnknown).
    fn key(&self, keyid: &str) -> Result<MessageKey, Rejection>;
}

impl<F: Fn(&str) -> Result<MessageKey, Rejection> + Send + Sync> MessageKeys for F {
    fn key(&self, keyid: &str) -> Result<MessageKey, Rejection> {
        self(keyid)
    }
}

impl MessageKeys for JwkSet {
    fn key(&self, keyid: &str) -> Result<MessageKey, Rejection> {
        let key = self.find(keyid).map(MessageKey::from_jwk);
        key.and_then(Result::ok)
            .ok_or_else(|| Reason::MessageSignature(Problem::KeyUnknown).into())
    }
}

/// A key to verify message signatures with.
#[derive(Clone)]
pub struct MessageKey {
    pub(super) key: Arc<TextKey>,
    pub(super) jwk: Option<Jwk>,
}

impl MessageKey {
    /// From a secret: a public key for Ed25519 and ECDSA, a shared one for HMAC-SHA256.
    ///
    /// # Errors
    /// When the secret does not have this form, and for other algorithms.
    pub fn new(algorithm: Algorithm, form: &KeyForm, secret: &Secret) -> Result<Self, SecretError> {
        Ok(Self {
            key: Arc::new(TextKey::new(algorithm, form, secret)?),
            jwk: None,
        })
    }

    /// From a JSON Web Key, whose purpose (`use`, `key_ops`) is checked when a signature is verified.
    ///
    /// # Errors
    /// When the point is not one of the curve.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, SecretError> {
        let key = Self::new(jwk.algorithm(), &KeyForm::SpkiBase64, &Secret::from(jwk))?;
        Ok(Self {
            jwk: Some(jwk.clone()),
            ..key
        })
    }
}

impl std::fmt::Debug for MessageKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageKey")
            .field("jwk", &self.jwk)
            .finish_non_exhaustive()
    }
}
