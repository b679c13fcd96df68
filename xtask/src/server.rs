//! A running example: started on a free port, stopped when dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::examples::Example;

const ANNOUNCEMENT: &str = "listening on ";
const PATIENCE: Duration = Duration::from_secs(20);

/// An example that answers requests.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    /// Starts the example and waits until it says where it listens.
    pub(crate) fn start(example: &Example) -> Result<Self> {
        Self::start_program(&example.name, &example.program, &[])
    }

    /// Starts an example's program with these environment variables.
    pub(crate) fn start_program(
        name: &str,
        program: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let mut process = Command::new(program)
            .env("PORT", "0")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("example `{name}` could not be started"))?;
        let output = process
            .stdout
            .take()
            .context("the example's output was asked for, but is not there")?;
        // From here on the process is stopped by `drop`, whatever happens.
        let mut server = Server {
            url: String::new(),
            process,
        };
        server.url = announced(output).with_context(|| {
            format!(
                "example `{name}` did not say where it listens; with PORT=0 in its environment it takes a free port and \
                 prints the line `{ANNOUNCEMENT}http://127.0.0.1:PORT`"
            )
        })?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address from the announcement. The thread goes on reading, so that the example never blocks on a full pipe,
/// and ends with the example.
fn announced(output: ChildStdout) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(url) = line.strip_prefix(ANNOUNCEMENT) {
                // The caller stops listening after the first announcement; the rest is only drained.
                let _ = sender.send(url.trim().trim_end_matches('/').to_owned());
            }
        }
    });
    receiver
        .recv_timeout(PATIENCE)
        .map_err(|error| match error {
            RecvTimeoutError::Timeout => anyhow!("no such line within {} s", PATIENCE.as_secs()),
            RecvTimeoutError::Disconnected => {
                anyhow!("it ended without such a line; its own message is above")
            }
        })
}
