//! The outbox: what is committed is sent, what is rolled back never was.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use webhooks_sender::database::SqlValue;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

pub(crate) async fn pool(folder: &tempfile::TempDir) -> sqlx::SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("app.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10));
    SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .expect("a pool")
}

#[tokio::test]
async fn rolled_back_is_never_sent_and_committed_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pool, transport) = (
        pool(&folder).await,
        std::sync::Arc::new(TestTransport::default()),
    );
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");

    let mut tx = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    sender
        .send_in(&mut tx, "acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let several = (3..6).map(|number| payment_created(payment(number)));
    assert_eq!(
        sender
            .send_many_in(&mut tx, "acct_1", several)
            .await
            .expect("sent")
            .len(),
        3
    );
    tx.rollback().await.expect("rolled back");
    assert_eq!(sender.deliver().await.expect("delivered"), 0);

    let mut tx = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    let sent = sender
        .send_in(&mut tx, "acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    tx.commit().await.expect("committed");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    assert_eq!(
        transport.requests()[0].header("webhook-id"),
        Some(sent.id.as_str())
    );
}

#[tokio::test]
async fn a_transaction_of_the_senders_is_one_of_the_application_and_waits_for_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder).await;
    let sender = Sender::new(pool.clone()).webhooks(bare()).without_engine();
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");

    let mut first = sender.begin().await.expect("a transaction");
    sqlx::query("CREATE TABLE payment (id INTEGER)")
        .execute(&mut *first)
        .await
        .expect("created");
    let mut second = Box::pin(sender.begin());
    let early = tokio::time::timeout(Duration::from_millis(20), &mut second).await;
    assert!(early.is_err(), "one writer at a time");
    sender
        .send_in(&mut first, "acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    first.commit().await.expect("committed");
    let mut second = second.await.expect("its turn");
    sqlx::query("INSERT INTO payment VALUES (2)")
        .execute(&mut *second)
        .await
        .expect("inserted");
    sender
        .send_in(&mut second, "acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    drop(second);
    let payments = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM payment")
        .fetch_one(&pool)
        .await;
    let counts = sender.operator().queue_stats().await.expect("counts");
    assert_eq!(
        (payments.expect("a count"), counts.ready),
        (0, 1),
        "dropped is rolled back"
    );
}

#[tokio::test]
async fn an_exhausted_pool_holds_up_nobody_who_needs_no_connection_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder).await;
    let sender = Sender::new(pool.clone()).webhooks(bare()).without_engine();
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let mut busy = Vec::new();
    for _ in 0..4 {
        busy.push(pool.acquire().await.expect("a connection"));
    }
    let mut waiting = Box::pin(sender.begin());
    let early = tokio::time::timeout(Duration::from_millis(20), &mut waiting).await;
    assert!(early.is_err(), "the pool is exhausted");
    let sent = sender.send("acct_1", payment_created(payment(1)));
    tokio::time::timeout(Duration::from_secs(5), sent)
        .await
        .expect("immediately")
        .expect("sent");
    busy.clear();
    waiting
        .await
        .expect("a connection")
        .rollback()
        .await
        .expect("rolled back");
}

#[tokio::test]
async fn a_grace_without_end_keeps_the_old_secret_and_an_event_of_no_year_is_refused() {
    let sender = Sender::testing()
        .webhooks(crate::webhooks::enveloped())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender
        .operator()
        .rotate(&id, Duration::MAX)
        .await
        .expect("rotated");
    sender.turn(Duration::from_hours(24 * 365 * 100));
    sender.deliver().await.expect("delivered");
    let requests = sender.requests();
    let signatures = requests[0]
        .header("webhook-signature")
        .expect("signed")
        .split(' ')
        .count();
    assert_eq!(
        (requests.len(), signatures),
        (1, 2),
        "the old one never ends"
    );

    let far = std::time::UNIX_EPOCH + Duration::from_secs(1 << 40);
    let error = sender
        .send("acct_1", payment_created(payment(1)).happened_at(far))
        .await
        .expect_err("too far");
    assert!(matches!(error, Error::Time) && error.is_input(), "{error}");
}

#[tokio::test]
async fn after_the_shutdown_nothing_is_accepted_by_whatever_way_it_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder).await;
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .without_engine()
        .start()
        .await
        .expect("a sender");
    sender.shut_down().await;
    let mut tx = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    let message = || payment_created(payment(1));
    let answers = [
        sender.send_in(&mut tx, "acct_1", message()).await.err(),
        sender.send("acct_1", message()).await.err(),
        sender.send_many("acct_1", [message()]).await.err(),
        sender.outbox_sql("acct_1", message()).err(),
    ];
    for error in answers {
        let error = error.expect("refused");
        assert!(
            matches!(error, Error::ShutDown) && !error.is_input(),
            "{error:?}"
        );
        assert_eq!(
            error.to_string(),
            "the sender has been shut down and accepts nothing more"
        );
    }
}

#[tokio::test]
async fn many_are_sent_together_and_a_time_can_be_set() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let many = sender
        .send_many(
            "acct_1",
            (0..300).map(|number| payment_created(payment(number))),
        )
        .await;
    assert_eq!(many.expect("sent").len(), 300);
    let later =
        Outbound::new(card_declined(payment(1))).send_at(sender.now() + Duration::from_mins(1));
    sender.send("acct_1", later).await.expect("sent");
    assert_eq!(sender.deliver().await.expect("delivered"), 300);
    sender.turn(Duration::from_secs(61));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn many_subscriptions_are_fanned_out_by_the_engine_each_once() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for number in 0..1100 {
        let pattern = ["*", "payment.*", "payment.created"][number % 3];
        let wanted =
            Subscription::new("acct_1", format!("https://example.com/{number}")).event(pattern);
        let wanted = wanted.event("payment.created");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(sent.deliveries, None, "they are not counted");
    assert_eq!(sender.deliver().await.expect("delivered"), 1100);
    let mut targets: Vec<_> = sender
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    targets.sort_unstable();
    targets.dedup();
    assert_eq!(targets.len(), 1100);
}

#[tokio::test]
async fn another_driver_sends_with_sql_and_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pool, transport) = (
        pool(&folder).await,
        std::sync::Arc::new(TestTransport::default()),
    );
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");

    let insert = sender
        .outbox_sql("acct_1", payment_created(payment(1)))
        .expect("SQL");
    let mut tx = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    for statement in insert.statements {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.text));
        for value in statement.values {
            query = match value {
                SqlValue::Int(value) => query.bind(value),
                SqlValue::Text(value) => query.bind(value),
                SqlValue::Bytes(value) => query.bind(value),
            };
        }
        query
            .execute(&mut *tx)
            .await
            .expect("the statement fits the tables");
    }
    tx.commit().await.expect("committed");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    assert_eq!(
        transport.requests()[0].header("webhook-id"),
        Some(insert.sent.id.as_str())
    );
}
