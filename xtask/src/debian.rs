//! Installing a Debian package, where we may; otherwise the sentence that says which one is missing and why.

use std::process::Command;

use anyhow::{Result, bail};

use crate::command;

/// Installs packages without asking, and says so first. `purpose` completes the sentence "... is needed".
///
/// # Errors
///
/// Without `apt-get` or without root: then the error names what to install, and the person at the machine decides.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    if command::answer("apt-get", &["--version"]).is_none() {
        bail!(
            "{purpose} is needed and this machine has no apt-get; install what Debian calls: {names}"
        );
    }
    if command::answer("id", &["-u"]).as_deref() != Some("0") {
        bail!(
            "{purpose} is needed; install it with: sudo apt-get install --no-install-recommends {names}"
        );
    }
    // A whole machine is changed without a question: the output says so before it happens.
    println!(
        "{purpose} is needed: installing the Debian packages {names} as root, with what they depend on"
    );
    command::run(apt_get().args(["update", "--quiet=2"]))?;
    command::run(
        apt_get()
            .args(["install", "--yes", "--quiet=2", "--no-install-recommends"])
            .args(packages),
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
