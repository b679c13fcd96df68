//! The documentation page and the Swagger UI of each running example, looked at in headless Chromium; and the page of a
//! document with hundreds of webhooks, GitHub's.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::chromium;
use crate::command;
use crate::examples::Example;
use crate::node::Node;
use crate::server::Server;
use crate::workspace::Workspace;

/// GitHub's webhooks, as their npm package has them.
pub(crate) const OCTOKIT: &str =
    "node_modules/@octokit/openapi-webhooks/generated/api.github.com.json";

/// Examples that serve nothing without a database and keys: the page of their document is looked at.
const NEED_MORE: [&str; 1] = ["invoices"];

/// Fails on the first page that does not keep a promise; `interop/page.mjs` and `swagger-ui.mjs` say which they are.
pub(crate) fn check(workspace: &Workspace, node: &Node, examples: &[Example]) -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let pictures = workspace.interop_output().join("pages");
    std::fs::create_dir_all(&pictures).with_context(|| pictures.display().to_string())?;
    let browser = Browser {
        node,
        chromium,
        pictures,
    };
    let (documents, running): (Vec<_>, Vec<_>) = examples
        .iter()
        .partition(|example| NEED_MORE.contains(&example.name.as_str()));
    for example in running {
        let server = Server::start(example)?;
        for script in ["page.mjs", "swagger-ui.mjs"] {
            browser.look(script, &example.name, &server, &example.document)?;
        }
    }
    let octokit = workspace.root.join("interop").join(OCTOKIT);
    let program = workspace.build_example("serve-document")?;
    let shown = documents
        .iter()
        .map(|example| (example.name.as_str(), &example.document));
    for (name, file) in shown.chain([("octokit", &octokit)]) {
        let document = file
            .to_str()
            .context("the path of the workspace is not UTF-8")?;
        let server = Server::start_program(name, &program, &[("DOCUMENT", document)])?;
        browser.look("page.mjs", name, &server, file)?;
    }
    println!("screenshots are in {}", browser.pictures.display());
    Ok(())
}

/// What the scripts need.
struct Browser<'a> {
    node: &'a Node,
    chromium: PathBuf,
    pictures: PathBuf,
}

impl Browser<'_> {
    fn look(&self, script: &str, name: &str, server: &Server, document: &Path) -> Result<()> {
        let mut script = self.node.script(script);
        script
            .args([name, server.url.as_str()])
            .arg(document)
            .arg(&self.pictures);
        command::run(script.env(chromium::VARIABLE, &self.chromium))
    }
}
