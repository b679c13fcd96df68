//! The workspace as `cargo metadata` describes it: where it lies, its packages, and the programs they build.
//!
//! Packages are discovered, never listed by hand: a new crate or example is checked from its first commit on.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::command;

/// One package of the workspace.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The names of its features, `default` among them, in alphabetical order.
    pub(crate) features: Vec<String>,
    pub(crate) has_library: bool,
    /// Whether it is meant for a registry; the tests and examples are not.
    pub(crate) is_published: bool,
    /// The oldest compiler that it promises to compile with, as in `1.89`.
    pub(crate) rust_version: String,
}

/// The workspace that this command belongs to.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// The compiler that wrote the snapshots, as in `1.95.0`.
    pub(crate) snapshots_rustc: String,
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    pub(crate) fn read() -> Result<Self> {
        let mut cargo = command::cargo();
        cargo.args(["metadata", "--no-deps", "--format-version", "1", "--locked"]);
        // The manifest's folder is known from the build: the command works from any folder of the workspace.
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        let metadata: Value = serde_json::from_slice(&command::output(&mut cargo)?)
            .context("cargo metadata is not JSON")?;
        let packages = list(&metadata["packages"])
            .map(package)
            .collect::<Result<Vec<_>>>()?;
        Ok(Workspace {
            root: path(&metadata["workspace_root"])?,
            target: path(&metadata["target_directory"])?,
            snapshots_rustc: metadata["metadata"]["snapshots"]["rustc"]
                .as_str()
                .context("the root manifest names no compiler of the snapshots")?
                .to_owned(),
            packages,
        })
    }

    /// The packages that are meant for a registry.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_published)
    }

    /// The folder for what `cargo xtask interop` installs, generates and draws.
    pub(crate) fn interop_output(&self) -> PathBuf {
        self.target.join("interop")
    }

    /// Builds the programs of all packages exactly as `cargo test` builds them, so that nothing compiles twice,
    /// and returns where each package's program lies.
    pub(crate) fn build_programs(&self) -> Result<Vec<(String, PathBuf)>> {
        self.build_in("dev", "--bins", None)
    }

    /// Builds the programs and returns where the one of this name lies.
    pub(crate) fn build_program(&self, name: &str) -> Result<PathBuf> {
        let programs = self.build_programs()?.into_iter();
        let mut programs = programs.map(|(_, program)| program);
        let found = programs.find(|program| program.file_stem() == Some(OsStr::new(name)));
        found.with_context(|| format!("no package builds the program `{name}`"))
    }

    /// Builds one of cargo's examples, a program of a library crate, and returns where it lies.
    pub(crate) fn build_example(&self, name: &str) -> Result<PathBuf> {
        let programs = self.build_in("dev", "--example", Some(name))?;
        let (_, program) = programs
            .into_iter()
            .next()
            .with_context(|| format!("no example `{name}`"))?;
        Ok(program)
    }

    /// Builds them as they are deployed.
    pub(crate) fn build_released_programs(&self) -> Result<Vec<(String, PathBuf)>> {
        self.build_in("release", "--bins", None)
    }

    fn build_in(
        &self,
        profile: &str,
        targets: &str,
        name: Option<&str>,
    ) -> Result<Vec<(String, PathBuf)>> {
        let mut cargo = command::cargo();
        cargo.args([
            "build",
            "--workspace",
            "--all-features",
            "--locked",
            "--profile",
            profile,
            targets,
        ]);
        cargo
            .args(name)
            .arg("--message-format=json-render-diagnostics")
            .current_dir(&self.root);
        let messages =
            String::from_utf8(command::output(&mut cargo)?).context("cargo build is not UTF-8")?;
        let mut programs = Vec::new();
        for message in messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        {
            let (Some(executable), Some(manifest)) = (
                message["executable"].as_str(),
                message["manifest_path"].as_str(),
            ) else {
                continue;
            };
            let folder = Path::new(manifest).parent();
            if let Some(package) = self
                .packages
                .iter()
                .find(|package| Some(package.folder.as_path()) == folder)
            {
                programs.push((package.name.clone(), executable.into()));
            }
        }
        Ok(programs)
    }
}

fn package(value: &Value) -> Result<Package> {
    let manifest = path(&value["manifest_path"])?;
    let features = value["features"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone());
    let mut features: Vec<String> = features.collect();
    features.sort();
    let kinds = list(&value["targets"])
        .flat_map(|target| list(&target["kind"]))
        .filter_map(Value::as_str);
    Ok(Package {
        name: value["name"]
            .as_str()
            .context("cargo metadata: a package without a name")?
            .to_owned(),
        folder: manifest
            .parent()
            .context("cargo metadata: a manifest without a folder")?
            .to_owned(),
        features,
        has_library: kinds
            .into_iter()
            .any(|kind| kind == "lib" || kind == "proc-macro"),
        // An empty list of registries is what `publish = false` becomes.
        is_published: value["publish"]
            .as_array()
            .is_none_or(|list| !list.is_empty()),
        rust_version: value["rust_version"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    })
}

fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter()
}

fn path(value: &Value) -> Result<PathBuf> {
    value
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| anyhow!("cargo metadata: expected a path, found {value}"))
}
