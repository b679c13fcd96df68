//! An application's pool with one connection: the sender needs none of it for its own work.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::timeout;
use webhooks_sender::database::Database;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Sender, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const PATIENCE: Duration = Duration::from_secs(30);

/// A sender with its engine, over the application's pool of one.
async fn started<D: Database>(pool: sqlx::Pool<D>) -> (Sender<D>, std::sync::Arc<TestTransport>) {
    let transport = std::sync::Arc::new(TestTransport::default());
    let sender = Sender::new(pool)
        .webhooks(bare())
        .transport(std::sync::Arc::clone(&transport))
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    let operator = sender.operator();
    operator.subscribe(wanted).await.expect("a subscription");
    (sender, transport)
}

async fn delivered(transport: &TestTransport, count: usize) {
    let waiting = async {
        while transport.requests().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = timeout(PATIENCE, waiting).await;
    waited.unwrap_or_else(|_| panic!("{count} requests"));
}

#[tokio::test]
async fn a_pool_of_one_works_and_a_send_that_its_own_transaction_keeps_waiting_names_send_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("app.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(2));
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .expect("a pool");
    let (sender, transport) = started(pool.clone()).await;
    let sent = sender.send("acct_1", payment_created(payment(1))).await;
    sent.expect("sent");
    delivered(&transport, 1).await;

    let mut open = pool.begin_with("BEGIN IMMEDIATE").await.expect("open");
    let outside = sender.send("acct_1", payment_created(payment(2)));
    let outside = timeout(PATIENCE, outside).await.expect("it does not hang");
    let error = outside.expect_err("the lock is the caller's own");
    let database = match &error {
        webhooks_sender::Error::Store(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(database.is_busy(), "{error:?}");
    assert!(
        database.to_string().contains("in that transaction"),
        "{database}"
    );
    sender
        .send_in(&mut open, "acct_1", payment_created(payment(3)))
        .await
        .expect("as it says");
    open.commit().await.expect("committed");
    delivered(&transport, 2).await;
    sender.shut_down().await;
    assert_eq!(transport.requests().len(), 2, "nothing lost or doubled");
}

#[cfg(feature = "postgres")]
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_pool_of_one_works_on_postgres_also_with_an_open_transaction() {
    crate::postgres::with_schema("pool_of_one", |shared| async move {
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(2))
            .connect_with((*shared.connect_options()).clone())
            .await
            .expect("a pool");
        let (sender, transport) = started(pool.clone()).await;
        let mut open = pool.begin().await.expect("open");
        let outside = sender.send("acct_1", payment_created(payment(1)));
        let outside = timeout(PATIENCE, outside).await.expect("no wait");
        outside.expect("it needs no connection of the pool");
        delivered(&transport, 1).await;
        sender
            .send_in(&mut open, "acct_1", payment_created(payment(2)))
            .await
            .expect("sent");
        // Another transaction of the application's waits, and the error names the pool.
        let busy = sender
            .begin()
            .await
            .map(|_| ())
            .expect_err("the only one is taken");
        assert!(busy.to_string().contains("the pool"), "{busy}");
        open.commit().await.expect("committed");
        delivered(&transport, 2).await;
        sender.shut_down().await;
        assert_eq!(transport.requests().len(), 2, "nothing lost or doubled");
        pool.close().await;
    })
    .await;
}
