//! Processes are killed at random moments, and PostgreSQL once too; every message that was accepted reaches every
//! subscriber all the same, and nothing that was not committed reaches a subscriber.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{Postgres, Sqlite};
use webhooks_tests::database::{Kind, schema};
use webhooks_tests::process::Process;
use webhooks_tests::{mode::is_long, rng::Rng};
use webhooks_tests_postgres::{Programs, Server};

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::process::{Sink, start, subscribe};

const PATHS: [&str; 3] = ["/a", "/b", "/c"];
const ROLES: [&str; 3] = ["accept", "work", "work"];
/// So that what a killed worker had claimed comes back within the test.
const LEASE_MS: &str = "2000";
/// Lines in the log of what was accepted with which a run says something.
const ENOUGH: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_arrives_whatever_is_killed_on_sqlite() {
    let place = Sqlite::place().await;
    let folder = tempfile::tempdir().expect("a folder");
    play::<Sqlite>(&place.address, folder.path(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_was_accepted_arrives_whatever_is_killed_on_postgres_and_that_too() {
    let programs = Programs::find().expect("`cargo xtask test` installs PostgreSQL");
    let mut server = Server::start(&programs).expect("a server of the test's own");
    let place = schema(&server.url()).await;
    let folder = tempfile::tempdir().expect("a folder");
    play::<Postgres>(&place.address, folder.path(), Some(&mut server)).await;
}

/// The processes of a run, which are killed and started again.
struct Cast<'a> {
    arguments: Vec<Vec<&'a str>>,
    processes: Vec<Process>,
    kills: u32,
    ended: u32,
}

impl<'a> Cast<'a> {
    fn enter(kind: &'a str, address: &'a str, log: &'a str) -> Self {
        let arguments: Vec<Vec<&str>> = ROLES
            .iter()
            .map(|role| match *role {
                "accept" => vec!["accept", kind, address, log, "0"],
                _ => vec!["work", kind, address, "worker", LEASE_MS],
            })
            .collect();
        let processes = arguments.iter().map(|arguments| start(arguments)).collect();
        Cast {
            arguments,
            processes,
            kills: 0,
            ended: 0,
        }
    }

    fn kill(&mut self, victim: usize) {
        self.processes[victim].kill();
        self.processes[victim] = start(&self.arguments[victim]);
        self.kills += 1;
    }

    /// Starts again what has ended by itself, as a supervisor of processes does.
    fn revive(&mut self) {
        for (process, arguments) in self.processes.iter_mut().zip(&self.arguments) {
            if process.has_ended() {
                *process = start(arguments);
                self.ended += 1;
            }
        }
    }
}

async fn play<K: Kind>(address: &str, folder: &Path, mut server: Option<&mut Server>) {
    let mut rng = Rng::from_environment();
    let sink = Sink::start(folder);
    subscribe::<K>(address, &sink.url, &PATHS).await;
    let log = folder.join("accepted.log");
    let logged = log.to_string_lossy();
    let mut cast = Cast::enter(K::KIND, address, &logged);
    let length = Duration::from_secs(if is_long() { 60 } else { 10 });
    let began = Instant::now();
    let (mut restarts, mut may_end) = (0, 0);
    // On a busy machine most processes are killed before they have begun: the run is longer there.
    let is_idle = || {
        let lines = std::fs::read_to_string(&log).map_or(0, |text| text.lines().count());
        lines < ENOUGH && began.elapsed() < length * 6
    };
    while began.elapsed() < length || is_idle() {
        tokio::time::sleep(Duration::from_millis(100 + rng.below(700))).await;
        cast.revive();
        cast.kill(usize::try_from(rng.below(ROLES.len() as u64)).expect("an index"));
        if let Some(server) = server.take_if(|_| began.elapsed() > length / 2) {
            server.crash_and_restart().expect("PostgreSQL comes back");
            restarts += 1;
            // One that was just starting has no database to start with.
            may_end = u32::try_from(ROLES.len()).expect("a few");
        }
    }
    assert!(
        cast.ended <= may_end,
        "{} processes ended by themselves",
        cast.ended
    );
    cast.processes[0].kill();
    let pool = K::open(address).await.expect("the database");
    let accepted = Accepted::read(&pool, &log).await;
    pool.close().await;
    let missing = accepted.missing(&sink.log, &PATHS).await;
    drop(cast.processes);
    let arrivals = arrivals(&sink.log);
    println!(
        "{}: {} sent, {} committed, {} rolled back; {} kills, {restarts} restarts of the database; {} requests, {} of \
         them again",
        K::KIND,
        accepted.sent.len(),
        accepted.committed.len(),
        accepted.rolled_back.len(),
        cast.kills,
        arrivals.len(),
        duplicates(&arrivals)
    );
    assert!(
        accepted.count() > 20,
        "only {} messages were accepted",
        accepted.count()
    );
    assert!(!accepted.rolled_back.is_empty(), "nothing was rolled back");
    assert!(
        missing.is_empty(),
        "{} deliveries never arrived: {missing:?}",
        missing.len()
    );
    accepted.check(&arrivals);
}
