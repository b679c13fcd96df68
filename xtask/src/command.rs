//! Running another program: the command line is printed before it runs and named in the error when it fails.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs to the end, with the program's output on ours.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| not_started(&line))?;
    if !status.success() {
        bail!("`{line}` ended with {status}; its own message is above");
    }
    Ok(())
}

/// Runs to the end and returns what the program printed on its standard output, byte for byte.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| not_started(&line))?;
    if !output.status.success() {
        bail!(
            "`{line}` ended with {}; its own message is above",
            output.status
        );
    }
    Ok(output.stdout)
}

/// What the program printed, if it could be started and succeeded: for questions such as `node --version`.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The cargo that started us, so that a toolchain chosen with `cargo +name` stays chosen.
///
/// What cargo told us about our own package is taken away: build scripts such as ring's look at these variables, and
/// what they build would be built again by each cargo that is started by hand.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let names = std::env::vars_os().map(|(name, _)| name);
    let ours = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for name in names.filter(|name| name.to_str().is_some_and(ours)) {
        cargo.env_remove(name);
    }
    cargo
}

fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_started(line: &str) -> String {
    format!("`{line}` could not be started; is the program installed and on PATH?")
}
