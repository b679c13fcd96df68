//! The sender behind PgBouncer in transaction mode: accepted in one process, delivered in another.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use webhooks_sender::database::Prefix;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Outbound, Postgres, Sender, SenderBuilder, SubscriptionRequest};

use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

fn named(variable: &str) -> PgConnectOptions {
    let url = std::env::var(variable);
    let url =
        url.unwrap_or_else(|_| panic!("{variable} names the database; `cargo xtask test` sets it"));
    url.parse().expect("the URL of a database")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_is_sent_behind_a_pooler_is_delivered_by_another_process() {
    let schema = format!("sender_pooler_{}", std::process::id());
    let pool = PgPoolOptions::new().max_connections(8);
    let pool = pool
        .connect_with(named("WEBHOOKS_PGBOUNCER_URL"))
        .await
        .expect("PgBouncer");
    let start = || -> SenderBuilder<Postgres> {
        let prefix = Prefix::default().in_schema(&schema).expect("a name");
        let sender = Sender::new(pool.clone()).webhooks(bare()).prefix(prefix);
        sender
            .behind_pooler()
            .listen_on(named("WEBHOOKS_POSTGRES_URL"))
    };
    let api = start().without_engine().start().await.expect("an API");
    let transport = Arc::new(TestTransport::default());
    let worker = start()
        .transport(Arc::clone(&transport))
        .start()
        .await
        .expect("a worker");
    transport.answer(TestAnswer::status(503));

    let account = api.of("acct_1");
    let request = SubscriptionRequest::new(TARGET).event("payment.*");
    account.subscribe(request).await.expect("a subscription");
    let mut tx = pool.begin().await.expect("a transaction");
    for number in 0..20 {
        let message = Outbound::new(payment_created(payment(number)));
        let message = message.idempotency_key(format!("payment {number}"));
        api.send_in(&mut tx, "acct_1", message).await.expect("sent");
    }
    tx.commit().await.expect("committed");
    let delivered = DeliveryFilter::new().state(DeliveryState::Delivered);
    let all = async {
        while account
            .deliveries(&delivered, 100)
            .await
            .expect("deliveries")
            .items
            .len()
            < 20
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_mins(1), all).await;
    waited.expect("all are delivered, the one that failed with its second attempt");
    assert_eq!(transport.requests().len(), 21);
    worker.shut_down().await;
    api.shut_down().await;

    let admin = PgPool::connect_with(named("WEBHOOKS_POSTGRES_URL"))
        .await
        .expect("a connection");
    let drop = sqlx::AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"));
    sqlx::raw_sql(drop).execute(&admin).await.expect("dropped");
}
