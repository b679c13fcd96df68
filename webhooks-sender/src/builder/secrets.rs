//! The keys of the sender itself: those that encrypt secrets at rest, and those that sign for everyone to verify.

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::SenderBuilder;
use crate::tables::SealingKey;

/// # Keys
impl<D: Database> SenderBuilder<D> {
    /// Encrypts the secrets of subscriptions and the values of their own headers with this key; nothing else, see
    /// [`SealingKey`]. Further keys only decrypt what was encrypted with them.
    ///
    /// A start looks whether everything that is stored can be decrypted, and is refused with the id of the key that is missing
    /// or wrong. To exchange a key, give every process the new one as a further key first, then as the first one with the
    /// old one behind it; then [encrypt everything anew](crate::Operator::reseal), and put the old one away.
    #[doc(alias = "encrypt")]
    #[doc(alias = "encryption at rest")]
    #[doc(alias = "at rest")]
    pub fn seal_with(mut self, key: SealingKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Accepts secrets that are not encrypted although there is a [key](Self::seal_with): for the time between the first key
    /// and the end of [`reseal`](crate::Operator::reseal). Without this they are refused, since otherwise one who can write
    /// rows could put plain secrets in the place of encrypted ones.
    #[doc(alias = "migrate")]
    pub fn accept_plain_secrets(mut self) -> Self {
        self.accepts_plain = true;
        self
    }

    /// Signs every request of a dialect with asymmetric signatures (Standard Webhooks `v1a`) with this private key as well,
    /// so that receivers can verify it with a public key that is the same for all of them:
    /// [`public_keys`](crate::Sender::public_keys) is the document to publish. A `webhook-key-id` header names the key.
    ///
    /// It needs the feature `ed25519`; so do the secrets of subscriptions that begin with `whsk_`.
    ///
    /// To exchange it, give the new one and the old one, publish both public keys, and leave the old one out once receivers
    /// have had time to read the document again.
    ///
    /// ```
    /// use webhooks_sender::{Secret, Sender};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let key = Secret::generate_ed25519().expect("random bytes");      // made once, and kept with the other secrets
    /// let sender = Sender::testing().set(|builder| builder.signing_key(key)).start().await?;
    /// let document = serde_json::to_string(&sender.public_keys()).expect("JSON");
    /// assert!(document.contains("\"crv\":\"Ed25519\""), "{document}");
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "jwks")]
    #[doc(alias = "v1a")]
    #[doc(alias = "ed25519")]
    pub fn signing_key(mut self, private: Secret) -> Self {
        self.signing_keys.push(private);
        self
    }
}
