//! Random numbers from a seed. The seed is printed, so that a failed run can be repeated.

use std::time::{SystemTime, UNIX_EPOCH};

/// Names the seed of an earlier run.
const VARIABLE: &str = "WEBHOOKS_SEED";

/// Random numbers: xorshift, which is enough to choose by.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// From `WEBHOOKS_SEED`, or from the clock. The seed is printed either way.
    pub fn from_environment() -> Self {
        let clock = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(1, |since| since.as_nanos())
        };
        let given = std::env::var(VARIABLE)
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed =
            given.unwrap_or_else(|| u64::try_from(clock() % u128::from(u64::MAX)).unwrap_or(1));
        println!("{VARIABLE}={seed}");
        Self::new(seed)
    }

    /// From a seed. Neighbouring seeds have nothing in common.
    pub fn new(seed: u64) -> Self {
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((mixed ^ (mixed >> 31)) | 1)
    }

    /// A number from 0 to `limit`, which is not reached.
    ///
    /// # Panics
    ///
    /// If `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    /// One of these.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = self.below(choices.len() as u64);
        &choices[usize::try_from(index).expect("an index of a slice")]
    }
}
