//! Three processes work, and everything happens to them that happens to processes: they are killed, stand still for longer
//! than their lease and go on, lose their connections, their server restarts, and an old snapshot is held all the while. Every
//! message arrives, each delivery ends once, none is left; in each lane one process sends at a time, and in order.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sqlx::{Pool, Postgres, Sqlite};
use webhooks_tests::database::{Kind, schema};
use webhooks_tests::process::Process;
use webhooks_tests::{mode::is_long, rng::Rng};
use webhooks_tests_postgres::{Programs, Server};

use crate::arrivals::{Accepted, arrivals, duplicates};
use crate::exclusive::{Thaws, conduct};
use crate::process::{Sink, start, subscribe_as};

const PATHS: [&str; 4] = ["/a", "/b", "/fifo/a", "/fifo/b"];
const WORKERS: usize = 3;
const LEASE_MS: &str = "2000";
/// Longer than the lease.
const STANDSTILL: Duration = Duration::from_secs(3);
/// A server that restarts makes everyone wait: no oftener.
const BETWEEN_RESTARTS: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_in_chaos_lose_nothing_and_keep_the_order_on_sqlite() {
    let place = Sqlite::place().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut play = Play::<Sqlite>::begin(&place.address, folder.path()).await;
    play.go_on(&[Event::Kill, Event::Freeze], None).await;
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn three_processes_in_chaos_lose_nothing_and_keep_the_order_on_postgres() {
    let programs = Programs::find().expect("`cargo xtask test` installs PostgreSQL");
    let mut server = Server::start(&programs).expect("a server of the test's own");
    let place = schema(&server.url()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut play = Play::<Postgres>::begin(&place.address, folder.path()).await;
    let events = [
        Event::Kill,
        Event::Freeze,
        Event::Disconnect,
        Event::Restart,
    ];
    play.go_on(&events, Some(&mut server)).await;
    play.end().await;
}

/// What happens to a process, or to all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Kill,
    Freeze,
    /// The server ends the connections of all.
    Disconnect,
    /// The server crashes and comes back.
    Restart,
}

struct Worker {
    name: String,
    process: Process,
    frozen_since: Option<Instant>,
}

struct Play<'p, K: Kind> {
    address: &'p str,
    folder: &'p Path,
    rng: Rng,
    sink: Sink,
    accepting: Process,
    workers: Vec<Worker>,
    pool: Pool<K>,
    /// How many workers there have been: each has a name of its own.
    started: usize,
    thaws: Thaws,
    happened: [u32; 4],
}

impl<'p, K: Kind> Play<'p, K> {
    async fn begin(address: &'p str, folder: &'p Path) -> Self {
        let rng = Rng::from_environment();
        let sink = Sink::unreliable(folder);
        subscribe_as::<K>(address, &sink.url, &PATHS, |path, wanted| {
            if is_fifo(path) {
                wanted.first_in_first_out()
            } else {
                wanted
            }
        })
        .await;
        let log = folder.join("accepted.log");
        let arguments = [
            "accept-in-order",
            K::KIND,
            address,
            &log.to_string_lossy(),
            "0",
        ];
        let mut play = Self {
            address,
            folder,
            rng,
            sink,
            accepting: start(&arguments),
            workers: Vec::new(),
            pool: K::open(address).await.expect("the database"),
            started: 0,
            thaws: Thaws::new(),
            happened: [0; 4],
        };
        for _ in 0..WORKERS {
            let worker = play.worker();
            play.workers.push(worker);
        }
        play
    }

    fn worker(&mut self) -> Worker {
        self.started += 1;
        let name = format!("worker-{}", self.started);
        Worker {
            process: start(&["work", K::KIND, self.address, &name, LEASE_MS]),
            name,
            frozen_since: None,
        }
    }

