//! Steps of a command: each prints its name when it begins and its seconds when it ends, and the command closes
//! with a table, so that a slow step is seen without a stopwatch.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The steps that ran so far.
pub(crate) struct Steps {
    began: Instant,
    done: Vec<(String, Duration)>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Steps {
            began: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs one step. The error says which step failed and after how long.
    pub(crate) fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n=== {name}");
        let began = Instant::now();
        let outcome = work();
        let took = began.elapsed();
        let outcome = outcome.with_context(|| format!("{name} failed after {}", seconds(took)))?;
        println!("--- {name}: {}", seconds(took));
        self.done.push((name.to_owned(), took));
        Ok(outcome)
    }

    /// Prints the closing table.
    pub(crate) fn table(&self) {
        println!();
        for (name, took) in &self.done {
            println!("{:>10}  {name}", seconds(*took));
        }
        println!("{:>10}  together", seconds(self.began.elapsed()));
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
