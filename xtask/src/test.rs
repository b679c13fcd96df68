//! `cargo xtask test`: all tests, those that need nothing and those that need a program or a server.
//!
//! Everything is built once, with the same features and profile in every step.

use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::examples;
use crate::interop;
use crate::resource;
use crate::step::Steps;
use crate::workspace::Workspace;

/// How long tests that scale may take: the same code, with more cases.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Length {
    Short,
    Long,
}

pub(crate) fn run(length: Length) -> Result<()> {
    let workspace = Workspace::read()?;
    let mut steps = Steps::new();
    steps.run("tests that need nothing", || command::run(&mut cargo_test(&workspace, length)))?;
    let resources = steps.run("programs and servers", resource::all)?;
    steps.run("tests that need them", || {
        let mut ignored = cargo_test(&workspace, length);
        // `--tests` leaves the documentation tests out: they need nothing and have just run.
        ignored.args(["--tests", "--", "--ignored"]);
        resource::describe(&resources, &mut ignored);
        command::run(&mut ignored)
    })?;
    let examples = steps.run("programs of the examples", || examples::built(&workspace, &[]))?;
    steps.run("documents of the examples", || examples::compare(&examples))?;
    interop::pages(&mut steps, &workspace, &examples)?;
    steps.table();
    Ok(())
}

fn cargo_test(workspace: &Workspace, length: Length) -> Command {
    let mut cargo = command::cargo();
    cargo.args(["test", "--workspace", "--all-features", "--locked"]).current_dir(&workspace.root);
    if length == Length::Long {
        cargo.env("WEBHOOKS_LONG", "1");
    }
    cargo
}
