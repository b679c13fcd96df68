//! The documentation page and the Swagger UI of each running example, looked at in headless Chromium.

use anyhow::{Context, Result};

use crate::chromium;
use crate::command;
use crate::examples::Example;
use crate::node::Node;
use crate::server::Server;
use crate::workspace::Workspace;

/// Fails on the first page that does not keep a promise; `interop/page.mjs` and `swagger-ui.mjs` say which they are.
pub(crate) fn check(workspace: &Workspace, node: &Node, examples: &[Example]) -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let pictures = workspace.interop_output().join("pages");
    std::fs::create_dir_all(&pictures).with_context(|| pictures.display().to_string())?;
    for example in examples {
        let server = Server::start(example)?;
        for name in ["page.mjs", "swagger-ui.mjs"] {
            let mut script = node.script(name);
            script
                .args([example.name.as_str(), server.url.as_str()])
                .arg(&example.document)
                .arg(&pictures);
            command::run(script.env(chromium::VARIABLE, &chromium))?;
        }
    }
    println!("screenshots are in {}", pictures.display());
    Ok(())
}
