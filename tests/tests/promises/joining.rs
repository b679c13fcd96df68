//! Processes come and go, as in a rolling deploy, with settings of their own: nothing is lost, nothing is sent twice, and in
//! each lane one process sends at a time.

use std::time::Duration;

use sqlx::{Postgres, Sqlite};
use webhooks_tests::database::{Kind, Place, in_memory};
use webhooks_tests::mode::is_long;
use webhooks_tests::process::Process;

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::exclusive::{Thaws, conduct};
use crate::process::{Sink, start, subscribe};
use crate::workers::shared_out;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_join_and_leave_lose_nothing_and_repeat_nothing_on_sqlite() {
    play::<Sqlite>(in_memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn processes_that_join_and_leave_lose_nothing_and_repeat_nothing_on_postgres() {
    play::<Postgres>(Postgres::place().await).await;
}

async fn play<K: Kind>(place: Place) {
    let (processes, lanes) = if is_long() { (8, 1000) } else { (3, 120) };
    let (address, folder) = (
        place.address.as_str(),
        tempfile::tempdir().expect("a folder"),
    );
    let sink = Sink::start(folder.path());
    let paths: Vec<String> = (0..lanes).map(|number| format!("/{number}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    subscribe::<K>(address, &sink.url, &paths).await;
    let pool = K::open(address).await.expect("the database");
    let log = folder.path().join("accepted.log");
    let logged = log.to_string_lossy();
    // Each with another lease, as when a deploy changes it.
    let work = |number: usize| {
        let (name, lease) = (format!("worker-{number}"), 6_000 * (1 + number % 3));
        start(&["work", K::KIND, address, &name, &lease.to_string()])
    };
    let mut workers: Vec<Process> = Vec::new();
    let accept = || start(&["accept", K::KIND, address, &logged, "2"]);
    for number in 0..processes {
        let mut accepting = accept();
        let mut worker = work(number);
        worker.line_with("working");
        workers.push(worker);
        shared_out(&pool, workers.len()).await;
        assert!(accepting.wait().success());
    }
    // One goes for each that comes; then they go one by one.
    for number in processes..processes + 2 {
        let mut accepting = accept();
        let mut worker = work(number);
        worker.line_with("working");
        workers.push(worker);
        assert!(workers.remove(0).terminate().success());
        assert!(accepting.wait().success());
        shared_out(&pool, workers.len()).await;
    }
    while workers.len() > 1 {
        let mut accepting = accept();
        assert!(workers.remove(0).terminate().success());
        assert!(accepting.wait().success());
    }
    let accepted = Accepted::read(&pool, &log).await;
    let missing = accepted.missing(&sink.log, &paths).await;
    assert!(missing.is_empty(), "{} never came", missing.len());
    assert!(workers.remove(0).terminate().success());
    // What was answered last is recorded by now.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let arrivals = arrivals(&sink.log);
    accepted.check(&arrivals);
    let found = conduct(&arrivals, &Thaws::new(), |_| false);
    println!(
        "{}: {processes} processes, {lanes} lanes, {} messages, {} requests",
        K::KIND,
        accepted.count(),
        arrivals.len()
    );
    assert_eq!(duplicates(&arrivals), 0, "who ends well repeats nothing");
    assert!(found.overlaps.is_empty(), "{}", found.overlaps.join("\n"));
    pool.close().await;
}
