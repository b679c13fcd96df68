//! Runs cargo on the generated programs and says how much CPU time it took.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use bench::core::children_cpu_time;

use crate::program::{self, Program};

/// A cargo command and its profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Check,
    Build,
    Release,
}

impl Step {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::Build => &["build"],
            Self::Release => &["build", "--release"],
        }
    }
}

/// Brings a program and its dependencies up to date.
pub(crate) fn prepare(step: Step, program: Program) -> Result<Duration> {
    let before = children_cpu_time()?;
    let status = Command::new(env!("CARGO"))
        .args(step.arguments())
        .args(["--quiet", "--package", &program.name()])
        .current_dir(program::root())
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("CARGO_TARGET_DIR")
        .stdout(Stdio::null())
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("cargo failed on {}", program.name());
    }
    Ok(children_cpu_time()?.saturating_sub(before))
}

/// Compiles the program once more, its dependencies being there, and says what that took.
pub(crate) fn again(step: Step, program: Program) -> Result<Duration> {
    let main = program.main();
    let file = File::options().append(true).open(&main);
    file.and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("cannot touch {}", main.display()))?;
    prepare(step, program)
}
