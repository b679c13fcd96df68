//! The program `webhooks`.

use std::process::ExitCode;

fn main() -> ExitCode {
    webhooks_cli::run(std::env::args_os())
}
