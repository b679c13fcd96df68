//! No transaction is open while a request is made: a receiver that takes its time holds up no other writer, and no
//! vacuum.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use sqlx::{Pool, Postgres, Sqlite};
use webhooks_sender::Subscription;
use webhooks_sender::transport::{Answer, AnswerFuture, Transport};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{Happening, How, OWNER, happened, sender};

/// Names our connections to PostgreSQL, where other tests have theirs.
const NAME: &str = "no_transaction_during_a_request";

/// Looks for open transactions whenever it is to send something.
struct Observer<K: Kind> {
    pool: Pool<K>,
    requests: Arc<AtomicU32>,
}

impl<K: Kind> Transport for Observer<K> {
    fn send(&self, _: Request<Bytes>) -> AnswerFuture<'_> {
        Box::pin(async move {
            self.requests.fetch_add(1, Ordering::Relaxed);
            assert_no_transaction(&self.pool).await;
            Ok(Answer {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            })
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(5)
    }
}

async fn assert_no_transaction<K: Kind>(pool: &Pool<K>) {
    let mut connection = pool.acquire().await.expect("a connection");
    if K::ONE_WRITES {
        // This pool waits for no lock: an open transaction that has written would refuse it.
        let written = K::run(&mut connection, "BEGIN IMMEDIATE; ROLLBACK").await;
        written.expect("no other transaction is open");
    } else {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE application_name = '{NAME}' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        );
        // Other duties have short transactions of their own; one of the request's would stay open as long as it does.
        for _ in 0..100 {
            if K::number(&mut connection, &sql).await.expect("a count") == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("a transaction is open");
    }
}

async fn check<K: Kind>(address: &str) {
    let pool = K::open(address).await.expect("a pool");
    let requests = Arc::new(AtomicU32::new(0));
    let observer = Observer {
        pool: K::open_impatient(address).await.expect("a pool"),
        requests: requests.clone(),
    };
    let sender = sender(pool)
        .transport(observer)
        .without_engine()
        .start()
        .await;
    let sender = sender.expect("a sender");
    let wanted = Subscription::new(OWNER, "http://127.0.0.1:8080/a").event("something.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    for number in 0..3 {
        let happening = Happening {
            number: number.to_string(),
            how: How::Sent,
        };
        sender.send(OWNER, happened(happening)).await.expect("sent");
        sender.deliver().await.expect("delivered");
    }
    assert_eq!(requests.load(Ordering::Relaxed), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_transaction_is_open_during_a_request_on_sqlite() {
    let place = Sqlite::place().await;
    check::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn no_transaction_is_open_during_a_request_on_postgres() {
    let place = Postgres::place().await;
    check::<Postgres>(&format!("{}&application_name={NAME}", place.address)).await;
}

#[tokio::test]
async fn an_open_transaction_is_noticed() {
    let place = Sqlite::place().await;
    let pool = Sqlite::open(&place.address).await.expect("a pool");
    let open = Sqlite::begin_to_write(&pool).await.expect("a transaction");
    let impatient = Sqlite::open_impatient(&place.address)
        .await
        .expect("a pool");
    let found = tokio::spawn(async move { assert_no_transaction(&impatient).await }).await;
    assert!(found.is_err_and(|error| error.is_panic()));
    drop(open);
}
