//! The source of random bytes for ids, secrets and jitter.
//!
//! It is a value, so that tests can supply a seeded one and get the same ids and waits in each run.

use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A source of random bytes for ids, secrets and jitter.
#[doc(alias = "random")]
#[doc(alias = "rng")]
pub trait Entropy: Send + Sync + fmt::Debug + 'static {
    /// Fills the bytes.
    ///
    /// # Errors
    ///
    /// When no randomness is available.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;

    /// A random number from 0 to 1, of which jitter is made. By default four of the bytes; 0 when there are none, because
    /// a wait without jitter is still correct.
    fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes).map_or(0.0, |()| {
            f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
        })
    }
}

/// The operating system, or another source, could not supply random bytes. Its [source](Error::source) says why.
#[derive(Debug)]
pub struct EntropyError(Box<dyn Error + Send + Sync>);

impl EntropyError {
    /// For a source of random bytes of your own.
    pub fn new(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("random bytes could not be supplied")
    }
}

impl Error for EntropyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// The operating system's random number generator; the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(EntropyError::new)
    }
}

/// Bytes that follow from a seed, for tests: the same ids and waits in each run. Never use it for real secrets.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// Equal seeds give equal bytes.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64.
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Random bytes that need not be unguessable; zeros when no randomness is available.
pub(crate) fn random_or_zero<const LEN: usize>(entropy: &dyn Entropy) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    let _ = entropy.fill(&mut bytes);
    bytes
}

/// A random number from 0 to 1.
pub(crate) fn random_fraction(entropy: &dyn Entropy) -> f64 {
    entropy.fraction()
}
