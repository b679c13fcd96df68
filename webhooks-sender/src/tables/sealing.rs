//! What of a subscription is secret, at rest: as it is, or sealed with a key that the application keeps. These are its
//! secrets and the headers it adds to requests, which often hold credentials.
//!
//! ChaCha20-Poly1305 under a key for each value: HMAC-SHA256 of a random salt of 24 bytes, with the application's key. No
//! two values have one salt, so the nonce is always zero. What makes TLS for requests brings both. The subscription's id,
//! owner and target are authenticated with it: who can write rows can neither move a credential to another row, nor have it sent to another target. Each sealed value names its
//! key, so that keys can be exchanged one after the other. With a key, what is not sealed is refused: otherwise the
//! sealing could be taken away.

use std::fmt;
use std::sync::Arc;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use zeroize::Zeroizing;

use super::SealedFields;
use crate::entropy::Entropy;
use crate::error::{Error, SealError};
use crate::model::SubscriptionId;

/// A key that encrypts the secrets of subscriptions and their own headers, with the id under which sealed values name it.
///
/// Everything else is stored as it is, so that it can be looked up and read: owners, targets with their query,
/// descriptions, labels, metadata, and the payloads of messages. Credentials belong in a header, not in a target's query.
#[derive(Clone)]
pub struct SealingKey {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    /// 32 random bytes, and an id of your choice that is never used for another key.
    ///
    /// ```
    /// use webhooks_sender::subscription::SealingKey;
    ///
    /// let key = SealingKey::new("2026-11", [7; 32]);
    /// assert_eq!(format!("{key:?}"), "SealingKey(\"2026-11\", ..)");
    /// ```
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Self {
        Self {
            id: id.into(),
            key: Zeroizing::new(key),
        }
    }

    /// The key of the one value that has this salt.
    fn of_salt(&self, salt: &[u8; SALT]) -> Option<LessSafeKey> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.key);
        let derived = hmac::sign(&key, salt);
        let key = UnboundKey::new(&CHACHA20_POLY1305, derived.as_ref()).ok()?;
        Some(LessSafeKey::new(key))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({:?}, ..)", self.id)
    }
}

/// Seals with the first key, opens with any. Without a key nothing is sealed.
#[derive(Debug)]
pub(crate) struct Vault {
    keys: Vec<SealingKey>,
    accepts_plain: bool,
    /// A key that the application seals with and this process was not given.
    missing: Option<String>,
    entropy: Arc<dyn Entropy>,
}

/// What sealed values are bound to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'b> {
    pub(crate) id: &'b SubscriptionId,
    pub(crate) owner: &'b str,
    pub(crate) target: &'b str,
}

impl Binding<'_> {
    /// What is authenticated. The length keeps the end of the owner from being the beginning of the target.
    fn bytes(&self) -> Vec<u8> {
        let (id, owner) = (self.id.key(), self.owner.as_bytes());
        let length = (owner.len() as u64).to_be_bytes();
        [id.as_bytes(), &length[..], owner, self.target.as_bytes()].concat()
    }
}

/// Sealed values, and the id of the key that sealed them: an empty one where there was no key.
#[derive(Debug)]
pub(crate) struct Ciphertext {
    pub(crate) bytes: Vec<u8>,
    pub(crate) key: String,
}

const PLAIN: u8 = 0;
const SEALED: u8 = 1;
const SALT: usize = 24;

