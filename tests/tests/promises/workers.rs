//! Several processes on one database, which share its lanes out.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use sqlx::{Pool, Postgres, Sqlite};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::sender;
use webhooks_tests::mode::is_long;
use webhooks_tests::process::Process;

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::process::{self, Sink, subscribe};

/// So many owners that each process gets some of them.
const PATHS: usize = 24;
/// Longer than the test: whatever is sent twice was sent by two owners of a lane.
const LEASE_MS: &str = "120000";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_file_share_the_work_and_send_nothing_twice() {
    let place = Sqlite::place().await;
    share::<Sqlite>(&place.address, &["one", "two"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn four_processes_on_postgres_share_the_work_and_send_nothing_twice() {
    let place = Postgres::place().await;
    share::<Postgres>(&place.address, &["one", "two", "three", "four"]).await;
}

async fn share<K: Kind>(address: &str, names: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let sink = Sink::start(folder.path());
    let paths: Vec<String> = (0..PATHS).map(|number| format!("/{number}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    subscribe::<K>(address, &sink.url, &paths).await;
    let start = |name: &&str| process::start(&["work", K::KIND, address, name, LEASE_MS]);
    let mut workers: Vec<Process> = names.iter().map(start).collect();
    for worker in &mut workers {
        worker.line_with("working");
    }
    let pool = K::open(address).await.expect("the database");
    shared_out(&pool, names.len()).await;
    let log = accept::<K>(address, folder.path(), if is_long() { 500 } else { 40 });
    let accepted = Accepted::read(&pool, &log).await;
    let missing = accepted.missing(&sink.log, &paths).await;
    assert!(
        missing.is_empty(),
        "{} deliveries never arrived: {missing:?}",
        missing.len()
    );
    for worker in &mut workers {
        assert!(
            worker.terminate().success(),
            "a worker that receives SIGTERM ends well"
        );
    }
    let arrivals = arrivals(&sink.log);
    accepted.check(&arrivals);
    assert_eq!(duplicates(&arrivals), 0, "a lane has one owner");
    let mut shares: HashMap<&str, usize> = HashMap::new();
    for arrival in &arrivals {
        *shares.entry(&arrival.worker).or_default() += 1;
    }
    println!("{}: {} deliveries; {shares:?}", K::KIND, arrivals.len());
    assert_eq!(
        shares.keys().copied().collect::<HashSet<_>>(),
        names.iter().copied().collect(),
        "all worked"
    );
    each_was_tried_once(&pool, arrivals.len()).await;
    pool.close().await;
}

/// Waits until each process has its share of the slots.
pub(crate) async fn shared_out<K: Kind>(pool: &Pool<K>, processes: usize) {
    let fair = 256 / i64::try_from(processes).expect("a few");
    let least = "SELECT coalesce(min(slots), 0) FROM (SELECT count(*) AS slots FROM webhooks_slot
                 WHERE worker IS NOT NULL GROUP BY worker) AS counted";
    let of_owners = "SELECT count(DISTINCT worker) FROM webhooks_slot";
    let shared = async {
        loop {
            let mut connection = pool.acquire().await.expect("a connection");
            let workers = K::number(&mut connection, of_owners)
                .await
                .expect("a count");
            let least = K::number(&mut connection, least).await.expect("a count");
            if usize::try_from(workers) == Ok(processes) && least >= fair / 2 {
                return;
            }
            drop(connection);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_mins(1), shared).await;
    waited.expect("the slots are shared out");
}

/// One attempt for each delivery, and nothing left.
async fn each_was_tried_once<K: Kind>(pool: &Pool<K>, deliveries: usize) {
    let mut connection = pool.acquire().await.expect("a connection");
    let deliveries = i64::try_from(deliveries).expect("a few thousand");
    for (question, answer) in [
        (
            "SELECT count(*) FROM webhooks_history WHERE queue = 'delivery' AND generation = 0",
            deliveries,
        ),
        ("SELECT count(*) FROM webhooks_history", deliveries),
        ("SELECT count(*) FROM webhooks_job", 0),
        (
            "SELECT count(*) FROM webhooks_history WHERE status = 204 AND attempts = 1",
            deliveries,
        ),
        ("SELECT count(*) FROM webhooks_attempt", 0),
    ] {
        let found = K::number(&mut connection, question).await.expect("a count");
        assert_eq!(found, answer, "{question}");
    }
}

/// Lets a process send so many messages a caller; the log of what it sent.
fn accept<K: Kind>(address: &str, folder: &Path, count: u32) -> std::path::PathBuf {
    let log = folder.join("accepted.log");
    let arguments = [
        "accept",
        K::KIND,
        address,
        &log.to_string_lossy(),
        &count.to_string(),
    ];
    assert!(
        process::start(&arguments).wait().success(),
        "the accepting process ends well"
    );
    log
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_on_an_empty_sqlite_file_all_start() {
    let place = Sqlite::place().await;
    start_at_once::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn processes_that_start_at_once_on_an_empty_postgres_all_start() {
    let place = Postgres::place().await;
    start_at_once::<Postgres>(&place.address).await;
}

async fn start_at_once<K: Kind>(address: &str) {
    let names: Vec<String> = (0..6).map(|number| format!("worker-{number}")).collect();
    let start = |name: &String| process::start(&["work", K::KIND, address, name, LEASE_MS]);
    let mut workers: Vec<Process> = names.iter().map(start).collect();
    for worker in &mut workers {
        worker.line_with("working");
    }
    for worker in &mut workers {
        assert!(worker.terminate().success(), "it ends well");
    }
    let pool = K::open(address).await.expect("the database");
    let mut connection = pool.acquire().await.expect("a connection");
    let kept = "SELECT count(DISTINCT component) FROM webhooks_schema_version";
    assert_eq!(
        K::number(&mut connection, kept).await.expect("a count"),
        2,
        "the store's tables, the sender's"
    );
    drop(connection);
    pool.close().await;
}

#[tokio::test]
async fn tables_of_a_newer_program_are_refused_on_sqlite() {
    let place = Sqlite::place().await;
    refuse_newer::<Sqlite>(&place.address).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn tables_of_a_newer_program_are_refused_on_postgres() {
    let place = Postgres::place().await;
    refuse_newer::<Postgres>(&place.address).await;
}

async fn refuse_newer<K: Kind>(address: &str) {
    let pool = K::open(address).await.expect("a database");
    sender(pool.clone())
        .start()
        .await
        .expect("a sender")
        .shut_down()
        .await;
    let mut connection = pool.acquire().await.expect("a connection");
    let newer = "INSERT INTO webhooks_schema_version (component, version, name, readable_by) \
                 VALUES ('sender', 1000, 'later', 1000)";
    assert_eq!(K::run(&mut connection, newer).await.expect("changed"), 1);
    drop(connection);
    let error = sender(pool.clone())
        .start()
        .await
        .expect_err("this program is too old")
        .to_string();
    assert!(
        error.contains("\"sender\" are at version 1000") && error.contains("run that one"),
        "{error}"
    );
    tokio::time::timeout(Duration::from_secs(10), pool.close())
        .await
        .expect("nothing holds a connection");
}
