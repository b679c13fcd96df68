//! The processes of a run: `sender-process` in its roles. They also end by themselves with the test's process.

use std::path::{Path, PathBuf};
use std::process::Command;

use webhooks_sender::Subscription;
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::sender;
use webhooks_tests::process::Process;

/// Starts a process in a role.
pub(crate) fn start(arguments: &[&str]) -> Process {
    Process::start(Command::new(env!("CARGO_BIN_EXE_sender-process")).args(arguments))
}

/// A receiver in a process of its own, and the file in which it keeps what it gets.
pub(crate) struct Sink {
    _process: Process,
    pub(crate) url: String,
    pub(crate) log: PathBuf,
}

impl Sink {
    /// Answers immediately, with success.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_as("sink", folder)
    }

    /// Takes its time, and fails now and then.
    pub(crate) fn unreliable(folder: &Path) -> Self {
        Self::start_as("unreliable-sink", folder)
    }

    fn start_as(role: &str, folder: &Path) -> Self {
        let log = folder.join("received.log");
        let mut process = start(&[role, &log.to_string_lossy()]);
        let line = process.line_with("listening on ");
        let url = line
            .strip_prefix("listening on ")
            .expect("where it listens")
            .to_owned();
        Self {
            _process: process,
            url,
            log,
        }
    }
}

/// Makes the tables, the ledger and a subscription for each path at the sink, each of an owner of its own.
pub(crate) async fn subscribe<K: Kind>(address: &str, sink: &str, paths: &[&str]) {
    subscribe_as::<K>(address, sink, paths, |_, wanted| wanted).await;
}

/// The same, with what else a path wants.
pub(crate) async fn subscribe_as<K: Kind>(
    address: &str,
    sink: &str,
    paths: &[&str],
    wishes: impl Fn(&str, Subscription) -> Subscription,
) {
    let pool = K::open(address).await.expect("a database");
    let mut connection = pool.acquire().await.expect("a connection");
    K::run(&mut connection, "CREATE TABLE ledger (id text NOT NULL)")
        .await
        .expect("a table");
    drop(connection);
    let sender = sender(pool.clone())
        .without_engine()
        .start()
        .await
        .expect("a sender");
    for path in paths {
        let owner = format!("owner of {path}");
        let wanted = Subscription::new(owner, format!("{sink}{path}")).event("something.*");
        sender
            .operator()
            .subscribe(wishes(path, wanted))
            .await
            .expect("a subscription");
    }
    sender.shut_down().await;
    pool.close().await;
}
