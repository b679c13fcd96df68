//! The story on PostgreSQL, and what several workers do there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use webhooks_sender::database::Prefix;
use webhooks_sender::id::MessageId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::webhooks::{bare, payment, payment_created};

/// A schema of its own, gone at the end.
pub(crate) async fn with_schema<F: Future<Output = ()>>(
    name: &str,
    test: impl FnOnce(PgPool) -> F,
) {
    let url =
        std::env::var("WEBHOOKS_POSTGRES_URL").expect("WEBHOOKS_POSTGRES_URL names the database");
    let options: PgConnectOptions = url.parse().expect("the URL of a database");
    let schema = format!("sender_{name}_{}", std::process::id());
    let admin = PgPool::connect_with(options.clone())
        .await
        .expect("a connection");
    let run = async |sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&admin)
            .await
            .expect("executed")
    };
    run(format!("CREATE SCHEMA {schema}")).await;
    let options = options.options([("search_path", schema.as_str())]);
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await
        .expect("a pool");
    test(pool.clone()).await;
    pool.close().await;
    run(format!("DROP SCHEMA {schema} CASCADE")).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_story_on_postgres() {
    with_schema(
        "story",
        |pool| async move { crate::story::play(pool).await },
    )
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_kit_tests_an_application_on_postgres() {
    with_schema("own_pool", |pool| async move {
        crate::own_pool::test(pool).await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_table_that_is_missing_is_named_on_postgres() {
    with_schema("missing", |pool| async move {
        let sender = Sender::new(pool.clone()).webhooks(bare()).testing();
        let sender = sender.start().await.expect("a sender");
        sqlx::raw_sql("DROP TABLE webhooks_patterns")
            .execute(&pool)
            .await
            .expect("dropped");
        crate::own_pool::no_table(&sender, &pool, "webhooks_patterns\" does not exist").await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn clocks_on_postgres() {
    with_schema("clocks", |pool| async move {
        let prefix = |number: u8| Prefix::new(&format!("turned{number}_")).expect("a prefix");
        crate::clocks::turn(|number| Sender::new(pool.clone()).prefix(prefix(number))).await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn retention_on_postgres() {
    with_schema("retention", |pool| async move {
        crate::retention::forget(Sender::new(pool)).await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn queries_on_postgres() {
    with_schema("queries", |pool| async move {
        crate::queries::look(Sender::new(pool)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn processes_that_start_at_once_agree_on_the_static_subscriptions() {
    with_schema("starts", |pool| async move {
        crate::static_subscriptions::start_at_once(|| Sender::new(pool.clone())).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_text_that_postgres_cannot_hold_is_refused_before_it_and_fails_nobody_else() {
    with_schema("poison", |pool| async move {
        let sender = Sender::new(pool)
            .webhooks(bare())
            .without_engine()
            .start()
            .await
            .expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
        let sends = (0..60).map(|number| {
            let message = Outbound::new(payment_created(payment(number)));
            let message = if number == 30 {
                message.idempotency_key("a\0b")
            } else {
                message
            };
            let sender = sender.clone();
            tokio::spawn(async move { sender.send("acct_1", message).await })
        });
        let sends: Vec<_> = sends.collect();
        for (number, send) in sends.into_iter().enumerate() {
            let sent = send.await.expect("no panic");
            match number {
                30 => assert!(matches!(sent, Err(Error::Outbound(_))), "{sent:?}"),
                _ => _ = sent.expect("innocent"),
            }
        }
        let nul = Subscription::new("acct_1", "https://example.com/")
            .event("*")
            .description("x\0y");
        sender
            .operator()
            .subscribe(nul)
            .await
            .expect("JSON says it in ASCII");
        assert!(matches!(
            sender.send("a\0", payment_created(payment(1))).await,
            Err(Error::Owner)
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn every_secret_that_a_rotation_returned_signs() {
    with_schema("rotations", |pool| async move {
        let transport = Arc::new(TestTransport::default());
        let sender = Sender::new(pool)
            .webhooks(bare())
            .transport(transport.clone())
            .without_engine();
        let sender = sender.start().await.expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        let id = sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription")
            .id;
        let rotations: Vec<_> = (0..6)
            .map(|_| {
                let (sender, id) = (sender.clone(), id.clone());
                tokio::spawn(
                    async move { sender.operator().rotate(&id, Duration::from_hours(1)).await },
                )
            })
            .collect();
        for rotation in rotations {
            rotation.await.expect("no panic").expect("rotated");
        }
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        let requests = transport.requests();
        let signatures = requests[0]
            .header("webhook-signature")
            .expect("signed")
            .split(' ')
            .count();
        assert_eq!(
            signatures, 7,
            "the first secret and those of six rotations at the same time"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn four_workers_share_the_work_and_send_nothing_twice() {
    with_schema("workers", |pool| async move {
        let transport = Arc::new(TestTransport::default());
        let start = || {
            Sender::new(pool.clone())
                .webhooks(bare())
                .transport(transport.clone())
        };
        let accepting = start().without_engine().start().await.expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        accepting
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
        let mut workers = Vec::new();
        for _ in 0..4 {
            workers.push(start().start().await.expect("a worker"));
        }
        for number in 0..10 {
            let messages = (0..100).map(|one| payment_created(payment(number * 100 + one)));
            accepting.send_many("acct_1", messages).await.expect("sent");
        }
        for _ in 0..400 {
            let stats = accepting.operator().queue_stats().await.expect("counts");
            if (stats.ready, stats.scheduled, stats.sending) == (0, 0, 0) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for worker in workers {
            worker.shut_down().await;
        }
        let mut times: HashMap<String, u32> = HashMap::new();
        for request in transport.requests() {
            *times
                .entry(request.header("webhook-id").expect("an id").to_owned())
                .or_default() += 1;
        }
        assert_eq!(times.len(), 1000);
        assert!(
            times.values().all(|count| *count == 1),
            "a lease keeps other workers away"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn an_owner_whose_targets_hang_holds_up_no_other_on_postgres() {
    with_schema("slow", |pool| async move {
        crate::isolation::slow_owner(Sender::new(pool)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_target_that_another_process_exchanged_is_sent_to_on_postgres() {
    with_schema("exchanged", |pool| async move {
        crate::isolation::exchanged_target(|| Sender::new(pool.clone())).await;
    })
    .await;
}

/// Waits until so many deliveries of these messages have been recorded as delivered.
async fn all_delivered(sender: &Sender<webhooks_sender::Postgres>, messages: &[MessageId]) {
    let all = async {
        for message in messages {
            loop {
                let filter = DeliveryFilter::new().message(message.clone());
                let page = sender.operator().deliveries(&filter, 1).await;
                let delivery = page.expect("deliveries").items.remove(0);
                if delivery.state == DeliveryState::Delivered {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), all).await;
    waited.expect("the deliveries are recorded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn an_open_change_of_a_subscription_that_fails_keeps_no_outcome_from_being_recorded() {
    with_schema("open_change", |pool| async move {
        let transport = Arc::new(TestTransport::default());
        let sender = Sender::new(pool.clone())
            .webhooks(bare())
            .transport(Arc::clone(&transport))
            .start()
            .await
            .expect("a sender");
        let failing = Subscription::new("bad", "https://bad.example.com/hook").event("*");
        transport.answer_at("https://bad.example.com/hook", TestAnswer::status(500));
        let id = sender
            .operator()
            .subscribe(failing.clone())
            .await
            .expect("a subscription")
            .id;
        let healthy = Subscription::new("good", "https://good.example.com/hook").event("*");
        sender
            .operator()
            .subscribe(healthy)
            .await
            .expect("a subscription");
        let mut open = pool.begin().await.expect("a transaction");
        sender
            .operator()
            .change_in(&mut open, &id, failing)
            .await
            .expect("changed");
        sender
            .send("bad", payment_created(payment(0)))
            .await
            .expect("sent");
        let mut sent = Vec::new();
        for number in 0..50 {
            let message = payment_created(payment(number));
            sent.push(sender.send("good", message).await.expect("sent").id);
        }
        all_delivered(&sender, &sent).await;
        open.commit().await.expect("committed");
        sender.shut_down().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn outcomes_are_kept_while_the_database_takes_no_writes_and_nothing_is_sent_meanwhile() {
    with_schema("read_only", |pool| async move {
        let run = async |sql: &'static str| {
            sqlx::raw_sql(sql).execute(&pool).await.expect("executed");
        };
        let transport = Arc::new(TestTransport::default());
        let sender = Sender::new(pool.clone())
            .webhooks(bare())
            .transport(Arc::clone(&transport))
            .start()
            .await
            .expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        sender.operator().subscribe(wanted).await.expect("a subscription");
        // A number that is taken is not given back with the transaction: so many times it was tried.
        run("CREATE SEQUENCE tried; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM nextval('tried');
             RAISE EXCEPTION 'cannot execute DELETE in a read-only transaction' USING ERRCODE = '25006'; END $$;
             CREATE TRIGGER refuse BEFORE DELETE ON webhooks_job FOR EACH STATEMENT EXECUTE FUNCTION refuse()")
        .await;
        let mut sent = Vec::new();
        for number in 0..20 {
            let message = payment_created(payment(number));
            sent.push(sender.send("acct_1", message).await.expect("sent").id);
        }
        let tried = async || {
            let count = sqlx::query_scalar::<_, i64>("SELECT last_value FROM tried");
            count.fetch_one(&pool).await.expect("a number")
        };
        while tried().await < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Since the first failure nothing new is begun.
        let made = transport.requests().len();
        for number in 20..40 {
            let message = payment_created(payment(number));
            sent.push(sender.send("acct_1", message).await.expect("sent").id);
        }
        let enough = tried().await + 5;
        while tried().await < enough {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(transport.requests().len(), made);
        run("DROP TRIGGER refuse ON webhooks_job").await;
        all_delivered(&sender, &sent).await;
        assert_eq!(transport.requests().len(), 40, "no request was made twice");
        sender.shut_down().await;
    })
    .await;
}
