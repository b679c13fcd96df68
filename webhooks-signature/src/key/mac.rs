//! HMAC with the key already absorbed: a request costs a copy of the state, not two more compressions.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::algorithm::Algorithm;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

pub(crate) enum Mac {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Mac {
    /// `algorithm` is one of the three HMACs.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        match algorithm {
            Algorithm::HmacSha1 => Self::Sha1(absorb(key)),
            Algorithm::HmacSha512 => Self::Sha512(absorb(key)),
            _ => Self::Sha256(absorb(key)),
        }
    }

    #[inline]
    pub(crate) fn sign(&self, base: &Base<'_>) -> SignatureBytes {
        match self {
            Self::Sha1(state) => run(state, base),
            Self::Sha256(state) => run(state, base),
            Self::Sha512(state) => run(state, base),
        }
    }
}

impl Mac {
    /// The code of a text that is in one piece.
    pub(crate) fn sign_text(&self, text: &[u8]) -> SignatureBytes {
        match self {
            Self::Sha1(state) => finish(state.clone(), text),
            Self::Sha256(state) => finish(state.clone(), text),
            Self::Sha512(state) => finish(state.clone(), text),
        }
    }
}

fn finish<M: hmac::Mac>(mut state: M, text: &[u8]) -> SignatureBytes {
    state.update(text);
    SignatureBytes::new(&state.finalize().into_bytes())
}

fn absorb<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104 section 2)")
}

#[inline]
fn run<M: hmac::Mac + Clone>(state: &M, base: &Base<'_>) -> SignatureBytes {
    let mut state = state.clone();
    base.write(&[], &mut |bytes| state.update(bytes));
    SignatureBytes::new(&state.finalize().into_bytes())
}
