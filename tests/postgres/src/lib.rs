//! A PostgreSQL server of one's own: in a temporary directory, on a free port, stopped and removed when dropped.
//!
//! `cargo xtask test` starts one for all tests; a test that crashes its server starts its own. Durability is left as
//! PostgreSQL has it: the tests are about what survives.

mod bouncer;
mod programs;

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

pub use bouncer::Bouncer;
pub use programs::Programs;

/// The user who connects: not the machine's user, whose name may be anything.
const USER: &str = "webhooks";
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server with a directory of its own.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    directory: PathBuf,
    port: u16,
    secret: String,
    process: Option<Child>,
}

impl Server {
    /// Makes the directory, starts the server and waits until it answers.
    ///
    /// # Errors
    ///
    /// When one of the programs fails, with what it said.
    pub fn start(programs: &Programs) -> Result<Self> {
        let secret = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        let directory = unique_directory("webhooks-postgres")?;
        // From here on the directory is removed by `drop`, whatever happens.
        let mut server = Server {
            programs: programs.clone(),
            directory,
            port: free_port()?,
            secret,
            process: None,
        };
        server.initialise()?;
        server.run()?;
        Ok(server)
    }

    /// Where the database is, with name and password.
    pub fn url(&self) -> String {
        format!(
            "postgres://{USER}:{}@127.0.0.1:{}/postgres",
            self.secret, self.port
        )
    }

    /// Stops the server as a crash does, without a word to its clients, and starts it again on the same port.
    ///
    /// # Errors
    ///
    /// When it does not come back.
    pub fn crash_and_restart(&mut self) -> Result<()> {
        self.stop();
        self.run()
    }

    fn initialise(&self) -> Result<()> {
        let password = self.directory.join("password");
        fs::write(&password, &self.secret)?;
        if let Some(owner) = programs::unprivileged_user() {
            finish(
                Command::new("chown")
                    .arg("-R")
                    .arg(owner)
                    .arg(&self.directory),
            )?;
        }
        let mut initdb = self.program("initdb");
        initdb.args([
            "--encoding=UTF8",
            "--locale=C",
            "--auth=scram-sha-256",
            "--username",
            USER,
        ]);
        initdb
            .arg("--pwfile")
            .arg(&password)
            .arg("--pgdata")
            .arg(self.data());
        finish(&mut initdb)?;
        Ok(fs::remove_file(&password)?)
    }

    fn run(&mut self) -> Result<()> {
        self.process = Some(self.spawn()?);
        self.wait_until_ready()
    }

    /// The server is our child, so that an interrupt from the terminal reaches it too.
    fn spawn(&self) -> Result<Child> {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log())?;
        let mut postgres = self.program("postgres");
        postgres
            .arg("-D")
            .arg(self.data())
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        // Many tests concurrently, each with a pool.
        postgres
            .arg("-k")
            .arg(&self.directory)
            .args(["-c", "max_connections=300"]);
        postgres
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        postgres.spawn().context("PostgreSQL could not be started")
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while !self.is_ready() {
            let ended = self
                .process
                .as_mut()
                .map(Child::try_wait)
                .transpose()?
                .flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                bail!(
                    "PostgreSQL is not ready after {} s; its log says:\n{log}",
                    start.elapsed().as_secs()
                );
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let mut question = self.program("pg_isready");
        question.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        question.status().is_ok_and(|status| status.success())
    }

    /// If it has ended already there is nothing to stop.
    fn stop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        let mut stop = self.program("pg_ctl");
        stop.arg("stop")
            .arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "-w", "-s"]);
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let _ = process.kill();
        let _ = process.wait();
    }

    /// One of PostgreSQL's programs, standing where its user may stand.
    fn program(&self, name: &str) -> Command {
        let mut command = self.programs.command(name);
        command.current_dir(&self.directory).stdin(Stdio::null());
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        // What cannot be removed is left to the system's own tidying.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Runs to the end, silently unless it fails.
fn finish(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("`{name}` could not be started"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "`{name}` ended with {}:\n{said}",
        output.status
    );
    Ok(())
}

fn unique_directory(name: &str) -> Result<PathBuf> {
    let number = RandomState::new().hash_one(std::process::id());
    let directory = std::env::temp_dir().join(format!("{name}-{number:016x}"));
    fs::create_dir(&directory).context("no temporary directory can be made")?;
    Ok(directory)
}

/// Free a moment ago; no other process gets it in the next, because the system gives ports out in turn.
fn free_port() -> Result<u16> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    ensure!(port != 0, "the system gave no port");
    Ok(port)
}
