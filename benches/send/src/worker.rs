//! Worker processes, started and stopped.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use bench::process;

/// A process that delivers from a database.
#[derive(Debug)]
pub(crate) struct Worker {
    process: Child,
}

impl Worker {
    /// On a PostgreSQL URL or the path of a SQLite file.
    pub(crate) fn start(place: &str) -> Result<Self> {
        let mut command =
            Command::new(std::env::current_exe().context("this program has no path")?);
        command
            .args(["work", place])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Ok(Self {
            process: command.spawn().context("a worker could not be started")?,
        })
    }

    /// Kills it, so that it gives nothing back.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// CPU time so far.
    pub(crate) fn cpu_time(&self) -> Result<Duration> {
        process::cpu_time(self.process.id())
    }

    /// Memory now, in MiB.
    pub(crate) fn memory(&self) -> Result<f64> {
        process::memory(self.process.id(), "VmRSS")
    }

    /// Of that, what lies in files: the program itself, which the system can read again, and libraries.
    pub(crate) fn memory_of_files(&self) -> Result<f64> {
        process::memory(self.process.id(), "RssFile")
    }

    /// Lets it end; its memory in MiB, before its engine was started and at most.
    pub(crate) fn stop(mut self) -> Result<(f64, f64)> {
        drop(self.process.stdin.take());
        let mut output = String::new();
        if let Some(mut pipe) = self.process.stdout.take() {
            std::io::Read::read_to_string(&mut pipe, &mut output)?;
        }
        self.process.wait()?;
        let (before, most) = output
            .trim()
            .split_once(' ')
            .context("a worker did not tell its memory")?;
        Ok((before.parse()?, most.parse()?))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
