//! CPU time of this process and of the database's, memory, and the clock that all processes share.

use std::time::{Duration, Instant};

use crate::core;
use anyhow::Result;
use nix::time::{ClockId, clock_gettime};

use crate::home::Home;
use crate::process;

/// What something took.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub count: usize,
    pub elapsed: Duration,
    /// CPU time of this process, its threads for SQLite included.
    pub own: Duration,
    /// CPU time of the database's processes.
    pub database: Duration,
}

impl Spent {
    pub fn per_second(&self) -> f64 {
        self.count as f64 / self.elapsed.as_secs_f64()
    }

    /// Microseconds of this process for each.
    pub fn own_us(&self) -> f64 {
        self.own.as_secs_f64() * 1e6 / self.count as f64
    }

    /// Microseconds of the database's processes for each.
    pub fn database_us(&self) -> f64 {
        self.database.as_secs_f64() * 1e6 / self.count as f64
    }
}

/// Runs from `start` to `stop`.
#[derive(Debug)]
pub struct Meter {
    start: Instant,
    own: Duration,
    database: Duration,
}

impl Meter {
    pub fn start(home: &impl Home) -> Result<Self> {
        Ok(Self {
            own: core::process_cpu_time()?,
            database: home.cpu_time()?,
            start: Instant::now(),
        })
    }

    pub fn stop(&self, home: &impl Home, count: usize) -> Result<Spent> {
        let elapsed = self.start.elapsed();
        let own = core::process_cpu_time()?.saturating_sub(self.own);
        let database = home.cpu_time()?.saturating_sub(self.database);
        Ok(Spent {
            count,
            elapsed,
            own,
            database,
        })
    }
}

/// The machine's monotonic clock.
pub fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC)
        .map(Duration::from)
        .unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

/// Memory of this process, in MiB: now and at most so far.
pub fn memory() -> Result<(f64, f64)> {
    let this = std::process::id();
    Ok((
        process::memory(this, "VmRSS")?,
        process::memory(this, "VmHWM")?,
    ))
}

/// The value below which this share of the values lies.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a small count"
    )]
    let index = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
