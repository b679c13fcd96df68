//! The search of the crates' rustdoc finds each item by the words of the trade; `interop/search.mjs` lists them.

use anyhow::Result;

use crate::api;
use crate::chromium;
use crate::command;
use crate::node::Node;
use crate::workspace::Workspace;

/// Builds the documentation and fails on the words that do not find their item.
pub(crate) fn check(workspace: &Workspace, node: &Node) -> Result<()> {
    api::document(workspace)?;
    let chromium = chromium::find_or_install()?;
    let mut script = node.script("search.mjs");
    script.arg(workspace.target.join("doc"));
    command::run(script.env(chromium::VARIABLE, &chromium))
}
