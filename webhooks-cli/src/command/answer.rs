//! What a command answers: its outcome for the exit code, its failure as a text, and the JSON it prints.

use std::io::{self, Write};

use serde::Serialize;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Good,
    /// An error of a document, or a breaking change.
    Bad,
}

/// Why a command has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    Message(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Writes an answer for programs.
pub(super) fn write_json(output: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *output, value).map_err(io::Error::from)?;
    writeln!(output)
}

/// `3 warnings`
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}
