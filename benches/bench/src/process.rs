//! What `/proc` says of a process: its CPU time, its memory.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// Clock ticks per second in `/proc`, the same on every Linux.
const TICKS: u64 = 100;

/// CPU time of a process and of those of its children that have ended.
pub fn cpu_time(id: u32) -> Result<Duration> {
    let path = format!("/proc/{id}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let stat = Stat::parse(&text).with_context(|| format!("{path} is not as expected"))?;
    Ok(duration(stat.own + stat.ended_children))
}

/// CPU time of a process and of all its children, those that have ended included.
pub fn cpu_time_of_all(id: u32) -> Result<Duration> {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc")?.flatten() {
        // Processes come and go while we look.
        let Ok(text) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let Some(stat) = Stat::parse(&text) else {
            continue;
        };
        if stat.id == id {
            ticks += stat.own + stat.ended_children;
        } else if stat.parent == id {
            ticks += stat.own;
        }
    }
    Ok(duration(ticks))
}

/// A line of `/proc/*/status` that says how much memory, in MiB.
pub fn memory(id: u32, name: &str) -> Result<f64> {
    let path = format!("/proc/{id}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib: Option<f64> = line.and_then(|line| {
        let line = line.trim_start_matches(':');
        line.split_whitespace().next()?.parse().ok()
    });
    Ok(kib.with_context(|| format!("{path} has no {name}"))? / 1024.0)
}

fn duration(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// The fields of `/proc/*/stat` that count, in clock ticks.
struct Stat {
    id: u32,
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Self> {
        let id = text.split(' ').next()?.parse().ok()?;
        // The program's name, in parentheses, may hold anything.
        let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            id,
            parent: fields.get(1)?.parse().ok()?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }
}
