//! Tokens of forms: a form is taken from a page of ours, of the same visitor, and once.
//!
//! A browser keeps a random value in a cookie that scripts and other sites cannot read. Each form carries a token that is
//! made of it (an HMAC), so no other site can write one: no key has to be kept or shared between processes.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How many tokens are remembered as used.
const REMEMBERED: usize = 10_000;

/// The random value of one browser.
#[derive(Clone)]
pub(crate) struct FormKey(String);

impl FormKey {
    /// A new one; nothing when the operating system has no random bytes.
    pub(crate) fn random() -> Option<Self> {
        random::<32>().map(Self)
    }

    /// The one that a cookie holds, when it can be one.
    pub(crate) fn of_cookie(value: &str) -> Option<Self> {
        let bytes = BASE64.decode(value).ok()?;
        (bytes.len() == 32).then(|| Self(value.to_owned()))
    }

    pub(crate) fn cookie(&self) -> &str {
        &self.0
    }

    /// A token for the forms of one page, shown to this visitor.
    pub(crate) fn token(&self, visitor: &str) -> Option<String> {
        let nonce = random::<12>()?;
        let signature = BASE64.encode(self.mac(&nonce, visitor).finalize().into_bytes());
        Some(format!("{nonce}.{signature}"))
    }

    /// Whether a token is one of this browser and this visitor. It compares in constant time.
    pub(crate) fn is_own(&self, token: &str, visitor: &str) -> bool {
        let Some((nonce, signature)) = token.split_once('.') else {
            return false;
        };
        let signature = BASE64.decode(signature).unwrap_or_default();
        self.mac(nonce, visitor).verify_slice(&signature).is_ok()
    }

    fn mac(&self, nonce: &str, visitor: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes());
        let mac = mac.expect("HMAC takes a key of any length");
        mac.chain_update(nonce)
            .chain_update([0])
            .chain_update(visitor)
    }
}

/// Random bytes as text.
pub(crate) fn random<const N: usize>() -> Option<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(BASE64.encode(bytes))
}

/// Which forms were sent: the newest ten thousand of this process.
#[derive(Default)]
pub(crate) struct SentForms(Mutex<(HashSet<String>, VecDeque<String>)>);

impl SentForms {
    /// Whether the form was not sent before; from now on it was. The same page may send its other forms.
    pub(crate) fn is_first(&self, token: &str, path: &str) -> bool {
        let form = format!("{token} {path}");
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *sent;
        if !known.insert(form.clone()) {
            return false;
        }
        order.push_back(form);
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_one_browser_and_one_visitor() {
        let (own, other) = (
            FormKey::random().expect("random"),
            FormKey::random().expect("random"),
        );
        let token = own.token("acct_1").expect("a token");
        assert!(own.is_own(&token, "acct_1"));
        assert!(
            !own.is_own(&token, "acct_2"),
            "another visitor at the same browser"
        );
        assert!(!other.is_own(&token, "acct_1"), "another browser");
        for forged in ["", ".", "a.b", &token[1..], &format!("{token}A"), "x.AAAA"] {
            assert!(!own.is_own(forged, "acct_1"), "{forged}");
        }
    }

    #[test]
    fn a_cookie_that_is_not_a_key_is_none() {
        let key = FormKey::random().expect("random");
        assert!(FormKey::of_cookie(key.cookie()).is_some());
        for odd in ["", "short", &format!("{}A", key.cookie()), "ä"] {
            assert!(FormKey::of_cookie(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_form_is_sent_once_and_the_page_s_others_can_be_sent() {
        let sent = SentForms::default();
        assert!(sent.is_first("t", "/a"));
        assert!(!sent.is_first("t", "/a"));
        assert!(sent.is_first("t", "/b"));
        for n in 0..REMEMBERED {
            sent.is_first("u", &n.to_string());
        }
        assert!(sent.is_first("t", "/a"), "what is long past is forgotten");
    }
}
