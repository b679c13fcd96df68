//! Keeps the ids of receivers and tenants apart that share a store.
//!
//! Two receivers of one provider are two senders with a secret each. If their ids were one set, each of them could use
//! up the ids of the other, and the other's messages would be taken for repeats.

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::hash::BuildHasher as _;
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};
use webhooks_signature::Secret;

use super::config::Endpoint;
use crate::lookup::Keys;

impl<S> Endpoint<S> {
    /// The name under which the ids of a request are kept: the name that the application gave, or the provider's with
    /// a label made of the secrets; and the tenant, where the secrets were looked up.
    pub(super) fn label(&self, keys: Option<&Keys>) -> String {
        if self.store.is_none() {
            return String::new();
        }
        match keys {
            Some(keys) => match &keys.tenant {
                Some(tenant) => format!("{} {tenant}", self.name),
                None => format!("{} {}", self.name, self.of_secrets(&keys.secrets)),
            },
            None if self.is_named || self.secrets.is_empty() => self.name.clone(),
            None => self
                .label
                .get_or_init(|| format!("{} {}", self.name, self.of_secrets(&self.secrets)))
                .clone(),
        }
    }

    /// A keyed digest: a plain one, written into a database, would let a reader of the database try secrets.
    fn of_secrets(&self, secrets: &[Secret]) -> String {
        let key = self
            .store
            .as_ref()
            .and_then(|store| store.label_key())
            .map_or_else(|| Cow::Borrowed(process_key()), Cow::Owned);
        of_secrets(&key, secrets)
    }
}

/// The order of the secrets does not count.
fn of_secrets(key: &[u8; 32], secrets: &[Secret]) -> String {
    let mut each: Vec<_> = secrets
        .iter()
        .map(|secret| Sha256::digest(secret.expose()))
        .collect();
    each.sort_unstable();
    let mut digest = Sha256::new_with_prefix(key);
    for one in &each {
        digest.update(one);
    }
    // Cut to a half, so that nothing can be appended to the digested text.
    digest.finalize()[..16]
        .iter()
        .fold(String::with_capacity(32), |mut label, byte| {
            // Writing to a string cannot fail.
            let _ = write!(label, "{byte:02x}");
            label
        })
}

/// The random key of this process, from the hash map's source of randomness.
fn process_key() -> &'static [u8; 32] {
    static KEY: OnceLock<[u8; 32]> = OnceLock::new();
    KEY.get_or_init(|| {
        let mut digest = Sha256::new();
        for part in 0..4_u8 {
            digest.update(RandomState::new().hash_one(part).to_be_bytes());
        }
        digest.finalize().into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_depends_on_key_and_secrets_and_not_on_their_order() {
        let label = |key: u8, texts: &[&str]| {
            let secrets: Vec<_> = texts
                .iter()
                .map(|text| Secret::new(*text).unwrap())
                .collect();
            of_secrets(&[key; 32], &secrets)
        };
        let (a, b) = ("a secret of ours", "b secret of ours");
        assert_eq!(label(1, &[a, b]), label(1, &[b, a]));
        assert_ne!(label(1, &[a, b]), label(1, &[a]));
        assert_ne!(label(1, &[a]), label(2, &[a]));
        assert_eq!(label(1, &[a]).len(), 32);
    }
}
