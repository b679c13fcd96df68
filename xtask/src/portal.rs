//! The portal and the dashboard of the main example, looked at in headless Chromium; and their pictures for the README.

use std::net::TcpListener;
use std::path::Path;

use anyhow::{Context, Result};

use crate::chromium;
use crate::command;
use crate::node::Node;
use crate::server::Server;
use crate::workspace::Workspace;

const EXAMPLE: &str = "payments-delivered";
/// Where the README's pictures are.
const PICTURES: &str = "examples/payments-delivered/screenshots";

/// Fails on what `interop/portal.mjs` finds.
pub(crate) fn check(workspace: &Workspace, node: &Node) -> Result<()> {
    let pictures = workspace.interop_output().join("portal");
    std::fs::create_dir_all(&pictures).with_context(|| pictures.display().to_string())?;
    // The script serves another site there, which shows the portal in a frame.
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let framed = format!("http://localhost:{port}");
    look(workspace, node, "portal.mjs", &pictures, Some(&framed))
}

/// Takes the README's pictures anew.
pub(crate) fn screenshots() -> Result<()> {
    let workspace = Workspace::read()?;
    let node = Node::ready(&workspace)?;
    let pictures = workspace.root.join(PICTURES);
    std::fs::create_dir_all(&pictures).with_context(|| pictures.display().to_string())?;
    look(&workspace, &node, "screenshots.mjs", &pictures, None)
}

fn look(
    workspace: &Workspace,
    node: &Node,
    script: &str,
    pictures: &Path,
    framed: Option<&str>,
) -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let program = workspace.build_program(EXAMPLE)?;
    let environment: Vec<_> = framed
        .map(|framed| ("EMBED_IN", framed))
        .into_iter()
        .collect();
    let server = Server::start_program(EXAMPLE, &program, &environment)?;
    let mut script = node.script(script);
    script.arg(&server.url).arg(pictures).args(framed);
    command::run(script.env(chromium::VARIABLE, &chromium))
}
