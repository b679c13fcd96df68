//! PgBouncer in transaction mode, before a PostgreSQL server.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::{free_port, programs, unique_directory};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running PgBouncer with a directory of its own.
#[derive(Debug)]
pub struct Bouncer {
    directory: PathBuf,
    port: u16,
    database: String,
    process: Child,
}

impl Bouncer {
    /// Whether Debian's package `pgbouncer` is on this machine.
    pub fn is_installed() -> bool {
        fs::exists(PROGRAM).unwrap_or(false)
    }

    /// Starts one before the database at this URL, `postgres://user:password@host:port/name`, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When the URL has another form, or PgBouncer does not start, with what it said.
    pub fn start(database: &str) -> Result<Self> {
        let (account, place) = database
            .strip_prefix("postgres://")
            .and_then(|rest| rest.split_once('@'))
            .context("the database's URL has no user")?;
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let (host, name) = place.split_once('/').context("the URL names no database")?;
        let (host, server_port) = host.split_once(':').unwrap_or((host, "5432"));
        let directory = unique_directory("webhooks-pgbouncer")?;
        let port = free_port()?;
        let settings = format!(
            "[databases]\n\
             {name} = host={host} port={server_port} dbname={name} user={user} password={password}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = transaction\nmax_client_conn = 1000\ndefault_pool_size = 40\n\
             ignore_startup_parameters = extra_float_digits\n"
        );
        let file = directory.join("pgbouncer.ini");
        fs::write(&file, settings)?;
        let process = run(&file, &directory)?;
        let name = format!("{user}@127.0.0.1:{port}/{name}");
        let mut bouncer = Bouncer {
            directory,
            port,
            database: name,
            process,
        };
        bouncer.wait_until_ready()?;
        Ok(bouncer)
    }

    /// The database through PgBouncer.
    pub fn url(&self) -> String {
        format!("postgres://{}", self.database)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.process.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                bail!("PgBouncer is not ready; its log says:\n{log}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Debian does not put it on every PATH.
const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// It refuses to run as root, as PostgreSQL does.
fn run(file: &std::path::Path, directory: &std::path::Path) -> Result<Child> {
    let log = fs::File::create(directory.join("log"))?;
    let mut command = if let Some(user) = programs::unprivileged_user() {
        let owned = Command::new("chown")
            .arg("-R")
            .arg(user)
            .arg(directory)
            .status()?;
        ensure!(owned.success(), "the directory cannot be given to {user}");
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid",
            user,
            "--regid",
            user,
            "--clear-groups",
            "--",
            PROGRAM,
        ]);
        command
    } else {
        Command::new(PROGRAM)
    };
    command
        .arg(file)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    command.spawn().context("PgBouncer could not be started")
}
