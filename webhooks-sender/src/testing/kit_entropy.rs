//! Randomness without jitter: what a test turns the clock for comes exactly when the schedule says.

use crate::entropy::{Entropy, EntropyError};

/// The bytes of another source, and no jitter.
#[derive(Debug)]
pub(super) struct KitEntropy<E>(pub(super) E);

impl<E: Entropy> Entropy for KitEntropy<E> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(bytes)
    }

    fn fraction(&self) -> f64 {
        0.0
    }
}
