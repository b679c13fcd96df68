//! `cargo xtask msrv`: each published crate compiles with the oldest compiler that its `rust-version` promises.
//!
//! It needs that compiler and compiles all dependencies with it, so it does not belong to CI. What runs everywhere is
//! clippy's `incompatible_msrv` and a test that no dependency asks for a newer one.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::step::Steps;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::read()?;
    let installed = command::answer("rustup", &["toolchain", "list"])
        .context("rustup is needed: it runs the older compilers")?;
    let mut by_version: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in workspace.published() {
        let names = by_version.entry(&package.rust_version).or_default();
        names.push(&package.name);
    }
    let mut steps = Steps::new();
    for (version, names) in by_version {
        let toolchain = toolchain(&installed, version).with_context(|| {
            format!(
                "the compiler {version} is not installed; install it with: rustup toolchain install {version} \
                 --profile minimal"
            )
        })?;
        steps.run(&format!("Rust {version}: {}", names.join(", ")), || {
            let mut cargo = Command::new("rustup");
            cargo.args([
                "run",
                toolchain,
                "cargo",
                "check",
                "--locked",
                "--all-features",
            ]);
            for name in names {
                cargo.args(["--package", name]);
            }
            // What one compiler has built, another cannot use.
            let target = workspace.target.join("msrv");
            command::run(
                cargo
                    .arg("--target-dir")
                    .arg(target)
                    .current_dir(&workspace.root),
            )
        })?;
    }
    steps.table();
    Ok(())
}

/// The installed toolchain of a version: `1.89` may be installed as `1.89-..` or `1.89.0-..`.
fn toolchain<'a>(installed: &'a str, version: &str) -> Option<&'a str> {
    let names = installed.lines().filter_map(|line| line.split(' ').next());
    names
        .filter(|name| {
            name.strip_prefix(version)
                .is_some_and(|rest| rest.starts_with(['-', '.']))
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::toolchain;

    #[test]
    fn a_toolchain_is_found_by_its_version() {
        let installed = "stable-x86_64 (active, default)\n1.8.0-x86_64\n1.89.0-x86_64\n1.94-x86_64";
        assert_eq!(toolchain(installed, "1.89"), Some("1.89.0-x86_64"));
        assert_eq!(toolchain(installed, "1.94"), Some("1.94-x86_64"));
        assert_eq!(toolchain(installed, "1.9"), None);
    }
}
