//! `cargo xtask interop`: what tools of other languages make of the examples' documents and pages, and what clients of
//! other languages get from them.
//!
//! Linters first prove themselves on a document that they must accept and on documents with one defect each that
//! they must refuse: an exit code means nothing before both were seen.

use anyhow::{Result, bail};

use crate::command;
use crate::examples::{self, Example};
use crate::node::Node;
use crate::page;
use crate::python::Python;
use crate::receivers;
use crate::step::Steps;
use crate::workspace::Workspace;

const PARTS: [&str; 4] = ["documents", "generators", "pages", "receivers"];

/// Runs the parts named, or all of them.
pub(crate) fn run(parts: &[&str]) -> Result<()> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        bail!("`{unknown}` is not a part of interop; the parts are {}", PARTS.join(", "));
    }
    let chosen = |part| parts.is_empty() || parts.contains(&part);
    let workspace = Workspace::read()?;
    let mut steps = Steps::new();
    if chosen("receivers") {
        let node = steps.run("Node packages of the clients", || Node::ready(&workspace))?;
        steps.run("requests of the clients", || receivers::check(&workspace, &node))?;
    }
    if ["documents", "generators", "pages"].into_iter().any(&chosen) {
        of_documents(&mut steps, &workspace, chosen)?;
    }
    steps.table();
    Ok(())
}

/// What is made of the examples' documents.
fn of_documents(
    steps: &mut Steps,
    workspace: &Workspace,
    chosen: impl Fn(&'static str) -> bool,
) -> Result<()> {
    let examples = steps.run("programs of the examples", || examples::built(workspace, &[]))?;
    if chosen("documents") || chosen("generators") {
        let node = steps.run("Node packages", || Node::ready(workspace))?;
        let python = steps.run("Python packages", || Python::with(workspace, "requirements.txt"))?;
        let tools = Tools { workspace, examples: &examples, node: &node, python: &python };
        if chosen("documents") {
            tools.documents(steps)?;
        }
        if chosen("generators") {
            tools.generators(steps)?;
        }
    }
    if chosen("pages") {
        pages(steps, workspace, &examples)?;
    }
    Ok(())
}

/// The documentation pages in Chromium; also the last part of `cargo xtask test`.
pub(crate) fn pages(steps: &mut Steps, workspace: &Workspace, examples: &[Example]) -> Result<()> {
    let node = steps.run("Node packages for the browser", || Node::ready(workspace))?;
    steps.run("documentation pages in Chromium", || page::check(workspace, &node, examples))
}

struct Tools<'a> {
    workspace: &'a Workspace,
    examples: &'a [Example],
    node: &'a Node,
    python: &'a Python,
}

impl Tools<'_> {
    /// Linters and validators.
    fn documents(&self, steps: &mut Steps) -> Result<()> {
        steps.run("Redocly", || self.script("redocly.mjs"))?;
        steps.run("Spectral", || self.script("spectral.mjs"))?;
        steps.run("openapi-spec-validator", || self.python_script("validate.py"))
    }

    /// Types generated from the documents compile and name every webhook.
    fn generators(&self, steps: &mut Steps) -> Result<()> {
        steps.run("openapi-typescript", || self.script("openapi-typescript.mjs"))?;
        steps.run("hey-api", || self.script("hey-api.mjs"))?;
        steps.run("datamodel-codegen", || self.python_script("models.py"))
    }

    /// Scripts take the folder for what they generate, then the documents.
    fn script(&self, name: &str) -> Result<()> {
        let mut node = self.node.script(name);
        command::run(node.arg(self.workspace.interop_output()).args(self.documents_kept()))
    }

    fn python_script(&self, name: &str) -> Result<()> {
        let mut python = self.python.command();
        python.current_dir(self.workspace.root.join("interop")).arg(name);
        command::run(python.arg(self.workspace.interop_output()).args(self.documents_kept()))
    }

    fn documents_kept(&self) -> impl Iterator<Item = &std::path::Path> {
        self.examples.iter().map(|example| example.document.as_path())
    }
}