impl Vault {
    pub(crate) fn new(
        keys: Vec<SealingKey>,
        accepts_plain: bool,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            keys,
            accepts_plain,
            missing: None,
            entropy,
        }
    }

    /// The application seals with the key of this id, which is not here: so nothing is stored without one.
    pub(crate) fn miss(&mut self, id: String) {
        self.missing = Some(id);
    }

    /// The id of the key that seals: an empty one where there is no key.
    pub(crate) fn newest(&self) -> &str {
        self.keys.first().map_or("", |key| key.id.as_str())
    }

    /// Whether what was sealed with the key of this id, an empty one for none, could be opened.
    pub(crate) fn has(&self, id: &str) -> bool {
        if id.is_empty() {
            return self.keys.is_empty() || self.accepts_plain;
        }
        self.keys.iter().any(|key| key.id == id)
    }

    /// What cannot work, as text for a person.
    pub(crate) fn problem(keys: &[SealingKey]) -> Option<String> {
        if let Some(key) = keys.iter().find(|key| !(1..=255).contains(&key.id.len())) {
            return Some(format!(
                "the sealing key `{}` needs an id of 1 to 255 bytes",
                key.id
            ));
        }
        let twice = keys
            .iter()
            .enumerate()
            .find(|(index, key)| keys[..*index].iter().any(|other| other.id == key.id));
        twice.map(|(_, key)| {
            format!(
                "two sealing keys have the id `{}`; an id is for one key for ever",
                key.id
            )
        })
    }

    pub(crate) fn seal(
        &self,
        binding: Binding<'_>,
        fields: &SealedFields,
    ) -> Result<Ciphertext, Error> {
        let text = fields.written();
        let Some(key) = self.keys.first() else {
            if let Some(missing) = &self.missing {
                return Err(SealError::MissingKey(missing.clone()).into());
            }
            let bytes = [&[PLAIN], text.as_slice()].concat();
            let key = String::new();
            return Ok(Ciphertext { bytes, key });
        };
        let mut salt = [0; SALT];
        self.entropy.fill(&mut salt)?;
        let failed = || SealError::WrongKey(key.id.clone());
        let cipher = key.of_salt(&salt).ok_or_else(failed)?;
        let mut sealed = text;
        let aad = Aad::from(binding.bytes());
        cipher
            .seal_in_place_append_tag(nonce(), aad, &mut sealed)
            .map_err(|_| failed())?;
        // Checked when the sender starts.
        let id_length = u8::try_from(key.id.len()).map_err(|_| SealError::Unreadable)?;
        Ok(Ciphertext {
            bytes: [&[SEALED, id_length], key.id.as_bytes(), &salt, &sealed].concat(),
            key: key.id.clone(),
        })
    }

    pub(crate) fn unseal(
        &self,
        binding: Binding<'_>,
        stored: &[u8],
    ) -> Result<SealedFields, SealError> {
        let text = match stored.split_first() {
            Some((&PLAIN, _)) if !self.has("") => return Err(SealError::Plain),
            Some((&PLAIN, text)) => text.to_vec(),
            Some((&SEALED, rest)) => self.decrypt(binding, rest)?,
            _ => return Err(SealError::Unreadable),
        };
        SealedFields::read(&text).ok_or(SealError::Unreadable)
    }

    fn decrypt(&self, binding: Binding<'_>, rest: &[u8]) -> Result<Vec<u8>, SealError> {
        let (&id_length, rest) = rest.split_first().ok_or(SealError::Unreadable)?;
        let (id, rest) = rest
            .split_at_checked(id_length.into())
            .ok_or(SealError::Unreadable)?;
        let (salt, sealed) = rest
            .split_first_chunk::<SALT>()
            .ok_or(SealError::Unreadable)?;
        let named = || String::from_utf8_lossy(id).into_owned();
        let key = self.keys.iter().find(|key| key.id.as_bytes() == id);
        let key = key.ok_or_else(|| SealError::MissingKey(named()))?;
        let wrong = || SealError::WrongKey(named());
        let cipher = key.of_salt(salt).ok_or_else(wrong)?;
        let mut text = sealed.to_vec();
        let aad = Aad::from(binding.bytes());
        let opened = cipher.open_in_place(nonce(), aad, &mut text);
        let length = opened.map_err(|_| wrong())?.len();
        text.truncate(length);
        Ok(text)
    }
}

