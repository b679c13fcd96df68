//! The database fails for a while: no space, a lock that another process holds, lost connections. Callers learn which,
//! nothing is half-written, and the engine goes on by itself when the database does.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Pool, Postgres, Sqlite};
use tokio::task::JoinHandle;
use webhooks_sender::transport::{Answer, AnswerFuture, Transport};
use webhooks_sender::{Error, Sender, Subscription};
use webhooks_tests::database::{Kind, sqlite};
use webhooks_tests::fixture_event::{Happening, How, OWNER, happened, sender};

use crate::process;

const TARGETS: [&str; 2] = ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b"];
/// So that what could not be recorded is made again within the test.
const LEASE: Duration = Duration::from_secs(2);

/// Takes every request and keeps its id.
#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<HashMap<String, u32>>>);

impl Transport for Receiver {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        let id = request.headers()["webhook-id"]
            .to_str()
            .expect("an id is ASCII")
            .to_owned();
        *self.0.lock().expect("not poisoned").entry(id).or_default() += 1;
        let answer = Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        Box::pin(async move { Ok(answer) })
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(500)
    }
}

impl Receiver {
    /// Waits until each of these has come at least once to each target.
    async fn wait_for(&self, ids: &HashSet<String>) {
        let start = Instant::now();
        loop {
            let missing: Vec<_> = {
                let arrived = self.0.lock().expect("not poisoned");
                ids.iter()
                    .filter(|id| arrived.get(*id).is_none_or(|count| *count < 2))
                    .cloned()
                    .collect()
            };
            if missing.is_empty() {
                return;
            }
            assert!(
                start.elapsed() < Duration::from_secs(40),
                "{} never came: {missing:?}",
                missing.len()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn start<K: Kind>(pool: &Pool<K>) -> (Sender<K>, Receiver) {
    let receiver = Receiver::default();
    let sender = sender(pool.clone())
        .transport(receiver.clone())
        .lease(LEASE)
        .start()
        .await;
    let sender = sender.expect("a sender");
    for target in TARGETS {
        let wanted = Subscription::new(OWNER, target).event("something.*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    (sender, receiver)
}

/// A kilobyte.
fn happening(how: How) -> Happening {
    Happening {
        number: "7".repeat(1000),
        how,
    }
}

async fn run<K: Kind>(pool: &Pool<K>, sql: &str) {
    K::run(&mut pool.acquire().await.expect("a connection"), sql)
        .await
        .expect(sql);
}

/// Exactly the accepted messages are kept, each with all of its deliveries.
async fn assert_whole<K: Kind>(pool: &Pool<K>, accepted: usize) {
    let mut connection = pool.acquire().await.expect("a connection");
    let messages = K::number(&mut connection, "SELECT count(*) FROM webhooks_messages")
        .await
        .expect("a count");
    assert_eq!(
        messages,
        i64::try_from(accepted).expect("a few"),
        "what was refused left nothing"
    );
    assert_no_halves::<K>(&mut connection).await;
}

async fn assert_no_halves<K: Kind>(connection: &mut K::Connection) {
    let halves = "SELECT count(*) FROM webhooks_messages AS m WHERE 2 <>
                      (SELECT count(*) FROM webhooks_job AS j WHERE j.reference = m.id)
                    + (SELECT count(*) FROM webhooks_history AS f WHERE f.reference = m.id)";
    assert_eq!(
        K::number(connection, halves).await.expect("a count"),
        0,
        "each message has its two deliveries"
    );
}

fn store_error(error: &Error) -> &webhooks_store::Error {
    match error {
        Error::Store(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_leaves_nothing_half_written_and_ends_when_there_is_room() {
    let place = Sqlite::place().await;
    // A megabyte for everything, of which another table has the half.
    let options = sqlite(&place.address).pragma("max_page_count", "300");
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .expect("a database");
    run(
        &pool,
        "CREATE TABLE ballast (x BLOB); INSERT INTO ballast VALUES (zeroblob(500000))",
    )
    .await;
    let (sender, receiver) = start(&pool).await;

    let mut accepted = HashSet::new();
    let error = loop {
        match sender.send(OWNER, happened(happening(How::Sent))).await {
            Ok(sent) => _ = accepted.insert(sent.id.to_string()),
            Err(error) => break error,
        }
        assert!(accepted.len() < 2000, "a megabyte never holds that");
    };
    assert!(store_error(&error).is_full(), "{error:?}");
    assert_eq!(error.to_string(), "the database has no space left");
    let mut transaction = Sqlite::begin_to_write(&pool).await.expect("it begins");
    let messages = (0..50).map(|_| happening(How::InTransaction));
    let mut refused = None;
    for message in messages {
        refused = refused.or(sender
            .send_in(&mut transaction, OWNER, happened(message))
            .await
            .err());
    }
    assert!(
        refused.is_some_and(|error| store_error(&error).is_full()),
        "in a transaction too"
    );
    transaction.rollback().await.expect("rolled back");
    assert_whole(&pool, accepted.len()).await;

    run(&pool, "DELETE FROM ballast").await;
    let sent = sender
        .send(OWNER, happened(happening(How::Sent)))
        .await
        .expect("there is room again");
    accepted.insert(sent.id.to_string());
    receiver.wait_for(&accepted).await;
    assert_whole(&pool, accepted.len()).await;
    sender.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_another_process_sits_on_is_told_and_waited_out() {
    let place = Sqlite::place().await;
    let options = sqlite(&place.address).busy_timeout(Duration::from_secs(2));
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .expect("a database");
    let (sender, receiver) = start(&pool).await;
    let first = sender
        .send(OWNER, happened(happening(How::Sent)))
        .await
        .expect("sent");
    let mut accepted = HashSet::from([first.id.to_string()]);

    let mut other = process::start(&["lock", &place.address]);
    other.line_with("locked");
    let wanted = Subscription::new(OWNER, "http://127.0.0.1:8080/c").event("something.*");
    let many = (0..3).map(|_| happened(happening(How::Sent)));
    let operator = sender.operator();
    let (one, several, subscribed) = tokio::join!(
        sender.send(OWNER, happened(happening(How::Sent))),
        sender.send_many(OWNER, many),
        operator.subscribe(wanted),
    );
    for error in [
        one.expect_err("locked"),
        several.expect_err("locked"),
        subscribed.expect_err("locked"),
    ] {
        assert!(store_error(&error).is_busy(), "{error:?}");
    }
    // Who only reads is not kept waiting.
    sender.operator().queue_stats().await.expect("counts");
    other.kill();

    let sent = sender
        .send(OWNER, happened(happening(How::Sent)))
        .await
        .expect("the lock is free again");
    accepted.insert(sent.id.to_string());
    receiver.wait_for(&accepted).await;
    assert_whole(&pool, accepted.len()).await;
    sender.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn connections_that_are_cut_in_the_middle_are_told_and_lose_nothing_that_was_accepted() {
    let place = Postgres::place().await;
    let admin = Postgres::open(&place.address).await.expect("a database");
    run(&admin, "CREATE TABLE ledger (id text NOT NULL)").await;
    let options: PgConnectOptions = place.address.parse().expect("the URL of a database");
    let name = format!("cut-{}", std::process::id());
    let options = options.application_name(&name);
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await
        .expect("the database");
    let (sender, receiver) = start(&pool).await;

    let callers: Vec<_> = (0..4)
        .map(|_| tokio::spawn(keep_sending(pool.clone(), sender.clone())))
        .collect();
    let cut = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{name}'"
    );
    let mut connection = admin.acquire().await.expect("a connection");
    let mut cuts = 0;
    while !callers.iter().all(JoinHandle::is_finished) {
        cuts += Postgres::number(&mut connection, &cut).await.expect("cut");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let (mut accepted, mut refused) = (HashSet::new(), 0);
    for caller in callers {
        let (ids, errors) = caller
            .await
            .expect("every error is one of a lost connection");
        accepted.extend(ids);
        refused += errors;
    }
    let committed = Postgres::texts(&mut connection, "SELECT id FROM ledger")
        .await
        .expect("the ledger");
    println!(
        "{} sent, {} committed, {refused} refused; {cuts} connections cut",
        accepted.len(),
        committed.len()
    );
    assert!(refused > 0 && !committed.is_empty() && !accepted.is_empty());
    accepted.extend(committed);
    receiver.wait_for(&accepted).await;
    assert_no_halves::<Postgres>(&mut connection).await;
    sender.shut_down().await;
    drop(connection);
    admin.close().await;
    pool.close().await;
}

/// Sends alone and in transactions, and goes on after an error; the ids whose `send` returned, and the errors.
async fn keep_sending(pool: Pool<Postgres>, sender: Sender<Postgres>) -> (Vec<String>, u32) {
    let (mut ids, mut errors) = (Vec::new(), 0);
    for _ in 0..150 {
        match sender.send(OWNER, happened(happening(How::Sent))).await {
            Ok(sent) => ids.push(sent.id.to_string()),
            Err(error) => {
                assert!(store_error(&error).is_disconnected(), "{error:?}");
                errors += 1;
            }
        }
        if send_in_transaction(&pool, &sender).await.is_err() {
            errors += 1;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (ids, errors)
}

async fn send_in_transaction(
    pool: &Pool<Postgres>,
    sender: &Sender<Postgres>,
) -> Result<(), sqlx::Error> {
    let mut transaction = Postgres::begin_to_write(pool).await?;
    let sent = match sender
        .send_in(
            &mut transaction,
            OWNER,
            happened(happening(How::InTransaction)),
        )
        .await
    {
        Ok(sent) => sent,
        Err(error) => {
            assert!(store_error(&error).is_disconnected(), "{error:?}");
            return Err(sqlx::Error::WorkerCrashed);
        }
    };
    Postgres::run(
        &mut transaction,
        &format!("INSERT INTO ledger VALUES ('{}')", sent.id),
    )
    .await?;
    transaction.commit().await
}
