//! A PostgreSQL server for the tests: found or installed, started in a temporary directory on a free port, stopped
//! and removed when dropped.
//!
//! Durability is left as PostgreSQL has it: the tests are about what survives.

use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::command;
use crate::debian;
use crate::resource::Resource;

/// Names the database: read here to use a running server, and set for the tests.
pub(crate) const VARIABLE: &str = "WEBHOOKS_POSTGRES_URL";
/// PostgreSQL refuses to run as root; Debian's package makes this user for it.
const SERVANT: &str = "postgres";
/// Whoever connects: not the machine's user, whose name may be anything.
const USER: &str = "webhooks";
const PATIENCE: Duration = Duration::from_secs(30);

/// What ignored tests get to know of the database.
pub(crate) fn resource() -> Result<Resource> {
    if let Some(url) = std::env::var_os(VARIABLE) {
        return Ok(Resource::program("PostgreSQL", VARIABLE, url));
    }
    let server = Server::start(&find_or_install()?)?;
    Ok(Resource::server("PostgreSQL", VARIABLE, OsString::from(&server.url), server))
}

/// A running server with a directory of its own.
struct Server {
    url: String,
    programs: PathBuf,
    directory: PathBuf,
    process: Option<Child>,
}

impl Server {
    fn start(programs: &Path) -> Result<Self> {
        let secret = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        let directory = std::env::temp_dir().join(format!("webhooks-postgres-{secret}"));
        fs::create_dir(&directory).context("no temporary directory can be made")?;
        // From here on the directory is removed by `drop`, whatever happens.
        let mut server =
            Server { url: String::new(), programs: programs.to_owned(), directory, process: None };
        server.initialise(&secret)?;
        let port = free_port()?;
        server.process = Some(server.spawn(port)?);
        server.wait_until_ready(port)?;
        server.url = format!("postgres://{USER}:{secret}@127.0.0.1:{port}/postgres");
        Ok(server)
    }

    fn initialise(&self, secret: &str) -> Result<()> {
        let password = self.directory.join("password");
        fs::write(&password, secret)?;
        if is_root() {
            command::run(Command::new("chown").arg("-R").arg(SERVANT).arg(&self.directory))?;
        }
        let mut initdb = self.program("initdb");
        initdb.args(["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username", USER]);
        initdb.arg("--pwfile").arg(&password).arg("--pgdata").arg(self.data());
        command::output(&mut initdb)?;
        Ok(fs::remove_file(&password)?)
    }

    /// The server is our child, so that an interrupt from the terminal reaches it too.
    fn spawn(&self, port: u16) -> Result<Child> {
        let log = fs::File::create(self.log())?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        // Many tests at once, each with a pool.
        postgres.arg("-k").arg(&self.directory).args(["-c", "max_connections=300"]);
        postgres.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        postgres.spawn().context("PostgreSQL could not be started")
    }

    fn wait_until_ready(&mut self, port: u16) -> Result<()> {
        let port = port.to_string();
        let question = self.programs.join("pg_isready");
        let question = question.to_str().context("PostgreSQL's directory has a name that is no text")?;
        let start = Instant::now();
        while command::answer(question, &["-q", "-h", "127.0.0.1", "-p", &port]).is_none() {
            let ended = self.process.as_mut().map(Child::try_wait).transpose()?.flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                bail!("PostgreSQL is not ready after {} s; its log says:\n{log}", start.elapsed().as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// One of PostgreSQL's programs, not as root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", SERVANT, "--regid", SERVANT, "--clear-groups", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // Where we stand may be closed to the servant.
        command.current_dir(&self.directory);
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
        if let Some(mut process) = self.process.take() {
            let mut stop = self.program("pg_ctl");
            stop.arg("stop").arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "-s"]);
            // If it has ended already there is nothing to stop.
            let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
            let _ = process.kill();
            let _ = process.wait();
        }
        // What cannot be removed is left to the system's own tidying.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The directory of PostgreSQL's programs. Debian does not put the server's on PATH.
fn find_or_install() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&["postgresql"], "PostgreSQL")?;
    find()
        .context("Debian's package postgresql is installed, but there is no initdb under /usr/lib/postgresql")
}

fn find() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")?;
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    // The newest version first: 17 before 15.
    debian.sort();
    debian.reverse();
    let mut folders = std::env::split_paths(&on_path).chain(debian);
    // On PATH there may be a link to this program and not to the others.
    let initdb = folders.find_map(|folder| fs::canonicalize(folder.join("initdb")).ok())?;
    Some(initdb.parent()?.to_owned())
}

/// Free a moment ago; nobody else takes it in the next, because ports are given out in turn.
fn free_port() -> Result<u16> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    ensure!(port != 0, "the system gave no port");
    Ok(port)
}

fn is_root() -> bool {
    command::answer("id", &["-u"]).as_deref() == Some("0")
}