/// Each key is for one value.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use webhooks_signature::Secret;

    use super::*;
    use crate::client::ClientCertificate;
    use crate::entropy::SeededEntropy;
    use crate::model::Authentication;
    use crate::tables::StoredSecret;

    fn vault(keys: &[(&str, u8)]) -> Vault {
        let keys = keys
            .iter()
            .map(|(id, byte)| SealingKey::new(*id, [*byte; 32]))
            .collect();
        Vault::new(keys, false, Arc::new(SeededEntropy::new(1)))
    }

    fn secrets() -> Vec<StoredSecret> {
        let secret = |text: &str| Secret::new(text).expect("a secret");
        vec![
            StoredSecret {
                secret: secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                until_ms: None,
            },
            StoredSecret {
                secret: secret("an older one"),
                until_ms: Some(5),
            },
        ]
    }

    fn headers() -> Vec<(String, String)> {
        vec![("authorization".to_owned(), "Bearer abcdefgh".to_owned())]
    }

    fn kept() -> SealedFields {
        SealedFields {
            secrets: secrets(),
            headers: headers(),
            authentication: Some(Authentication::basic("webhooks", "swordfish")),
            client_certificate: Some(ClientCertificate::pem("a chain", "a private key")),
        }
    }

    fn id() -> SubscriptionId {
        SubscriptionId::new(std::time::UNIX_EPOCH, [7; 10])
    }

    fn binding<'b>(id: &'b SubscriptionId, owner: &'b str, target: &'b str) -> Binding<'b> {
        Binding { id, owner, target }
    }

    fn seal(vault: &Vault) -> Vec<u8> {
        let sealed = vault.seal(binding(&id(), "acct", "https://a/"), &kept());
        sealed.expect("sealed").bytes
    }

    fn unseal(vault: &Vault, stored: &[u8]) -> Result<SealedFields, SealError> {
        vault.unseal(binding(&id(), "acct", "https://a/"), stored)
    }

    #[test]
    fn what_is_sealed_is_opened_with_and_without_a_key() {
        for vault in [vault(&[]), vault(&[("a", 1)])] {
            assert_eq!(unseal(&vault, &seal(&vault)), Ok(kept()));
        }
    }

    #[test]
    fn what_is_sealed_is_not_in_the_row_and_fits_no_other_row_owner_or_target() {
        let vault = vault(&[("a", 1)]);
        let stored = seal(&vault);
        assert!(!stored.windows(12).any(|window| window == b"MfKQ9r8GKYqr"));
        for text in ["abcdefgh", "swordfish", "a private key"] {
            let is_there = |window: &[u8]| window == text.as_bytes();
            assert!(!stored.windows(text.len()).any(is_there), "{text}");
        }
        let (id, other) = (id(), SubscriptionId::new(std::time::UNIX_EPOCH, [8; 10]));
        for moved in [
            binding(&other, "acct", "https://a/"),
            binding(&id, "acc", "https://a/"),
            binding(&id, "accth", "ttps://a/"),
            binding(&id, "acct", "https://a/b"),
        ] {
            let opened = vault.unseal(moved, &stored);
            assert_eq!(
                opened,
                Err(SealError::WrongKey("a".to_owned())),
                "{moved:?}"
            );
        }
        for index in 0..stored.len() {
            let mut changed = stored.clone();
            changed[index] ^= 1;
            assert!(unseal(&vault, &changed).is_err(), "byte {index}");
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let stored = seal(&vault(&[("old", 1)]));
        let both = vault(&[("new", 2), ("old", 1)]);
        assert_eq!((both.newest(), unseal(&both, &stored)), ("new", Ok(kept())));
        let missing = unseal(&vault(&[("new", 2)]), &stored);
        assert_eq!(missing, Err(SealError::MissingKey("old".to_owned())));
        let wrong = unseal(&vault(&[("old", 3)]), &stored);
        assert_eq!(wrong, Err(SealError::WrongKey("old".to_owned())));
    }

    #[test]
    fn without_a_key_that_is_in_use_nothing_is_stored_plain() {
        let mut vault = vault(&[]);
        vault.miss("a".to_owned());
        let refused = vault.seal(binding(&id(), "acct", "https://a/"), &kept());
        let missing = |error: &Error| matches!(error, Error::Sealed(SealError::MissingKey(key)) if key == "a");
        assert!(refused.as_ref().is_err_and(missing), "{refused:?}");
    }

    #[test]
    fn with_a_key_what_is_plain_is_refused_unless_it_is_accepted() {
        let stored = seal(&vault(&[]));
        let mut vault = vault(&[("a", 1)]);
        assert_eq!(unseal(&vault, &stored), Err(SealError::Plain));
        vault.accepts_plain = true;
        assert_eq!(unseal(&vault, &stored), Ok(kept()));
    }
}
