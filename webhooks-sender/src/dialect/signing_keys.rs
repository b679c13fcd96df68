//! The sender's own key pairs, whose public halves are published.

use http::HeaderValue;
use webhooks_signature::{Algorithm, Jwk, JwkSet, Secret, SecretError};

/// The header that names the keys of the sender's own with which a request is signed.
pub(crate) const KEY_ID: &str = "webhook-key-id";

/// The sender's own private keys, the newest first.
#[derive(Default)]
pub(crate) struct SigningKeys {
    private: Vec<Secret>,
    public: Vec<Jwk>,
    key_ids: Option<HeaderValue>,
}

impl SigningKeys {
    /// Checks the keys; what cannot work is text for a person.
    pub(crate) fn new(private: Vec<Secret>) -> Result<Self, String> {
        let refused = "a signing key is a private Ed25519 key that begins with `whsk_`; \
                       `Secret::generate_ed25519` makes one";
        if private.iter().any(|key| !key.expose().starts_with("whsk_")) {
            return Err(refused.to_owned());
        }
        let public = private.iter().map(Jwk::public_half_of);
        let public: Vec<Jwk> = public
            .collect::<Result<_, _>>()
            .map_err(|error| match error {
                SecretError::FeatureMissing { feature } => {
                    format!("signing keys need the feature `{feature}` of webhooks-sender")
                }
                _ => refused.to_owned(),
            })?;
        if public
            .iter()
            .any(|key| key.algorithm() != Algorithm::Ed25519)
        {
            return Err(refused.to_owned());
        }
        let ids: Vec<_> = public.iter().filter_map(Jwk::kid).collect();
        let key_ids = HeaderValue::try_from(ids.join(" ")).ok();
        Ok(Self {
            key_ids: key_ids.filter(|_| !ids.is_empty()),
            private,
            public,
        })
    }

    pub(crate) fn private(&self) -> &[Secret] {
        &self.private
    }

    /// The public halves, as the document that is published.
    pub(crate) fn published(&self) -> JwkSet {
        JwkSet::new(self.public.iter().cloned())
    }

    /// What the header says; none without a key.
    pub(crate) fn key_ids(&self) -> Option<&HeaderValue> {
        self.key_ids.as_ref()
    }
}