    async fn go_on(&mut self, events: &[Event], mut server: Option<&mut Server>) {
        let length = Duration::from_secs(if is_long() { 600 } else { 20 });
        let (began, mut restarted) = (Instant::now(), Instant::now());
        let mut held = self.hold_a_snapshot().await;
        while began.elapsed() < length {
            tokio::time::sleep(Duration::from_millis(200 + self.rng.below(600))).await;
            self.thaw(STANDSTILL);
            if server.is_some() {
                self.revive();
            }
            let number = usize::try_from(self.rng.below(WORKERS as u64)).expect("an index");
            let event = *self.rng.one_of(events);
            match (event, &mut server) {
                (Event::Freeze, _) => self.freeze(number),
                (Event::Kill, _) => self.kill(number),
                (Event::Disconnect, _) => disconnect(&self.pool).await,
                (Event::Restart, Some(server)) if restarted.elapsed() > BETWEEN_RESTARTS => {
                    drop(held.take());
                    server.crash_and_restart().expect("PostgreSQL comes back");
                    held = self.hold_a_snapshot().await;
                    restarted = Instant::now();
                }
                (Event::Restart, _) => continue,
            }
            self.happened[event as usize] += 1;
        }
        self.thaw(Duration::ZERO);
    }

    /// One at a time stands still: two that do not answer leave one that has everything.
    fn freeze(&mut self, number: usize) {
        if self
            .workers
            .iter()
            .all(|worker| worker.frozen_since.is_none())
        {
            self.workers[number].process.freeze();
            self.workers[number].frozen_since = Some(Instant::now());
        }
    }

    fn thaw(&mut self, after: Duration) {
        for worker in &mut self.workers {
            if worker
                .frozen_since
                .take_if(|since| since.elapsed() >= after)
                .is_some()
            {
                let at = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .expect("after 1970");
                let at_ms = u64::try_from(at.as_millis()).expect("milliseconds");
                self.thaws.push((worker.name.clone(), at_ms));
                worker.process.thaw();
            }
        }
    }

    fn kill(&mut self, number: usize) {
        self.workers[number].process.kill();
        self.workers[number] = self.worker();
    }

    /// One that was just starting has had no database to start with.
    fn revive(&mut self) {
        for number in 0..WORKERS {
            if self.workers[number].process.has_ended() {
                self.workers[number] = self.worker();
            }
        }
    }

    /// On PostgreSQL; on SQLite there is no connection that could be kept.
    async fn hold_a_snapshot(&self) -> Option<sqlx::pool::PoolConnection<K>> {
        if K::ONE_WRITES {
            return None;
        }
        let snapshot =
            "BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TEMPORARY TABLE held (id int)";
        // The pool may have connections of a server that is gone.
        for _ in 0..20 {
            if let Ok(mut held) = self.pool.acquire().await
                && K::run(&mut held, snapshot).await.is_ok()
            {
                held.close_on_drop();
                return Some(held);
            }
        }
        panic!("no connection to the server");
    }

    async fn end(mut self) {
        self.accepting.kill();
        let accepted = Accepted::read(&self.pool, &self.folder.join("accepted.log")).await;
        let missing = accepted.missing(&self.sink.log, &PATHS).await;
        assert!(
            missing.is_empty(),
            "{} deliveries never arrived: {missing:?}",
            missing.len()
        );
        each_has_ended_once(&self.pool, accepted.count() * PATHS.len()).await;
        drop(self.workers);
        let arrivals = arrivals(&self.sink.log);
        let found = conduct(&arrivals, &self.thaws, is_fifo);
        let [kills, freezes, disconnects, restarts] = self.happened;
        println!(
            "{}: {} messages, {} requests, {} delivered again; {kills} kills, {freezes} standstills, {disconnects} times \
             all disconnected, {restarts} restarts of the server; {} overlaps and {} overtakings, and {} by processes that \
             had just stood still",
            K::KIND,
            accepted.count(),
            arrivals.len(),
            duplicates(&arrivals),
            found.overlaps.len(),
            found.overtakings.len(),
            found.stale,
        );
        assert!(
            accepted.count() > 20,
            "only {} messages were accepted",
            accepted.count()
        );
        accepted.check(&arrivals);
        assert!(found.overlaps.is_empty(), "{}", found.overlaps.join("\n"));
        assert!(
            found.overtakings.is_empty(),
            "{}",
            found.overtakings.join("\n")
        );
        self.pool.close().await;
    }
}

fn is_fifo(path: &str) -> bool {
    path.starts_with("/fifo/")
}

/// Ends the connections of everyone else, except the one that holds a snapshot.
async fn disconnect<K: Kind>(pool: &Pool<K>) {
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle in transaction'";
    // The own connection may be one of a server that is gone.
    if let Ok(mut connection) = pool.acquire().await {
        let _ = K::number(&mut connection, end).await;
    }
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
