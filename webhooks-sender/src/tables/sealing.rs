//! What of a subscription is secret, at rest: as it is, or sealed with a key that the application keeps. These are its
//! secrets and the headers it adds to requests, which often hold credentials.
//!
//! XChaCha20-Poly1305 with a random nonce; the subscription's id is authenticated with it, so that what is sealed
//! cannot be moved to another row. Each sealed value names its key, so that keys can be exchanged one after the other.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use webhooks_signature::Secret;

use crate::entropy::Entropy;
use crate::error::Error;

/// A key that encrypts the secrets of subscriptions and their own headers, with the id under which sealed values name it.
///
/// Everything else is stored as it is, so that it can be looked up and read: owners, targets with their query,
/// descriptions, labels, metadata, and the payloads of messages. Credentials belong in a header, not in a target's query.
#[derive(Clone)]
pub struct SealingKey {
    id: String,
    cipher: XChaCha20Poly1305,
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
            cipher: XChaCha20Poly1305::new(&key.into()),
        }
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
    entropy: Arc<dyn Entropy>,
}

/// A secret with the time until which it is used together with newer ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredSecret {
    pub(crate) secret: Secret,
    pub(crate) until_ms: Option<i64>,
}

/// What of a subscription is secret.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SealedFields {
    pub(crate) secrets: Vec<StoredSecret>,
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct SerializedFields<'s> {
    secrets: Vec<SerializedSecret<'s>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    headers: std::borrow::Cow<'s, [(String, String)]>,
}

#[derive(Serialize, Deserialize)]
struct SerializedSecret<'s> {
    #[serde(rename = "s")]
    secret: std::borrow::Cow<'s, str>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
}

const PLAIN: u8 = 0;
const SEALED: u8 = 1;
const NONCE: usize = 24;

impl Vault {
    pub(crate) fn new(keys: Vec<SealingKey>, entropy: Arc<dyn Entropy>) -> Self {
        Self { keys, entropy }
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
        subscription: &[u8],
        secrets: &[StoredSecret],
        headers: &[(String, String)],
    ) -> Result<Vec<u8>, Error> {
        let secrets = secrets
            .iter()
            .map(|secrets| SerializedSecret {
                secret: secrets.secret.expose().into(),
                until_ms: secrets.until_ms,
            })
            .collect();
        let written = SerializedFields {
            secrets,
            headers: headers.into(),
        };
        let text = serde_json::to_vec(&written).expect("texts and numbers are always JSON");
        let Some(key) = self.keys.first() else {
            return Ok([&[PLAIN], text.as_slice()].concat());
        };
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce)?;
        let payload = Payload {
            msg: &text,
            aad: subscription,
        };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Sealed(key.id.clone()))?;
        let id_length = u8::try_from(key.id.len())
            .map_err(|_| Error::Sealed("longer than 255 bytes".to_owned()))?;
        Ok([&[SEALED, id_length], key.id.as_bytes(), &nonce, &sealed].concat())
    }

    pub(crate) fn unseal(&self, subscription: &[u8], stored: &[u8]) -> Result<SealedFields, Error> {
        let unreadable = || Error::Sealed("unknown".to_owned());
        let text = match stored.split_first() {
            Some((&PLAIN, text)) => text.to_vec(),
            Some((&SEALED, rest)) => self.decrypt(subscription, rest)?,
            _ => return Err(unreadable()),
        };
        let written: SerializedFields<'_> =
            serde_json::from_slice(&text).map_err(|_| unreadable())?;
        let secrets = written.secrets.into_iter().map(|one| {
            let secret = Secret::new(one.secret).map_err(|_| unreadable())?;
            Ok(StoredSecret {
                secret,
                until_ms: one.until_ms,
            })
        });
        Ok(SealedFields {
            secrets: secrets.collect::<Result<_, Error>>()?,
            headers: written.headers.into_owned(),
        })
    }

    fn decrypt(&self, subscription: &[u8], rest: &[u8]) -> Result<Vec<u8>, Error> {
        let unreadable = || Error::Sealed("unknown".to_owned());
        let (&id_length, rest) = rest.split_first().ok_or_else(unreadable)?;
        let (id, rest) = rest
            .split_at_checked(id_length.into())
            .ok_or_else(unreadable)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
        let not_given = || Error::Sealed(String::from_utf8_lossy(id).into_owned());
        let key = self
            .keys
            .iter()
            .find(|key| key.id.as_bytes() == id)
            .ok_or_else(not_given)?;
        let payload = Payload {
            msg: sealed,
            aad: subscription,
        };
        key.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| not_given())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn vault(keys: &[(&str, u8)]) -> Vault {
        let keys = keys
            .iter()
            .map(|(id, byte)| SealingKey::new(*id, [*byte; 32]))
            .collect();
        Vault::new(keys, Arc::new(SeededEntropy::new(1)))
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
        }
    }

    #[test]
    fn what_is_closed_is_opened_with_and_without_a_key() {
        for vault in [vault(&[]), vault(&[("a", 1)])] {
            let stored = vault.seal(b"sub", &secrets(), &headers()).expect("closed");
            assert_eq!(vault.unseal(b"sub", &stored).expect("opened"), kept());
        }
    }

    #[test]
    fn what_is_sealed_is_not_in_the_row_and_fits_no_other_row() {
        let vault = vault(&[("a", 1)]);
        let stored = vault.seal(b"sub", &secrets(), &headers()).expect("closed");
        assert!(!stored.windows(12).any(|window| window == b"MfKQ9r8GKYqr"));
        assert!(!stored.windows(8).any(|window| window == b"abcdefgh"));
        assert!(vault.unseal(b"other", &stored).is_err());
        for index in 0..stored.len() {
            let mut changed = stored.clone();
            changed[index] ^= 1;
            assert!(vault.unseal(b"sub", &changed).is_err(), "byte {index}");
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let stored = vault(&[("old", 1)])
            .seal(b"sub", &secrets(), &headers())
            .expect("closed");
        assert_eq!(
            vault(&[("new", 2), ("old", 1)])
                .unseal(b"sub", &stored)
                .expect("opened"),
            kept()
        );
        let error = vault(&[("new", 2)])
            .unseal(b"sub", &stored)
            .expect_err("the key is missing")
            .to_string();
        assert!(error.contains("`old`"), "{error}");
    }
}
