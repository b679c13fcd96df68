//! The core a thread runs on, and the CPU time that threads and children have used.
//!
//! CPU time, user and system, is what comparisons are made of: other work on the machine does not count in it.

use std::time::Duration;

use anyhow::{Context, Result};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;

/// Keeps the calling thread on one core.
///
/// # Errors
///
/// When the machine has no such core, or the process may not use it.
pub fn stay_on(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core)
        .with_context(|| format!("there is no core {core}"))?;
    sched_setaffinity(Pid::from_raw(0), &set).with_context(|| format!("cannot stay on core {core}"))
}

/// CPU time of the calling thread so far.
pub fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .map(Duration::from)
        .unwrap_or_default()
}

/// CPU time of this process so far, all its threads.
///
/// # Errors
///
/// When the system does not say.
pub fn process_cpu_time() -> Result<Duration> {
    let usage =
        getrusage(UsageWho::RUSAGE_SELF).context("cannot ask for the CPU time of this process")?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

/// CPU time of all children that have ended, and of theirs.
///
/// # Errors
///
/// When the system does not say.
pub fn children_cpu_time() -> Result<Duration> {
    let usage =
        getrusage(UsageWho::RUSAGE_CHILDREN).context("cannot ask for the CPU time of children")?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    Duration::from_secs(time.tv_sec().unsigned_abs())
        + Duration::from_micros(time.tv_usec().unsigned_abs())
}
