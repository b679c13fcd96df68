//! `webhooks completion`: what a shell needs to complete commands and options.

use std::io::Write;

use clap_complete::Shell;

use super::answer::{Failure, Outcome};

/// Writes a completion script for a shell.
///
/// For bash: `webhooks completion bash > ~/.local/share/bash-completion/completions/webhooks`
#[derive(Debug, clap::Args)]
pub(super) struct Completion {
    /// The shell.
    shell: Shell,
}

impl Completion {
    pub(super) fn run(
        &self,
        mut command: clap::Command,
        output: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        // Into a buffer first: the generator panics when its output is closed.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "webhooks", &mut script);
        output.write_all(&script)?;
        Ok(Outcome::Good)
    }
}
