//! `cargo xtask interop`: what tools of other languages make of the examples' documents and pages, and what clients of
//! other languages get from them.
//!
//! Linters first prove themselves on a document that they must accept and on documents with one defect each that
//! they must refuse: an exit code means nothing before both were seen.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::clients;
use crate::command;
use crate::examples::{self, Example};
use crate::node::Node;
use crate::page::{self, OCTOKIT};
use crate::peers::Peers;
use crate::portal;
use crate::python::Python;
use crate::receivers;
use crate::search;
use crate::senders;
use crate::step::Steps;
use crate::workspace::Workspace;

const PARTS: [&str; 10] = [
    "api",
    "command",
    "documents",
    "generators",
    "merging",
    "pages",
    "portal",
    "receivers",
    "search",
    "senders",
];

/// Runs the parts named, or all of them.
pub(crate) fn run(parts: &[&str]) -> Result<()> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        bail!(
            "`{unknown}` is not a part of interop; the parts are {}",
            PARTS.join(", ")
        );
    }
    let chosen = |part| parts.is_empty() || parts.contains(&part);
    let workspace = Workspace::read()?;
    let mut steps = Steps::new();
    if chosen("api") {
        clients::check(&mut steps, &workspace)?;
    }
    if chosen("command") {
        let node = steps.run("Node packages with real documents", || {
            Node::ready(&workspace)
        })?;
        steps.run("the command `webhooks`", || webhooks(&workspace, &node))?;
    }
    if chosen("portal") {
        let node = steps.run("Node packages of Chromium and axe", || {
            Node::ready(&workspace)
        })?;
        steps.run("the portal and the dashboard", || {
            portal::check(&workspace, &node)
        })?;
    }
    if chosen("receivers") {
        let node = steps.run("Node packages of the clients", || Node::ready(&workspace))?;
        steps.run("requests of the clients", || {
            receivers::check(&workspace, &node)
        })?;
    }
    if chosen("search") {
        let node = steps.run("Node packages for the browser", || Node::ready(&workspace))?;
        steps.run("search of the documentation in Chromium", || {
            search::check(&workspace, &node)
        })?;
    }
    if chosen("senders") {
        let node = steps.run("Node packages of the verifiers", || Node::ready(&workspace))?;
        let python = steps.run("Python packages of the verifiers", || {
            Python::with(&workspace, "requirements-senders.txt")
        })?;
        steps.run("requests of our sender", || {
            senders::check(&workspace, &node, &python)
        })?;
    }
    if ["documents", "generators", "merging", "pages"]
        .into_iter()
        .any(&chosen)
    {
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
    let examples = steps.run("programs of the examples", || {
        examples::built(workspace, &[])
    })?;
    if ["documents", "generators", "merging"]
        .into_iter()
        .any(&chosen)
    {
        let node = steps.run("Node packages", || Node::ready(workspace))?;
        let python = steps.run("Python packages", || {
            Python::with(workspace, "requirements.txt")
        })?;
        let tools = Tools {
            workspace,
            examples: &examples,
            node: &node,
            python: &python,
        };
        if chosen("documents") {
            tools.documents(steps)?;
        }
        if chosen("generators") {
            tools.generators(steps)?;
        }
        if chosen("merging") {
            tools.merging(steps)?;
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
    steps.run("documentation pages in Chromium", || {
        page::check(workspace, &node, examples)
    })
}

/// The command on real documents.
fn webhooks(workspace: &Workspace, node: &Node) -> Result<()> {
    let programs = workspace.build_programs()?;
    let program = programs.iter().find(|(owner, _)| owner == "webhooks-cli");
    let (_, program) = program.context("the package webhooks-cli builds no program")?;
    command::run(node.script("command.mjs").arg(program))
}

struct Tools<'a> {
    workspace: &'a Workspace,
    examples: &'a [Example],
    node: &'a Node,
    python: &'a Python,
}

impl Tools<'_> {
    /// Linters and validators, and the code that the page shows.
    fn documents(&self, steps: &mut Steps) -> Result<()> {
        steps.run("Redocly", || self.script("redocly.mjs"))?;
        steps.run("Spectral", || self.script("spectral.mjs"))?;
        steps.run("openapi-spec-validator", || {
            self.python_script("validate.py")
        })?;
        steps.run("recipes of the page", || {
            let folder = self.workspace.interop_output().join("recipes");
            std::fs::create_dir_all(&folder)?;
            let python = self.python.programs().join("python");
            command::run(self.node.script("recipes.mjs").arg(python).arg(folder))
        })
    }

    /// Types generated from the documents compile and name every webhook.
    fn generators(&self, steps: &mut Steps) -> Result<()> {
        steps.run("openapi-typescript", || {
            self.script("openapi-typescript.mjs")
        })?;
        steps.run("hey-api", || self.script("hey-api.mjs"))?;
        steps.run("datamodel-codegen", || self.python_script("models.py"))
    }

    /// Documents of others, joined by webhooks, and ours, written for others.
    fn merging(&self, steps: &mut Steps) -> Result<()> {
        let peers = steps.run("peers in Rust", || Peers::built(self.workspace))?;
        steps.run("progenitor", || peers.run("progenitor-types", []))?;
        let joined = steps.run("documents joined by webhooks", || {
            let octokit = self.workspace.root.join("interop").join(OCTOKIT);
            Ok([
                peers.run_into("joined/utoipa", "merge-utoipa", [])?,
                peers.run_into("joined/aide", "merge-aide", [])?,
                peers.run_into("joined/octokit", "octokit", [octokit.as_os_str()])?,
            ])
        })?;
        steps.run("linters report nothing new", || {
            let mut node = self.node.script("nothing-new.mjs");
            command::run(node.arg(self.workspace.interop_output()).args(&joined))
        })?;
        let upgraded = steps.run("documents of OpenAPI 3.0", || {
            peers.run_into("upgraded", "fixtures", [peers.fixtures()?.as_os_str()])
        })?;
        steps.run("openapi-spec-validator on upgraded documents", || {
            self.python_on("upgraded.py", &upgraded)
        })?;
        let exports = steps.run("exports", || {
            let strings = self.workspace.root.join("interop/strings/openapi.json");
            let octokit = joined[2].join("after/openapi.json");
            let documents = self.documents_kept().map(Path::as_os_str);
            let further = [strings.as_os_str(), octokit.as_os_str()];
            std::fs::create_dir_all(joined[2].join("after"))?;
            std::fs::copy(joined[2].join("after.json"), &octokit)?;
            peers.run_into("exports", "exports", documents.chain(further))
        })?;
        steps.run("exports in other tools", || {
            self.python_on("exports.py", &exports)
        })
    }

    fn python_on(&self, script: &str, folder: &Path) -> Result<()> {
        let mut python = self.python.command();
        command::run(
            python
                .current_dir(self.workspace.root.join("interop"))
                .arg(script)
                .arg(folder),
        )
    }

    /// Scripts take the folder for what they generate, then the documents.
    fn script(&self, name: &str) -> Result<()> {
        let mut node = self.node.script(name);
        command::run(
            node.arg(self.workspace.interop_output())
                .args(self.documents_kept()),
        )
    }

    fn python_script(&self, name: &str) -> Result<()> {
        let mut python = self.python.command();
        python
            .current_dir(self.workspace.root.join("interop"))
            .arg(name);
        command::run(
            python
                .arg(self.workspace.interop_output())
                .args(self.documents_kept()),
        )
    }

    fn documents_kept(&self) -> impl Iterator<Item = &Path> {
        self.examples
            .iter()
            .map(|example| example.document.as_path())
    }
}
