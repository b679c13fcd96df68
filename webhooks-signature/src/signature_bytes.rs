//! Decoded signatures and their constant-time comparison.

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::algorithm::{Algorithm, Encoding};

/// Room for the longest signature, a P-256 one in DER (72 bytes), rounded up.
const ROOM: usize = 80;

/// Bytes that are compared in one step; `ROOM` is a multiple.
const WORD: usize = 8;

/// A signature in bytes, without an allocation of its own: one that came with a request, of which nothing says yet that
/// it is right, or the right one.
pub(crate) struct SignatureBytes {
    bytes: [u8; ROOM],
    length: usize,
}

impl SignatureBytes {
    /// `bytes` is the output of one of our algorithms, or a digest.
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut signature = Self {
            bytes: [0; ROOM],
            length: bytes.len().min(ROOM),
        };
        signature.bytes[..signature.length].copy_from_slice(&bytes[..signature.length]);
        signature
    }

    pub(crate) fn digest_of(bytes: &[u8]) -> Self {
        Self::new(&Sha256::digest(bytes))
    }

    /// Decodes what is in a header. Credentials become their digest, which is what they are compared by.
    #[inline]
    pub(crate) fn decode(algorithm: Algorithm, encoding: Encoding, text: &[u8]) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if algorithm.is_bearer() {
            return if encoding == Encoding::Raw {
                Some(Self::digest_of(text))
            } else {
                encoding.decode(text).map(|bytes| Self::digest_of(&bytes))
            };
        }
        let mut signature = Self {
            bytes: [0; ROOM],
            length: 0,
        };
        signature.length = encoding.decode_into(text, &mut signature.bytes)?;
        Some(signature)
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Compares with every candidate, in constant time for each.
    #[inline]
    pub(crate) fn equals_any<'c>(&self, candidates: impl Iterator<Item = &'c Self>) -> bool {
        let none = Choice::from(0);
        candidates
            .fold(none, |found, candidate| found | self.equals(candidate))
            .into()
    }

    /// Behind its length a signature is filled up with zeros, so whole words are compared: all differences are collected,
    /// and looked at together. The length of the right signature is not a secret.
    #[inline]
    fn equals(&self, other: &Self) -> Choice {
        let words = |signature: &Self, index: usize| {
            let mut word = [0; WORD];
            word.copy_from_slice(&signature.bytes[index * WORD..][..WORD]);
            u64::from_ne_bytes(word)
        };
        let differences = (0..self.length.div_ceil(WORD)).fold(0, |found, index| {
            found | (words(self, index) ^ words(other, index))
        });
        let of_length = (self.length ^ other.length) as u64;
        (differences | of_length).ct_eq(&0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_are_compared() {
        let whole = SignatureBytes::new(&[7; 72]);
        let is_equal = |other: &[u8]| {
            let other = SignatureBytes::new(other);
            whole.equals_any(std::iter::once(&other)) && other.equals_any(std::iter::once(&whole))
        };
        assert!(is_equal(&[7; 72]));
        for index in 0..72 {
            let mut bytes = [7; 72];
            bytes[index] ^= 0x80;
            assert!(!is_equal(&bytes), "{index}");
            assert!(!is_equal(&[7; 72][..index]), "{index}");
        }
        // Zeros behind the end are not part of a signature.
        let (short, long) = (
            SignatureBytes::new(&[7; 3]),
            SignatureBytes::new(&[7, 7, 7, 0]),
        );
        assert!(!short.equals_any(std::iter::once(&long)));
        assert!(!long.equals_any(std::iter::once(&short)));
    }
}
