//! The management API, called by generated clients and by a checker that makes requests up.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::node::Node;
use crate::peers::Peers;
use crate::postgres;
use crate::python::Python;
use crate::server::Server;
use crate::step::Steps;
use crate::workspace::Workspace;

/// The example that mounts the API next to a receiver.
const EXAMPLE: &str = "payments-delivered";
/// The API over a database in use.
const PROGRAM: &str = "serve-api";
/// The customer whose token the example and the program take.
const TOKEN: &str = "acct_1";

pub(crate) fn check(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    let node = steps.run("Node packages of the generated clients", || {
        Node::ready(workspace)
    })?;
    let python = steps.run("Python packages of schemathesis", || {
        Python::with(workspace, "requirements-api.txt")
    })?;
    let [example, command, service] =
        steps.run("programs that mount the management API", || {
            let named = |name| workspace.build_program(name);
            Ok([named(EXAMPLE)?, named("webhooks")?, named(PROGRAM)?])
        })?;
    let peers = steps.run("peers in Rust", || Peers::built(workspace))?;
    steps.run("generated clients, Zapier, REST Hooks", || {
        generated(workspace, &node, &example, &command)?;
        let server = Server::start_program(EXAMPLE, &example, &[])?;
        peers.run("progenitor-api", [server.url.as_str(), TOKEN])
    })?;
    steps.run("schemathesis on SQLite", || {
        made_up(workspace, &python, &service, &[("DATABASE", "sqlite")])
    })?;
    let database = postgres::resource()?;
    steps.run("schemathesis on PostgreSQL", || {
        let url = database
            .value(postgres::VARIABLE)
            .context("the database has no URL")?;
        let environment = [("DATABASE", "postgres"), (postgres::VARIABLE, &url)];
        made_up(workspace, &python, &service, &environment)
    })
}

fn generated(workspace: &Workspace, node: &Node, example: &Path, webhooks: &Path) -> Result<()> {
    let server = Server::start_program(EXAMPLE, example, &[])?;
    let document = workspace
        .root
        .join("examples")
        .join(EXAMPLE)
        .join("openapi.json");
    let mut script = node.script("api.mjs");
    script.arg(workspace.interop_output()).arg(&server.url);
    command::run(script.arg(TOKEN).arg(webhooks).arg(document))
}

fn made_up(
    workspace: &Workspace,
    python: &Python,
    program: &Path,
    environment: &[(&str, &str)],
) -> Result<()> {
    let server = Server::start_program(PROGRAM, program, environment)?;
    let mut script: Command = python.command();
    script
        .current_dir(workspace.root.join("interop"))
        .arg("api.py")
        .arg(&server.url);
    command::run(&mut script)
}
