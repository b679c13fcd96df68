//! Chance, as a value: ids, secrets and jitter. A test throws the dice itself.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Random bytes for ids, secrets and jitter.
pub trait Chance: Send + Sync + fmt::Debug + 'static {
    /// Fills the bytes.
    ///
    /// # Errors
    ///
    /// When there is no randomness to be had.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system has no random bytes to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRandomness;

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system has no random bytes to give")
    }
}

impl std::error::Error for NoRandomness {}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// Bytes that follow from a seed: the same ids and waits in each run of a test. Never for secrets.
#[derive(Debug)]
pub struct TestChance(Mutex<u64>);

impl TestChance {
    /// Equal seeds give equal bytes.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for TestChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
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

/// Random bytes for what need not be unguessable; zeros when there is no randomness.
pub(crate) fn random<const LEN: usize>(chance: &dyn Chance) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    let _ = chance.fill(&mut bytes);
    bytes
}

/// A random number from 0 up to 1.
pub(crate) fn share(chance: &dyn Chance) -> f64 {
    // Without randomness there is no jitter, which is still a correct wait.
    f64::from(u32::from_le_bytes(random(chance))) / f64::from(u32::MAX)
}
