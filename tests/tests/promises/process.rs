//! Processes of a test. None outlives it: each is killed when it is dropped, and ends by itself with the test's process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use webhooks_sender::Subscription;
use webhooks_tests::database::Kind;
use webhooks_tests::happening::{OWNER, sender};

/// A process that is killed when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sender-process"));
        // Its standard input is closed with us.
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        Self(command.spawn().expect("a process"))
    }

    /// The first line that it prints.
    pub(crate) fn first_line(&mut self) -> String {
        let mut line = String::new();
        let output = self.0.stdout.as_mut().expect("its output is ours");
        BufReader::new(output).read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "the process ended without a word; its own message is above");
        line.trim().to_owned()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a child's state").is_some()
    }

    /// SIGKILL: it has no chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }

    /// SIGTERM: it ends what it has begun.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let id = self.0.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().expect("kill can be run");
        assert!(told.success(), "the process is there");
        self.wait()
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("a child's state") {
                return status;
            }
            assert!(start.elapsed() < Duration::from_mins(1), "the process does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to stop.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A receiver in a process of its own, and the file in which it keeps what it gets.
pub(crate) struct Sink {
    _process: Process,
    pub(crate) url: String,
    pub(crate) log: PathBuf,
}

impl Sink {
    pub(crate) fn start(folder: &Path) -> Self {
        let log = folder.join("received.log");
        let mut process = Process::start(&["sink", &log.to_string_lossy()]);
        let line = process.first_line();
        let url = line.strip_prefix("listening on ").expect("where it listens").to_owned();
        Self { _process: process, url, log }
    }
}

/// Makes the tables, the ledger and a subscription for each path at the sink.
pub(crate) async fn subscribe<K: Kind>(address: &str, sink: &str, paths: &[&str]) {
    let pool = K::open(address).await.expect("a database");
    let mut connection = pool.acquire().await.expect("a connection");
    K::run(&mut connection, "CREATE TABLE ledger (id text NOT NULL)").await.expect("a table");
    drop(connection);
    let sender = sender(pool.clone()).without_engine().start().await.expect("a sender");
    for path in paths {
        let wanted = Subscription::new(OWNER, format!("{sink}{path}")).event("something.*");
        sender.subscribe(wanted).await.expect("a subscription");
    }
    sender.shut_down().await;
    pool.close().await;
}
