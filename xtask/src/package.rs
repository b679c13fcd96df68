//! `cargo xtask package`: each published crate packed as a registry would get it.
//!
//! The packed crates are not built: that would compile every dependency once more, and what could be missing in a
//! package is checked by the house rules (`tests/tests/house/manifests.rs`). `cargo package` without `--no-verify`
//! builds them.

use anyhow::Result;

use crate::command;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::read()?;
    let mut cargo = command::cargo();
    cargo.current_dir(&workspace.root);
    cargo.args([
        "package",
        "--locked",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
    ]);
    for package in workspace.published() {
        cargo.args(["--package", &package.name]);
    }
    command::run(&mut cargo)
}
