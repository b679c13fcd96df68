//! The command line: what can be asked, and how the answers leave the program.

mod answer;
mod completion;
#[cfg(feature = "dashboard")]
mod dashboard;
mod diff;
mod events;
mod export;
mod lint;
mod reading;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use self::answer::{Failure, Outcome};
use self::reading::Reading;
use crate::terminal::{self, BAD, styled};

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  lint found an error, diff a breaking change, or export --strict a loss
  2  the question, a document or a database could not be understood

A DOCUMENT is a file, `-` for standard input, or the address of a running app; of an address
without a path /openapi.json is read. JSON and YAML are read, up to 64 MiB.";

/// Lists, checks, compares and converts the webhooks of OpenAPI documents.
#[derive(Debug, Parser)]
#[command(name = "webhooks", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours; `auto` follows the terminal, `NO_COLOR` and `CLICOLOR`.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Subcommand)]
enum Command {
    Events(events::Events),
    Lint(lint::Lint),
    Diff(diff::Diff),
    Export(export::Export),
    #[cfg(feature = "dashboard")]
    Dashboard(dashboard::Dashboard),
    Completion(completion::Completion),
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Runs the command with these arguments, the first of which is the program's name.
///
/// Answers go to standard output, errors to standard error. The exit code is 0 if all is well, 1 if `lint` found an
/// error, `diff` a breaking change or `export --strict` a loss, and 2 if the question or a document could not be
/// understood.
///
/// ```no_run
/// let code = webhooks_cli::run(["webhooks", "lint", "openapi.json"].map(Into::into));
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // If even this cannot be written, there is no other place to report it.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let color = arguments.color.choice();
    match answer(&arguments, color) {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::FAILURE,
        Err(Failure::Output(error)) if terminal::is_closed(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            let message = match failure {
                Failure::Message(message) => message,
                Failure::Output(error) => format!("the answer could not be written: {error}"),
            };
            let mut stderr = anstream::AutoStream::new(io::stderr().lock(), color);
            let _ = writeln!(
                stderr,
                "{} {}",
                styled(BAD, "error:"),
                terminal::visible(&message)
            );
            ExitCode::from(2)
        }
    }
}

fn answer(arguments: &Arguments, color: ColorChoice) -> Result<Outcome, Failure> {
    let mut output = terminal::output(color);
    let outcome = match &arguments.command {
        Command::Events(events) => events.run(&arguments.reading, &mut output),
        Command::Lint(lint) => lint.run(&arguments.reading, &mut output),
        Command::Diff(diff) => diff.run(&arguments.reading, &mut output),
        Command::Export(export) => {
            let mut notes = anstream::AutoStream::new(io::stderr().lock(), color);
            export.run(&arguments.reading, &mut output, &mut notes)
        }
        #[cfg(feature = "dashboard")]
        Command::Dashboard(dashboard) => dashboard.run(&mut output),
        Command::Completion(completion) => completion.run(Arguments::command(), &mut output),
    }?;
    output.flush()?;
    Ok(outcome)
}

impl Color {
    fn choice(self) -> ColorChoice {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_argument_says_what_it_is_for() {
        for command in Arguments::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
        }
    }
}
