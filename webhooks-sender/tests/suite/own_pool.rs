//! The testing kit on the application's own pool: one application, written once, tested on both databases.

use std::time::Duration;

use sqlx::{Pool, SqlitePool};
use webhooks_sender::database::Database;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Error, Sender, SubscriptionRequest};

use crate::webhooks::{Payment, bare, payment, payment_created};

const ONE: &str = "https://one.example.com/";
const TWO: &str = "https://two.example.com/";

/// What is tested: an application with its own pool, table and transaction.
struct App<D: Database> {
    pool: Pool<D>,
    sender: Sender<D>,
}

impl<D: Database> App<D>
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    async fn pay(&self, id: u64, is_kept: bool) {
        let mut tx = self.pool.begin().await.expect("a transaction");
        // Numbers of the test, written by it.
        let insert = sqlx::AssertSqlSafe(format!("INSERT INTO paid (id) VALUES ({id})"));
        sqlx::raw_sql(insert)
            .execute(&mut *tx)
            .await
            .expect("inserted");
        self.sender
            .send_in(&mut tx, "acct_1", payment_created(payment(id)))
            .await
            .expect("sent");
        let ended = if is_kept {
            tx.commit().await
        } else {
            tx.rollback().await
        };
        ended.expect("ended");
    }
}

fn ids<D: Database>(sender: &TestSender<D>, target: &str) -> Vec<u64> {
    let requests = sender.requests_to(target).into_iter();
    requests
        .map(|request| request.data::<Payment>().id)
        .collect()
}

/// The whole test of an application.
pub(crate) async fn test<D: Database>(pool: Pool<D>)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    sqlx::raw_sql("CREATE TABLE paid (id INTEGER)")
        .execute(&mut *pool.acquire().await.expect("a connection"))
        .await
        .expect("the application's own table");
    let sender = Sender::new(pool.clone()).webhooks(bare()).testing();
    let sender = sender.start().await.expect("a sender");
    for target in [ONE, TWO] {
        let request = SubscriptionRequest::new(target).event("payment.*");
        sender
            .of("acct_1")
            .subscribe(request)
            .await
            .expect("a subscription");
    }
    let app = App {
        pool: pool.clone(),
        sender: sender.sender(),
    };
    for id in 0..20 {
        app.pay(id, id != 7).await;
    }
    sender.answer(TestAnswer::status(503));
    assert_eq!(sender.deliver().await.expect("delivered"), 38);
    let kept: Vec<u64> = (0..20).filter(|id| *id != 7).collect();
    let both: Vec<u64> = sender
        .requests()
        .iter()
        .map(|request| request.data::<Payment>().id)
        .collect();
    assert!(
        both.is_sorted(),
        "in the order of the messages over both targets: {both:?}"
    );
    assert_eq!((ids(&sender, ONE), ids(&sender, TWO)), (kept.clone(), kept));

    sender.take_requests();
    assert_eq!(
        sender
            .pass(Duration::from_secs(4))
            .await
            .expect("time passes"),
        0
    );
    assert_eq!(
        sender
            .pass(Duration::from_secs(1))
            .await
            .expect("time passes"),
        1,
        "without jitter, in 5 s"
    );
    assert_eq!(sender.requests()[0].data::<Payment>().id, 0);

    // A second sender of the same tests on the same database, as the next run of the tests has it.
    let again = Sender::new(pool)
        .webhooks(bare())
        .testing()
        .start()
        .await
        .expect("a sender");
    let request = SubscriptionRequest::new(ONE).event("payment.*");
    again
        .of("acct_2")
        .subscribe(request)
        .await
        .expect("another id");
    again
        .send("acct_2", payment_created(payment(99)))
        .await
        .expect("sent");
    again.deliver().await.expect("delivered");
    assert_eq!(ids(&again, ONE), [99]);
}

#[tokio::test]
async fn the_kit_tests_an_application_on_its_own_sqlite_file() {
    let folder = tempfile::tempdir().expect("a folder");
    test(crate::outbox::pool(&folder).await).await;
}

#[tokio::test]
async fn the_kit_tests_an_application_on_sqlite_in_memory() {
    test(
        SqlitePool::connect("sqlite::memory:")
            .await
            .expect("a pool"),
    )
    .await;
}

#[tokio::test]
async fn the_kit_tests_an_application_on_a_pool_that_a_framework_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("app.db").display()
    );
    let pool = SqlitePool::connect(&url).await.expect("a pool");
    let refused = Sender::new(pool.clone())
        .testing()
        .start()
        .await
        .expect_err("no write-ahead log");
    assert!(
        refused.to_string().contains("SqliteJournalMode::Wal"),
        "{refused}"
    );
    sqlx::raw_sql("PRAGMA journal_mode = WAL")
        .execute(&pool)
        .await
        .expect("a log");
    test(pool).await;
}

/// What stands in a terminal when the tables are not where the application's transaction looks for them.
pub(crate) async fn no_table<D: Database>(sender: &Sender<D>, pool: &Pool<D>, words: &str) {
    let mut tx = pool.begin().await.expect("a transaction");
    let error = sender
        .send_in(&mut tx, "acct_1", payment_created(payment(1)))
        .await
        .expect_err("no tables");
    assert!(matches!(error, Error::Store(_)), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.to_string().contains("has it been started"), "{error}");
}

#[tokio::test]
async fn a_table_that_is_missing_is_named_on_sqlite() {
    let folders = [0; 2].map(|_| tempfile::tempdir().expect("a folder"));
    let [started_on, other] = [&folders[0], &folders[1]].map(crate::outbox::pool);
    let sender = Sender::new(started_on.await).webhooks(bare()).testing();
    let sender = sender.start().await.expect("a sender");
    no_table(&sender, &other.await, "no such table: webhooks_patterns").await;
}
