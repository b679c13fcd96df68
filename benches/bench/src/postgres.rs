//! A PostgreSQL server of the program's own, with the durability that PostgreSQL has by default.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process;

/// PostgreSQL refuses to run as root; Debian's package makes this user for it.
const SERVANT: &str = "postgres";
const PATIENCE: Duration = Duration::from_secs(30);

/// Stopped and removed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    directory: PathBuf,
    /// Whether the directory stays when the server is stopped.
    is_kept: bool,
    process: Option<Child>,
    port: u16,
}

impl Server {
    /// A server with a directory of its own, which is removed with it.
    pub(crate) fn start() -> Result<Self> {
        let name = format!("webhooks-bench-{}", std::process::id());
        Self::start_in(std::env::temp_dir().join(name), false)
    }

    /// A server on the databases of this directory, which stay.
    pub(crate) fn start_kept(directory: PathBuf) -> Result<Self> {
        Self::start_in(directory, true)
    }

    fn start_in(directory: PathBuf, is_kept: bool) -> Result<Self> {
        let programs = find()?;
        fs::create_dir_all(&directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut server = Self {
            programs,
            directory,
            is_kept,
            process: None,
            port,
        };
        if !server.data().join("PG_VERSION").exists() {
            server.make_data()?;
        }
        server.run(port)?;
        server.wait_until_ready()?;
        Ok(server)
    }

    fn make_data(&self) -> Result<()> {
        if is_root() {
            run(Command::new("chown").arg(SERVANT).arg(&self.directory))?;
        }
        let mut initdb = self.program("initdb");
        initdb.args([
            "--encoding=UTF8",
            "--locale=C",
            "--auth=trust",
            "--username=bench",
            "--pgdata",
        ]);
        run(initdb.arg(self.data()))
    }

    fn run(&mut self, port: u16) -> Result<()> {
        let log = fs::File::create(self.directory.join("log"))?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-k",
        ]);
        // Statements are counted for the parts that say how many there are.
        postgres
            .arg(&self.directory)
            .args(["-c", "shared_preload_libraries=pg_stat_statements"])
            // Eight processes with a pool each are more than the server's default of a hundred.
            .args(["-c", "max_connections=400"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        self.process = Some(
            postgres
                .spawn()
                .context("PostgreSQL could not be started")?,
        );
        Ok(())
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://bench@127.0.0.1:{}/{database}", self.port)
    }

    /// CPU time of the server and all its processes, those that have ended included.
    pub(crate) fn cpu_time(&self) -> Result<Duration> {
        let server = self.process.as_ref().context("PostgreSQL is not running")?;
        process::cpu_time_of_all(server.id())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        loop {
            let mut question = Command::new(self.programs.join("pg_isready"));
            question.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if question
                .status()
                .context("pg_isready could not be run")?
                .success()
            {
                return Ok(());
            }
            let ended = self
                .process
                .as_mut()
                .map(Child::try_wait)
                .transpose()?
                .flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                bail!("PostgreSQL is not ready; its log says:\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// One of PostgreSQL's programs, not as root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command
                .args([
                    "--reuid",
                    SERVANT,
                    "--regid",
                    SERVANT,
                    "--clear-groups",
                    "--",
                ])
                .arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(&self.directory);
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let mut stop = self.program("pg_ctl");
            stop.arg("stop").arg("-D").arg(self.data()).args([
                "-m",
                if self.is_kept { "fast" } else { "immediate" },
                "-w",
                "-s",
            ]);
            // If it has ended already there is nothing to stop.
            let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
            let _ = process.kill();
            let _ = process.wait();
        }
        if !self.is_kept {
            // What cannot be removed is left to the system's own tidying.
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

/// The newest version that is installed.
fn find() -> Result<PathBuf> {
    let debian = fs::read_dir(Path::new("/usr/lib/postgresql"))
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = folders
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path));
    let found = found
        .into_iter()
        .find(|folder| folder.join("initdb").exists());
    found.context("PostgreSQL is not installed (Debian: apt-get install postgresql)")
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
