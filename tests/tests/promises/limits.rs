//! What is limited is limited exactly, however many processes there are, and what waits costs nothing.

use std::time::Duration;

use sqlx::{Postgres, Sqlite};
use webhooks_sender::{Owner, Subscription};
use webhooks_tests::database::{Kind, Place, in_memory};
use webhooks_tests::fixture_event::{Happening, How, happened, sender};
use webhooks_tests::mode::is_long;
use webhooks_tests::process::Process;

use crate::arrivals::{Arrival, arrivals};
use crate::process::{Sink, start, subscribe, subscribe_as};
use crate::workers::shared_out;

const LEASE_MS: &str = "15000";
/// Requests in a second.
const RATE: u32 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_is_one_for_all_processes_on_sqlite() {
    for processes in processes() {
        rate::<Sqlite>(processes).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_rate_limit_is_one_for_all_processes_on_postgres() {
    for processes in processes() {
        rate::<Postgres>(processes).await;
    }
}

fn processes() -> Vec<usize> {
    if is_long() { vec![1, 3, 8] } else { vec![3] }
}

/// A burst of what one second allows, then evenly.
async fn rate<K: Kind>(processes: usize) {
    let seconds = if is_long() { 10 } else { 4 };
    let place = K::place().await;
    let (address, folder) = (
        place.address.as_str(),
        tempfile::tempdir().expect("a folder"),
    );
    let sink = Sink::start(folder.path());
    let limited = |_: &str, wanted: Subscription| wanted.rate_limit(RATE);
    subscribe_as::<K>(address, &sink.url, &["/a"], limited).await;
    let name = |number| format!("worker-{number}");
    let work = |number| start(&["work", K::KIND, address, &name(number), LEASE_MS]);
    let mut workers: Vec<Process> = (0..processes).map(work).collect();
    for worker in &mut workers {
        worker.line_with("working");
    }
    let pool = K::open(address).await.expect("the database");
    shared_out(&pool, processes).await;
    pool.close().await;
    let log = folder.path().join("accepted.log");
    let arguments = ["accept", K::KIND, address, &log.to_string_lossy(), "60"];
    assert!(start(&arguments).wait().success(), "it sends and ends");
    let first = async {
        loop {
            if let Some(first) = arrivals(&sink.log).first() {
                return first.began;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), first);
    let first = waited.await.expect("a request");
    tokio::time::sleep(Duration::from_secs(seconds + 1)).await;
    let end = first + seconds * 1000;
    let arrivals = arrivals(&sink.log);
    let within = arrivals
        .iter()
        .filter(|arrival| arrival.began < end)
        .count();
    println!(
        "{}, {processes} processes: {within} in {seconds} s",
        K::KIND
    );
    // The first may have taken longer to arrive than the last.
    let most = u64::from(RATE) * (seconds + 1) + 1;
    let least = u64::from(RATE) * seconds;
    let within = within as u64;
    assert!((least..=most).contains(&within), "{within} in {seconds} s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_paused_subscriptions_is_never_written_on_sqlite() {
    // Where the rows are and what is in them.
    let rows = "SELECT count(*) || ' ' || sum(position) || ' ' || sum(version) || ' ' || sum(attempts) FROM webhooks_job
                WHERE queue = 'delivery'";
    paused::<Sqlite>(in_memory(), rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_waits_for_paused_subscriptions_is_never_written_on_postgres() {
    // A row that is written again has another place in the file.
    let rows = "SELECT count(*) || ' ' || md5(string_agg(ctid::text || xmin::text, ' ' ORDER BY id)) FROM webhooks_job
                WHERE queue = 'delivery'";
    paused::<Postgres>(Postgres::place().await, rows).await;
}

/// So many subscriptions are paused, and a message waits for each.
async fn paused<K: Kind>(place: Place, rows: &str) {
    let count = if is_long() { 60_000 } else { 500 };
    let (address, folder) = (
        place.address.as_str(),
        tempfile::tempdir().expect("a folder"),
    );
    let sink = Sink::start(folder.path());
    subscribe::<K>(address, &sink.url, &[]).await;
    let pool = K::open(address).await.expect("the database");
    let program = sender(pool.clone()).start().await.expect("a sender");
    for number in 0..count {
        let owner = format!("paused {number}");
        let wanted = Subscription::new(owner, format!("{}/paused", sink.url)).event("*");
        let subscribed = program.operator().subscribe(wanted).await;
        let id = subscribed.expect("a subscription").id;
        program.operator().pause(&id).await.expect("paused");
    }
    program
        .send(Owner::everyone(), happened(happening(0)))
        .await
        .expect("sent");
    let waiting = async |least: i64| {
        let count = "SELECT count(*) FROM webhooks_job WHERE queue = 'delivery'";
        let mut connection = pool.acquire().await.expect("a connection");
        K::number(&mut connection, count).await.expect("a count") >= least
    };
    while !waiting(count).await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let read = async || {
        let mut connection = pool.acquire().await.expect("a connection");
        K::texts(&mut connection, rows).await.expect("the rows")
    };
    let before = read().await;
    let wanted = Subscription::new("moving", format!("{}/moving", sink.url)).event("*");
    let subscribed = program.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    // Another process takes its share of the lanes over, with all that waits in them.
    let mut other = start(&["work", K::KIND, address, "other", LEASE_MS]);
    other.line_with("working");
    shared_out(&pool, 2).await;
    for number in 1..=50 {
        let message = happened(happening(number));
        program.send("moving", message).await.expect("sent");
    }
    let moved = async {
        let delivered = || {
            let mut arrivals = arrivals(&sink.log);
            arrivals.retain(Arrival::is_delivery);
            arrivals.len()
        };
        while delivered() < 50 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let moved = tokio::time::timeout(Duration::from_secs(30), moved).await;
    moved.expect("another subscription is not held up");
    while waiting(count + 1).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(read().await, before, "no row was written");
    let arrivals = arrivals(&sink.log);
    let is_moving = |arrival: &Arrival| arrival.path == "/moving";
    assert!(
        arrivals.iter().all(is_moving),
        "nothing is sent to the paused"
    );
    program.shut_down().await;
    assert!(other.terminate().success());
    pool.close().await;
}

fn happening(number: u32) -> Happening {
    Happening {
        number: format!("paused-{number}"),
        how: How::Sent,
    }
}
