//! The programs of `interop/rust`: peers in Rust that the library is held against.
//!
//! They are a workspace of their own, with a lock file of its own, so that utoipa and its kind never enter ours. The
//! target folder is shared: what both need in the same version is compiled once.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command;
use crate::workspace::Workspace;

/// The programs, built.
pub(crate) struct Peers {
    manifest: PathBuf,
    programs: PathBuf,
    output: PathBuf,
}

impl Peers {
    pub(crate) fn built(workspace: &Workspace) -> Result<Self> {
        let manifest = workspace.root.join("interop/rust/Cargo.toml");
        let mut cargo = command::cargo();
        cargo
            .args(["build", "--locked", "--workspace", "--manifest-path"])
            .arg(&manifest);
        command::run(cargo.arg("--target-dir").arg(&workspace.target))?;
        Ok(Peers {
            manifest,
            programs: workspace.target.join("debug"),
            output: workspace.interop_output(),
        })
    }

    pub(crate) fn run<'a>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        command::run(Command::new(self.programs.join(program)).args(arguments))
    }

    /// Runs a program with a new folder for what it writes, as its first argument; returns the folder.
    pub(crate) fn run_into<'a>(
        &self,
        folder: &str,
        program: &str,
        arguments: impl IntoIterator<Item = &'a OsStr>,
    ) -> Result<PathBuf> {
        let folder = self.output.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        command::run(
            Command::new(self.programs.join(program))
                .arg(&folder)
                .args(arguments),
        )?;
        Ok(folder)
    }

    /// The documents that the crate `openapiv3` is tested with; its package carries them.
    pub(crate) fn fixtures(&self) -> Result<PathBuf> {
        let mut cargo = command::cargo();
        cargo
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--manifest-path",
            ])
            .arg(&self.manifest);
        let metadata: Value = serde_json::from_slice(&command::output(&mut cargo)?)?;
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        let package = packages.find(|package| package["name"] == "openapiv3");
        let manifest = package.and_then(|package| package["manifest_path"].as_str());
        let folder =
            Path::new(manifest.context("the lock file of interop/rust has no openapiv3")?).parent();
        Ok(folder
            .context("a manifest lies in a folder")?
            .join("fixtures"))
    }
}
