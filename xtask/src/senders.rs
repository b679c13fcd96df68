//! Requests of our sender, verified by the libraries that receivers use.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::node::Node;
use crate::python::Python;
use crate::workspace::Workspace;

/// Prints requests that it captures from the engine.
const PROGRAM: &str = "captures";

/// Fails unless the libraries accept what the engine sends, and refuse everything that differs from it.
pub(crate) fn check(workspace: &Workspace, node: &Node, python: &Python) -> Result<()> {
    let programs = workspace.build_programs()?;
    let mut programs = programs.iter().map(|(_, program)| program);
    let program = programs.find(|program| program.file_stem().is_some_and(|name| name == PROGRAM));
    let program = program.with_context(|| format!("no package builds the program `{PROGRAM}`"))?;
    let captures = workspace.interop_output().join("captures.json");
    fs::create_dir_all(workspace.interop_output())?;
    // Signed now: a library refuses what is older than five minutes.
    fs::write(&captures, command::output(&mut Command::new(program))?)?;
    command::run(node.script("senders.mjs").arg(&captures))?;
    let mut senders = python.command();
    command::run(
        senders
            .current_dir(workspace.root.join("interop"))
            .arg("senders.py")
            .arg(&captures),
    )
}
