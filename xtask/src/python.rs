//! Python with the packages of `interop/requirements.txt`, in a virtual environment under the target folder.
//!
//! Every package is pinned by version and hash. The environment is built anew when the pins change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::debian;
use crate::workspace::Workspace;

/// A virtual environment that holds what a requirements file asks for.
pub(crate) struct Python {
    folder: PathBuf,
}

impl Python {
    /// `requirements` is the name of a file in `interop/`; each has an environment of its own.
    pub(crate) fn with(workspace: &Workspace, requirements: &str) -> Result<Self> {
        let folder = workspace
            .interop_output()
            .join(requirements.trim_end_matches(".txt"));
        let requirements = workspace.root.join("interop").join(requirements);
        let wanted = fs::read(&requirements).with_context(|| requirements.display().to_string())?;
        let installed = folder.join("installed.txt");
        if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
            return Ok(Python { folder });
        }
        create(&folder)?;
        let python = Python { folder };
        let mut pip = python.command();
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip.args([
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--requirement",
        ])
        .arg(&requirements);
        command::run(&mut pip)?;
        // Written last: an installation that was interrupted is not taken for a finished one.
        fs::write(&installed, wanted).with_context(|| installed.display().to_string())?;
        Ok(python)
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.programs().join("python"));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// The folder of the environment's programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }
}

fn create(folder: &Path) -> Result<()> {
    if venv("python3", folder).is_ok() {
        return Ok(());
    }
    debian::install(
        &["python3", "python3-venv"],
        "Python 3 with its module venv",
    )?;
    // Debian's own interpreter: another one, earlier on PATH, has just been found wanting.
    venv("/usr/bin/python3", folder)
}

fn venv(python: &str, folder: &Path) -> Result<()> {
    command::run(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )
}
