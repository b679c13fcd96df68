//! `cargo xtask test`: all tests, those that need nothing and those that need a program or a server.
//!
//! Everything is built once, with the same features and profile in every step.

use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::examples;
use crate::interop;
use crate::resource::{self, Resource};
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
    let resources = steps.run("programs and servers", || resource::all(&workspace))?;
    steps.run("tests", || {
        command::run(&mut cargo_test(&workspace, length, &resources))
    })?;
    // Servers stop here, before the browser starts.
    drop(resources);
    let examples = steps.run("programs of the examples", || {
        examples::built(&workspace, &[])
    })?;
    steps.run("documents of the examples", || examples::compare(&examples))?;
    if length == Length::Long {
        let released = steps.run("programs of the examples, released", || {
            examples::released(&workspace)
        })?;
        steps.run("documents of the examples, released", || {
            examples::compare(&released)
        })?;
    }
    interop::pages(&mut steps, &workspace, &examples)?;
    steps.table();
    Ok(())
}

/// One run for both kinds of tests, so that each summary counts all of them.
fn cargo_test(workspace: &Workspace, length: Length, resources: &[Resource]) -> Command {
    let mut cargo = command::cargo();
    cargo.args([
        "test",
        "--workspace",
        "--all-features",
        "--locked",
        "--",
        "--include-ignored",
    ]);
    cargo.current_dir(&workspace.root);
    resource::describe(resources, &mut cargo);
    if length == Length::Long {
        cargo.env("WEBHOOKS_LONG", "1");
    }
    cargo
}
