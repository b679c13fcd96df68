//! On what and when something was measured.

use std::fs;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};

/// Date, processor, cores and compiler in one line, for the line above a table.
pub fn description() -> Result<String> {
    let processors = fs::read_to_string("/proc/cpuinfo").context("cannot read /proc/cpuinfo")?;
    let model = processors
        .lines()
        .find(|line| line.starts_with("model name"));
    let model = model
        .and_then(|line| line.split_once(':'))
        .map_or("unknown processor", |(_, name)| name.trim());
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let date = output("date", &["--utc", "+%Y-%m-%d %H:%M UTC"])?;
    let rustc = output("rustc", &["--version"])?;
    let load = fs::read_to_string("/proc/loadavg").context("cannot read /proc/loadavg")?;
    let load = load.split(' ').next().unwrap_or_default();
    Ok(format!(
        "{date}; {model}, {cores} cores, load {load} at the start; {rustc}"
    ))
}

/// Says on stderr what is being done.
pub fn progress(text: &str) {
    eprintln!("{text}");
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("cannot run {program}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
