//! Decoded signatures and their constant-time comparison.

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::algorithm::{Algorithm, Encoding};

/// Room for the longest signature, a P-256 one in DER (72 bytes), rounded up.
const ROOM: usize = 80;

/// A signature in bytes, without an allocation of its own: one that came with a request, of which nothing says yet that
/// it is right, or the right one.
pub(crate) struct SignatureBytes {
    bytes: [u8; ROOM],
    length: usize,
}

impl SignatureBytes {
    /// `bytes` is the output of one of our algorithms, or a digest.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut tag = Self {
            bytes: [0; ROOM],
            length: bytes.len().min(ROOM),
        };
        tag.bytes[..tag.length].copy_from_slice(&bytes[..tag.length]);
        tag
    }

    pub(crate) fn digest_of(bytes: &[u8]) -> Self {
        Self::new(&Sha256::digest(bytes))
    }

    /// Decodes what stands in a header. Credentials become their digest, which is what they are compared by.
    pub(crate) fn decode(algorithm: Algorithm, encoding: Encoding, text: &[u8]) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if algorithm.is_bearer() {
            return encoding.decode(text).map(|bytes| Self::digest_of(&bytes));
        }
        let mut tag = Self {
            bytes: [0; ROOM],
            length: 0,
        };
        tag.length = encoding.decode_into(text, &mut tag.bytes)?;
        Some(tag)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Compares with every candidate, in constant time for each.
    pub(crate) fn equals_any(&self, candidates: &[Self]) -> bool {
        let none = Choice::from(0);
        candidates
            .iter()
            .fold(none, |found, candidate| {
                found | self.bytes().ct_eq(candidate.bytes())
            })
            .into()
    }
}
