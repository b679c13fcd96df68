//! Node.js with the packages of `interop/package-lock.json`.
//!
//! The machine's Node.js is used if it is new enough for the linters. Otherwise (Debian 12 offers version 18) a
//! pinned one is installed as a Python package, which needs no root and no other download address.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::python::Python;
use crate::resource::Resource;
use crate::workspace::Workspace;

/// The oldest version that every tool in `interop/package.json` accepts; its `engines` says the same.
const OLDEST: (u32, u32) = (20, 19);

/// Node.js, with the packages installed.
pub(crate) struct Node {
    folder: PathBuf,
    /// PATH, beginning with the folder of the Node.js that was chosen.
    path: OsString,
}

impl Node {
    pub(crate) fn ready(workspace: &Workspace) -> Result<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = if is_new_enough() {
            path
        } else {
            with_own_node(workspace, &path)?
        };
        let node = Node {
            folder: workspace.root.join("interop"),
            path,
        };
        node.install()?;
        Ok(node)
    }

    /// Installs what the lock file pins, unless that is what is installed.
    fn install(&self) -> Result<()> {
        let lock = self.folder.join("package-lock.json");
        let wanted = fs::read(&lock).with_context(|| lock.display().to_string())?;
        let installed = self
            .folder
            .join("node_modules/.installed-package-lock.json");
        if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        // No package needs an installation script, so none is allowed to run.
        command::run(
            self.command("npm")
                .args(["ci", "--ignore-scripts", "--loglevel=error"]),
        )?;
        // Written last: an installation that was interrupted is not taken for a finished one.
        fs::write(&installed, wanted).with_context(|| installed.display().to_string())
    }

    /// A script of `interop/`.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = self.command("node");
        command.arg(name);
        command
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("PATH", &self.path);
        // The linters report nothing home and do not look for newer versions of themselves.
        command
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        command
    }
}

/// What ignored tests get to know of the packages: the payloads that GitHub publishes as examples.
pub(crate) fn resource(workspace: &Workspace) -> Result<Resource> {
    let node = Node::ready(workspace)?;
    let examples = node
        .folder
        .join("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    Ok(Resource::program(
        "Node packages",
        "WEBHOOKS_OCTOKIT_EXAMPLES",
        examples.into_os_string(),
    ))
}

fn is_new_enough() -> bool {
    let version = command::answer("node", &["--version"]).and_then(|text| version(&text));
    version >= Some(OLDEST) && command::answer("npm", &["--version"]).is_some()
}

/// `v20.19.2` is version 20.19.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn with_own_node(workspace: &Workspace, path: &OsString) -> Result<OsString> {
    println!(
        "no Node.js of version {}.{} or later on PATH: installing the pinned one",
        OLDEST.0, OLDEST.1
    );
    let python = Python::with(workspace, "requirements-node.txt")?;
    let folders = std::iter::once(python.programs()).chain(std::env::split_paths(path));
    std::env::join_paths(folders).context("PATH holds a folder whose name cannot be part of it")
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, version};

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("v20.19.0") >= Some(OLDEST));
        assert!(version("v22.1.0") >= Some(OLDEST));
        assert!(version("v20.9.0") < Some(OLDEST));
        assert!(version("v18.20.4") < Some(OLDEST));
    }

    #[test]
    fn what_is_not_a_version_is_too_old() {
        assert!(version("") < Some(OLDEST));
        assert!(version("20.19.0") < Some(OLDEST));
    }
}
