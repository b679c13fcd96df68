//! The example `providers`, called by the libraries with which providers sign.

use anyhow::{Context, Result};

use crate::command;
use crate::node::Node;
use crate::server::Server;
use crate::workspace::Workspace;

const EXAMPLE: &str = "providers";

/// The secrets that `interop/receivers.mjs` signs with.
const SECRETS: [(&str, &str); 4] = [
    ("GITHUB_SECRET", "github-new,github-old"),
    ("STRIPE_SECRET", "whsec_new,whsec_old"),
    ("STANDARD_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("SVIX_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
];

/// Fails unless what the libraries sign is accepted, and everything that differs from it is refused.
pub(crate) fn check(workspace: &Workspace, node: &Node) -> Result<()> {
    let programs = workspace.build_programs()?;
    let (_, program) = programs
        .iter()
        .find(|(owner, _)| owner == EXAMPLE)
        .with_context(|| format!("example `{EXAMPLE}` builds no program"))?;
    let server = Server::start_program(EXAMPLE, program, &SECRETS)?;
    command::run(node.script("receivers.mjs").arg(&server.url))
}
