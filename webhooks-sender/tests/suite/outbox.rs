//! The outbox: what is committed is sent, what is rolled back never was.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use webhooks_sender::database::SqlValue;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Outbound, Owner, Sender, Subscription};

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
        .expect("at once")
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
async fn an_owner_sees_no_other_owners_messages_and_everyone_sees_a_broadcast() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(
            owner,
            format!("https://{}.example.com/", owner.replace('_', "-")),
        )
        .event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    sender.assert_sent("payment.created", "https://acct-1.example.com/", 1);
    sender.assert_sent("payment.created", "https://acct-2.example.com/", 0);
    sender
        .send(Owner::everyone(), card_declined(payment(2)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    for target in ["https://acct-1.example.com/", "https://acct-2.example.com/"] {
        sender.assert_sent("payment.card.declined", target, 1);
    }
}

#[tokio::test]
async fn an_idempotency_key_sends_once_per_owner() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(owner, "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    let keyed =
        |number| Outbound::new(payment_created(payment(number))).idempotency_key("order-17");
    let first = sender.send("acct_1", keyed(1)).await.expect("sent");
    let again = sender.send("acct_1", keyed(2)).await.expect("answered");
    let other = sender.send("acct_2", keyed(3)).await.expect("sent");
    assert_eq!((&again.id, again.repeated), (&first.id, true));
    assert_eq!((first.deliveries, again.deliveries), (Some(1), Some(0)));
    assert!(!first.repeated && !other.repeated);
    assert_eq!(sender.deliver().await.expect("delivered"), 2);
}

#[tokio::test]
async fn a_key_of_another_event_is_an_error_and_fails_nobody_elses_send() {
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
    let first = Outbound::new(payment_created(payment(1))).idempotency_key("order-17");
    sender.send("acct_1", first).await.expect("sent");

    let sends = (0..40).map(|number| {
        let message = Outbound::new(card_declined(payment(number)));
        let message = if number == 20 {
            message.idempotency_key("order-17")
        } else {
            message
        };
        let sender = Sender::clone(&sender);
        tokio::spawn(async move { sender.send("acct_1", message).await })
    });
    let sends: Vec<_> = sends.collect();
    for (number, send) in sends.into_iter().enumerate() {
        let sent = send.await.expect("no panic");
        if number == 20 {
            let error = sent.expect_err("the key is taken");
            assert!(
                matches!(&error, Error::KeyReused { first } if first == "payment.created"),
                "{error}"
            );
            assert!(error.is_input());
        } else {
            sent.expect("innocent");
        }
    }
    let reused = Outbound::new(card_declined(payment(1))).idempotency_key("order-17");
    let many = [Outbound::new(card_declined(payment(2))), reused];
    assert!(matches!(
        sender.send_many("acct_1", many).await,
        Err(Error::KeyReused { .. })
    ));
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        40,
        "of several with a taken key none is sent"
    );
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
        "nobody lives to see the old one end"
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
    assert_eq!(sent.deliveries, None, "nobody has counted them");
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
async fn an_owner_that_may_not_see_an_event_does_not_get_it() {
    let sender = Sender::testing().webhooks(bare());
    let sender = sender.set(|builder| {
        builder.visible(|owner, event| owner != "acct_1" || event != "payment.created")
    });
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("accepted");
    sender
        .send("acct_1", card_declined(payment(2)))
        .await
        .expect("sent");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn a_broadcast_asks_for_each_owner_and_each_attempt_asks_again() {
    let allowed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (rule, order) = (
        std::sync::Arc::clone(&allowed),
        std::sync::atomic::Ordering::SeqCst,
    );
    let sender = Sender::testing().webhooks(bare());
    let sender = sender
        .set(|builder| builder.visible(move |owner, _| owner == "acct_1" && rule.load(order)));
    let sender = sender.start().await.expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(
            owner,
            format!("https://{}.example.com/", owner.replace('_', "-")),
        );
        sender
            .operator()
            .subscribe(wanted.event("*"))
            .await
            .expect("a subscription");
    }
    let sent = sender
        .send(Owner::everyone(), card_declined(payment(1)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(500));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.assert_sent("payment.card.declined", "https://acct-1.example.com/", 1);
    allowed.store(false, order);
    assert_eq!(
        sender
            .pass(Duration::from_hours(1))
            .await
            .expect("time passes"),
        0
    );
    let deliveries = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.state == DeliveryState::Cancelled)
    );
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
