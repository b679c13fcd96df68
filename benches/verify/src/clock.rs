//! Times functions in turn, so that what disturbs the machine disturbs all of them.

use std::time::Duration;

use anyhow::{Context, Result};
use bench::core;
use bench::table::median;

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(100);
/// Calls between two looks at the clock.
const BATCH: u32 = 50;

/// A function and how long its calls took.
pub(crate) struct Timed<'f> {
    pub(crate) title: String,
    function: Box<dyn FnMut() -> Result<()> + 'f>,
    /// Nanoseconds of a call, by round.
    rounds: Vec<f64>,
}

impl<'f> Timed<'f> {
    pub(crate) fn new(title: impl Into<String>, function: impl FnMut() -> Result<()> + 'f) -> Self {
        Self {
            title: title.into(),
            function: Box::new(function),
            rounds: Vec::new(),
        }
    }

    /// Nanoseconds of a call: the median of the rounds.
    pub(crate) fn nanoseconds(&self) -> f64 {
        median(&self.rounds)
    }
}

/// Calls each function for a while, several times in turn; the first round warms up and does not count.
pub(crate) fn measure(functions: &mut [Timed<'_>]) -> Result<()> {
    for round in 0..=ROUNDS {
        for timed in &mut *functions {
            let (start, mut calls) = (core::cpu_time(), 0);
            let spent = loop {
                for _ in 0..BATCH {
                    (timed.function)().with_context(|| timed.title.clone())?;
                }
                calls += BATCH;
                let spent = core::cpu_time().saturating_sub(start);
                if spent > ROUND {
                    break spent;
                }
            };
            if round > 0 {
                timed
                    .rounds
                    .push(spent.as_secs_f64() * 1e9 / f64::from(calls));
            }
        }
    }
    Ok(())
}
