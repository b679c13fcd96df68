//! What goes wrong with one delivery, or for a moment in the database, costs that delivery or that moment.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use sqlx::SqlitePool;
use tokio::time::timeout;
use webhooks_sender::database::Clock;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, MessageFilter};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestRequest, TestTransport};
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Sender, Sqlite, Subscription};

use crate::webhooks::{bare, payment, payment_created};

async fn run(pool: &SqlitePool, sql: String) {
    let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
    sql.execute(pool).await.expect("executed");
}

async fn subscribe(sender: &Sender<Sqlite>, owner: &str) -> String {
    let target = format!("https://{owner}.example.com/hook");
    let wanted = Subscription::new(owner, target.clone()).event("*");
    let subscribed = sender.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    target
}

async fn send(sender: &Sender<Sqlite>, owner: &str, count: u64) {
    for number in 0..count {
        let sent = sender.send(owner, payment_created(payment(number))).await;
        sent.expect("sent");
    }
}

async fn ended(sender: &Sender<Sqlite>, owner: &str, state: DeliveryState, count: usize) {
    let filter = DeliveryFilter::of(MessageFilter::new().owner(owner)).state(state);
    let all = async {
        loop {
            let page = sender.operator().deliveries(&filter, 100).await;
            if page.expect("a page").items.len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = timeout(Duration::from_secs(40), all).await;
    waited.unwrap_or_else(|_| panic!("{count} of {owner} are {state}"));
}

fn at(transport: &TestTransport, target: &str) -> usize {
    let requests = transport.requests();
    let is_there = |request: &&TestRequest| request.target == target;
    requests.iter().filter(is_there).count()
}

/// A row that the database always refuses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_that_cannot_be_recorded_keeps_no_other_from_being_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let transport = Arc::new(TestTransport::default());
    let sender = Sender::new(pool.clone()).webhooks(bare());
    let sender = sender.transport(Arc::clone(&transport)).start();
    let sender = sender.await.expect("a sender");
    let [bad, _] = [
        subscribe(&sender, "bad").await,
        subscribe(&sender, "good").await,
    ];
    let lane = "SELECT id FROM webhooks_subscriptions WHERE owner = 'bad'";
    run(
        &pool,
        format!(
            "CREATE TRIGGER refuse BEFORE INSERT ON webhooks_history WHEN NEW.lane = ({lane})
             BEGIN SELECT RAISE(ABORT, 'of the test'); END"
        ),
    )
    .await;
    send(&sender, "bad", 1).await;
    send(&sender, "good", 60).await;
    ended(&sender, "good", DeliveryState::Delivered, 60).await;
    assert_eq!(
        transport.requests().len() - at(&transport, &bad),
        60,
        "each once"
    );
    sender.shut_down().await;
    // Nothing is lost: a process that can record it makes the request again.
    run(&pool, "DROP TRIGGER refuse".to_owned()).await;
    let again = Sender::new(pool).webhooks(bare()).transport(transport);
    let again = again.start().await.expect("a sender");
    ended(&again, "bad", DeliveryState::Delivered, 1).await;
    again.shut_down().await;
}

/// What a full disk does at COMMIT, made to happen each time; then there is room again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_transaction_that_sqlite_undid_by_itself_everything_goes_on_and_arrives_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let transport = Arc::new(TestTransport::default());
    let sender = Sender::new(pool.clone()).webhooks(bare());
    let sender = sender.transport(Arc::clone(&transport)).start();
    let sender = sender.await.expect("a sender");
    subscribe(&sender, "acct_1").await;
    send(&sender, "acct_1", 5).await;
    for table in ["messages", "subscriptions", "job"] {
        let undo = "BEGIN SELECT RAISE(ROLLBACK, 'of the test'); END";
        run(
            &pool,
            format!("CREATE TRIGGER undo_{table} BEFORE INSERT ON webhooks_{table} {undo}"),
        )
        .await;
        for _ in 0..3 {
            if table == "subscriptions" {
                let wanted = Subscription::new("acct_2", "https://example.com/hook").event("*");
                let refused = sender.operator().subscribe(wanted).await;
                refused.expect_err("it is undone");
            } else {
                let refused = sender.send("acct_1", payment_created(payment(0))).await;
                refused.expect_err("it is undone");
                let mut tx = sender.begin().await.expect("a transaction");
                let refused = sender.send_in(&mut tx, "acct_1", payment_created(payment(0)));
                refused.await.expect_err("it is undone");
            }
        }
        run(&pool, format!("DROP TRIGGER undo_{table}")).await;
        send(&sender, "acct_1", 5).await;
        subscribe(&sender, "acct_2").await;
    }
    ended(&sender, "acct_1", DeliveryState::Delivered, 20).await;
    assert_eq!(transport.requests().len(), 20, "each once");
    sender.shut_down().await;
}

