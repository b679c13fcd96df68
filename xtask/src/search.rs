//! The search of the crates' rustdoc finds each item by the words of the trade; `interop/search.mjs` lists them.

use std::fs;

use anyhow::{Context, Result};

use crate::api;
use crate::chromium;
use crate::command;
use crate::node::Node;
use crate::workspace::Workspace;

/// Builds the documentation and fails on the words that do not find their item.
pub(crate) fn check(workspace: &Workspace, node: &Node) -> Result<()> {
    // rustdoc adds to the index that it finds: one that was written before a change keeps what is gone.
    let pages = workspace.target.join("doc");
    if pages.exists() {
        fs::remove_dir_all(&pages).with_context(|| pages.display().to_string())?;
    }
    api::document(workspace)?;
    let chromium = chromium::find_or_install()?;
    let mut script = node.script("search.mjs");
    script.arg(&pages);
    command::run(script.env(chromium::VARIABLE, &chromium))
}
