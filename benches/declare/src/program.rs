//! Generated programs: one package each, in a workspace of their own under `target/declare`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::source;
use crate::subject::Subject;

/// Webhooks per module and per function. One function over all of a thousand does not compile in acceptable time with
/// every peer, and no program writes one.
pub(crate) const CHUNK: usize = 50;

/// A program that declares webhooks and writes their document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    pub(crate) subject: Subject,
    pub(crate) webhooks: usize,
    pub(crate) models: Models,
}

/// The payloads of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Models {
    /// One for all webhooks: what remains is the cost of the webhooks.
    Shared,
    /// One for each.
    Distinct,
}

impl Program {
    /// The name of the package and of the binary.
    pub(crate) fn name(self) -> String {
        let models = match self.models {
            Models::Shared => "shared",
            Models::Distinct => "distinct",
        };
        format!("{}-{models}-{}", self.subject.key(), self.webhooks)
    }

    /// The root of its source.
    pub(crate) fn main(self) -> PathBuf {
        root().join(self.name()).join("src/main.rs")
    }

    /// The binary that `cargo build` leaves.
    pub(crate) fn binary(self, profile: &str) -> PathBuf {
        root().join("target").join(profile).join(self.name())
    }

    fn write(self) -> Result<()> {
        let folder = root().join(self.name());
        let manifest = format!(
            "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
            self.name(),
            self.subject.dependencies()
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        for (path, text) in source::files(self) {
            write(&folder.join("src").join(path), &text)?;
        }
        Ok(())
    }
}

/// Where the programs lie.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/declare")
}

/// Writes the programs and a workspace around them.
pub(crate) fn write_all(programs: &[Program]) -> Result<()> {
    for program in programs {
        program.write()?;
    }
    let members: Vec<String> = programs.iter().map(|program| program.name()).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\nincremental = false\n"
    );
    write(&root().join("Cargo.toml"), &manifest)
}

/// Leaves a file alone that says the same already, so that cargo does not build again what is built.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().context("the path of a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