/// The application's code: it panics for one host.
struct Panicking(Arc<TestTransport>);

impl Transport for Panicking {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        assert!(
            request.uri().host() != Some("bad.example.com"),
            "of the test"
        );
        self.0.send(request)
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transport_that_panics_uses_up_the_tries_of_that_delivery_and_hurts_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let transport = Arc::new(TestTransport::default());
    let sender = Sender::open(folder.path().join("w.db")).webhooks(bare());
    let sender = sender.retries(RetrySchedule::new([Duration::ZERO, Duration::ZERO]));
    let sender = sender.transport(Panicking(Arc::clone(&transport))).start();
    let sender = sender.await.expect("a sender");
    for owner in ["bad", "good"] {
        subscribe(&sender, owner).await;
    }
    send(&sender, "bad", 2).await;
    send(&sender, "good", 20).await;
    ended(&sender, "bad", DeliveryState::Failed, 2).await;
    ended(&sender, "good", DeliveryState::Delivered, 20).await;
    let failed = DeliveryFilter::new().state(DeliveryState::Failed);
    let page = sender.operator().deliveries(&failed, 10).await;
    for delivery in page.expect("a page").items {
        assert_eq!(delivery.attempts, 3);
        let last = delivery.last_attempt.expect("an attempt");
        assert_eq!(last.error.as_deref(), Some("panic"));
    }
    let engine = sender.operator().engine_health().expect("an engine");
    assert!(
        engine
            .duties
            .iter()
            .all(|duty| duty.is_running && duty.restarts == 0)
    );
    sender.shut_down().await;
    assert_eq!(sender.operator().engine_health(), None);
}

/// Written by a later version, or damaged: the message must not be lost without a word.
#[tokio::test]
async fn a_page_of_a_fan_out_that_cannot_be_read_is_left_and_done_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let clock = Clock::fixed_at(Duration::from_hours(500_000));
    let transport = Arc::new(TestTransport::default());
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .clock(clock.clone());
    let sender = sender
        .transport(Arc::clone(&transport))
        .fan_out_inline(1)
        .without_engine();
    let sender = sender.start().await.expect("a sender");
    for owner in ["bad", "bad", "good", "good"] {
        subscribe(&sender, owner).await;
    }
    send(&sender, "bad", 1).await;
    let is_page = "queue = 'fan-out'";
    run(
        &pool,
        format!("CREATE TABLE kept AS SELECT data FROM webhooks_job WHERE {is_page}"),
    )
    .await;
    let later = r#"'{"owner":"bad","shape":2}'"#;
    run(
        &pool,
        format!("UPDATE webhooks_job SET data = CAST({later} AS BLOB) WHERE {is_page}"),
    )
    .await;
    send(&sender, "good", 1).await;
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        2,
        "another owner's"
    );
    let restored =
        format!("UPDATE webhooks_job SET data = (SELECT data FROM kept) WHERE {is_page}");
    run(&pool, restored).await;
    clock.advance(Duration::from_mins(1));
    assert_eq!(sender.deliver().await.expect("delivered"), 2);
}
