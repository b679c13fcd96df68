//! Three processes work, and everything happens to them that happens to processes: they are killed, stand still for longer
//! than their lease and go on, lose their connections, and an old snapshot is held all the while. Every message arrives, each
//! delivery ends once, and none is left.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{Pool, Postgres, Sqlite};
use webhooks_tests::database::{Kind, schema};
use webhooks_tests::process::Process;
use webhooks_tests::{mode::is_long, rng::Rng};
use webhooks_tests_postgres::{Programs, Server};

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::process::{Sink, start, subscribe};

const PATHS: [&str; 4] = ["/a", "/b", "/c", "/d"];
const WORKERS: [&str; 3] = ["one", "two", "three"];
const LEASE_MS: &str = "2000";
/// Longer than the lease.
const STANDSTILL: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_in_chaos_lose_nothing_on_sqlite() {
    let place = Sqlite::place().await;
    let folder = tempfile::tempdir().expect("a folder");
    play::<Sqlite>(&place.address, folder.path(), &[Event::Kill, Event::Freeze]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn three_processes_in_chaos_lose_nothing_on_postgres() {
    let programs = Programs::find().expect("`cargo xtask test` installs PostgreSQL");
    let server = Server::start(&programs).expect("a server of the test's own");
    let place = schema(&server.url()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let pool = Postgres::open(&place.address).await.expect("the database");
    let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TEMPORARY TABLE held (id int)";
    let mut held = pool.acquire().await.expect("a connection");
    sqlx::raw_sql(snapshot)
        .execute(&mut *held)
        .await
        .expect("a snapshot");
    let events = [Event::Kill, Event::Freeze, Event::Disconnect];
    play::<Postgres>(&place.address, folder.path(), &events).await;
    sqlx::raw_sql("COMMIT")
        .execute(&mut *held)
        .await
        .expect("it was held");
    drop(held);
    pool.close().await;
}

/// What happens to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Kill,
    Freeze,
    /// The server ends the connections of all.
    Disconnect,
}

async fn play<K: Kind>(address: &str, folder: &Path, events: &[Event]) {
    let mut rng = Rng::from_environment();
    let sink = Sink::start(folder);
    subscribe::<K>(address, &sink.url, &PATHS).await;
    let log = folder.join("accepted.log");
    let logged = log.to_string_lossy();
    let mut accepting = start(&["accept", K::KIND, address, &logged, "0"]);
    let work = |name: &str| start(&["work", K::KIND, address, name, LEASE_MS]);
    let mut workers: Vec<Process> = WORKERS.iter().map(|name| work(name)).collect();
    let pool = K::open(address).await.expect("the database");
    let length = Duration::from_secs(if is_long() { 600 } else { 12 });
    let (began, mut frozen, mut happened) = (Instant::now(), None::<(usize, Instant)>, 0_u32);
    while began.elapsed() < length {
        tokio::time::sleep(Duration::from_millis(200 + rng.below(600))).await;
        if let Some((number, _)) = frozen.take_if(|(_, since)| since.elapsed() > STANDSTILL) {
            workers[number].thaw();
        }
        let number = usize::try_from(rng.below(WORKERS.len() as u64)).expect("an index");
        let event = events[usize::try_from(rng.below(events.len() as u64)).expect("an index")];
        happened += 1;
        match event {
            Event::Freeze if frozen.is_none() => {
                workers[number].freeze();
                frozen = Some((number, Instant::now()));
            }
            Event::Disconnect => disconnect(&pool).await,
            Event::Kill | Event::Freeze if frozen.is_none_or(|(other, _)| other != number) => {
                workers[number].kill();
                workers[number] = work(WORKERS[number]);
            }
            Event::Kill | Event::Freeze => {}
        }
    }
    if let Some((number, _)) = frozen {
        workers[number].thaw();
    }
    accepting.kill();
    let accepted = Accepted::read(&pool, &log).await;
    let missing = accepted.missing(&sink.log, &PATHS).await;
    assert!(
        missing.is_empty(),
        "{} deliveries never arrived: {missing:?}",
        missing.len()
    );
    each_has_ended_once(&pool, accepted.count() * PATHS.len()).await;
    drop(workers);
    let arrivals = arrivals(&sink.log);
    println!(
        "{}: {} messages, {happened} events; {} requests, {} of them again",
        K::KIND,
        accepted.count(),
        arrivals.len(),
        duplicates(&arrivals)
    );
    assert!(
        accepted.count() > 20,
        "only {} messages were accepted",
        accepted.count()
    );
    accepted.check(&arrivals);
    pool.close().await;
}

/// Ends the connections of everyone else, except the one that holds a snapshot.
async fn disconnect<K: Kind>(pool: &Pool<K>) {
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle in transaction'";
    let mut connection = pool.acquire().await.expect("a connection");
    K::number(&mut connection, end)
        .await
        .expect("they are ended");
}

/// Each delivery is in the history, as done, and nothing waits. What was recorded last may still be on its way.
async fn each_has_ended_once<K: Kind>(pool: &Pool<K>, deliveries: usize) {
    let count = async |question: &str| {
        let mut connection = pool.acquire().await.expect("a connection");
        K::number(&mut connection, question).await.expect("a count")
    };
    let since = Instant::now();
    while count("SELECT count(*) FROM webhooks_job WHERE queue = 'delivery'").await > 0 {
        assert!(
            since.elapsed() < Duration::from_mins(1),
            "deliveries wait that have arrived"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let at_least = i64::try_from(deliveries).expect("a few thousand");
    // A caller may have been killed between its commit and its line in the log.
    let done = "SELECT count(*) FROM webhooks_history WHERE queue = 'delivery' AND state = 3";
    assert!(count(done).await >= at_least);
    let others = "SELECT count(*) FROM webhooks_history WHERE queue = 'delivery' AND state <> 3";
    assert_eq!(count(others).await, 0, "every target answers with success");
}
