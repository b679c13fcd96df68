//! What the death of a process means: for the others, and for itself when it starts again. On a SQLite file that no other
//! works on, nothing is waited for.

use std::time::{Duration, Instant};

use sqlx::{Postgres, Sqlite};
use webhooks_tests::database::Kind;

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::process::{Sink, start, subscribe};
use crate::workers::shared_out;

/// Who waits for the end of a lease waits longer than the test lasts.
const LEASE_MS: &str = "600000";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_on_sqlite_that_is_killed_goes_on_when_it_starts_again() {
    let place = Sqlite::place().await;
    let (address, folder) = (
        place.address.as_str(),
        tempfile::tempdir().expect("a folder"),
    );
    let sink = Sink::start(folder.path());
    subscribe::<Sqlite>(address, &sink.url, &["/a", "/b"]).await;
    let log = folder.path().join("accepted.log");
    let logged = log.to_string_lossy();
    let accept = |count| {
        let arguments = ["accept", "sqlite", address, &logged, count];
        assert!(start(&arguments).wait().success(), "it sends and ends");
    };
    let mut worker = start(&["work", "sqlite", address, "one", LEASE_MS]);
    worker.line_with("working");
    for round in 0..3 {
        accept("10");
        worker.kill();
        accept("10");
        let began = Instant::now();
        worker = start(&[
            "work",
            "sqlite",
            address,
            &format!("again-{round}"),
            LEASE_MS,
        ]);
        let pool = Sqlite::open(address).await.expect("the database");
        let accepted = Accepted::read(&pool, &log).await;
        let missing = accepted.missing(&sink.log, &["/a", "/b"]).await;
        assert!(missing.is_empty(), "{} never came", missing.len());
        println!(
            "everything has come {:.1?} after the start",
            began.elapsed()
        );
        pool.close().await;
    }
    assert!(worker.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lanes_of_a_process_that_lives_are_not_taken_by_one_that_starts_beside_it() {
    let place = Sqlite::place().await;
    let (address, folder) = (
        place.address.as_str(),
        tempfile::tempdir().expect("a folder"),
    );
    let sink = Sink::start(folder.path());
    subscribe::<Sqlite>(address, &sink.url, &["/a", "/b", "/c", "/d"]).await;
    let log = folder.path().join("accepted.log");
    let mut first = start(&["work", "sqlite", address, "first", LEASE_MS]);
    first.line_with("working");
    let mut accepting = start(&["accept", "sqlite", address, &log.to_string_lossy(), "60"]);
    // Each of these dies with its lanes, of which the first knows only by a lease that does not end.
    for _ in 0..3 {
        let mut other = start(&["work", "sqlite", address, "other", LEASE_MS]);
        other.line_with("working");
        other.kill();
    }
    assert!(accepting.wait().success());
    let mut last = start(&["work", "sqlite", address, "last", LEASE_MS]);
    last.line_with("working");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(first.terminate().success());
    assert!(last.terminate().success());
    let mut alone = start(&["work", "sqlite", address, "alone", LEASE_MS]);
    alone.line_with("working");
    let pool = Sqlite::open(address).await.expect("the database");
    let accepted = Accepted::read(&pool, &log).await;
    let missing = accepted.missing(&sink.log, &["/a", "/b", "/c", "/d"]).await;
    assert!(missing.is_empty(), "{} never came", missing.len());
    pool.close().await;
    assert!(alone.terminate().success());
    let arrivals = arrivals(&sink.log);
    accepted.check(&arrivals);
    // Only what one of those that were killed had in hand comes again.
    let killed = arrivals.iter().filter(|arrival| arrival.worker == "other");
    assert!(duplicates(&arrivals) <= killed.count());
}

/// What a sender has that says nothing about it.
const DEFAULT_LEASE_MS: &str = "12000";
/// By then everything is another's.
const TAKEN: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_process_had_is_another_s_within_fifteen_seconds_on_sqlite() {
    let place = Sqlite::place().await;
    take_over::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_a_killed_process_had_is_another_s_within_fifteen_seconds_on_postgres() {
    let place = Postgres::place().await;
    take_over::<Postgres>(&place.address).await;
}

async fn take_over<K: Kind>(address: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let sink = Sink::start(folder.path());
    let paths: Vec<String> = (0..24).map(|number| format!("/{number}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    subscribe::<K>(address, &sink.url, &paths).await;
    let work = |name| start(&["work", K::KIND, address, name, DEFAULT_LEASE_MS]);
    let (mut dying, mut living) = (work("dying"), work("living"));
    dying.line_with("working");
    living.line_with("working");
    let pool = K::open(address).await.expect("the database");
    shared_out(&pool, 2).await;
    let log = folder.path().join("accepted.log");
    dying.kill();
    let killed = Instant::now();
    let mut accepting = start(&["accept", K::KIND, address, &log.to_string_lossy(), "3"]);
    assert!(accepting.wait().success());
    let accepted = Accepted::read(&pool, &log).await;
    let missing = accepted.missing(&sink.log, &paths).await;
    let taken = killed.elapsed();
    println!("{}: the last has come {taken:.1?} after the kill", K::KIND);
    assert!(missing.is_empty(), "{} never came", missing.len());
    assert!(taken < TAKEN, "{taken:.1?}");
    pool.close().await;
    assert!(living.terminate().success());
}
