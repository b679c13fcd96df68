//! Where PostgreSQL's programs are, and as whom they run: they refuse to run as root.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Debian's package makes this user for the server.
const UNPRIVILEGED: &str = "postgres";

/// The folder of PostgreSQL's programs.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// The newest ones on this machine; none where there is no server. Debian does not put the server's on PATH.
    pub fn find() -> Option<Self> {
        let on_path = std::env::var_os("PATH")?;
        let debian = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten();
        let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
        // The newest version first: 17 before 15.
        debian.sort();
        debian.reverse();
        let mut folders = std::env::split_paths(&on_path).chain(debian);
        // On PATH there may be a link to this program and not to the others.
        let initdb = folders.find_map(|folder| fs::canonicalize(folder.join("initdb")).ok())?;
        Some(Programs {
            folder: initdb.parent()?.to_owned(),
        })
    }

    /// One of the programs, not as root.
    pub(crate) fn command(&self, name: &str) -> Command {
        let path = self.folder.join(name);
        let Some(user) = unprivileged_user() else {
            return Command::new(path);
        };
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", user, "--regid", user, "--clear-groups", "--"])
            .arg(path);
        command
    }
}

/// Who runs the programs instead of us, where we are root.
pub(crate) fn unprivileged_user() -> Option<&'static str> {
    let answer = Command::new("id")
        .arg("-u")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    (answer.stdout.trim_ascii() == b"0").then_some(UNPRIVILEGED)
}
