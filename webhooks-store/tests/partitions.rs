//! PostgreSQL: the history lies in a partition for each day, which is made before it is needed and dropped whole.

#![cfg(feature = "postgres")]
#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::time::Duration;

use webhooks_store::conformance::Fixture;
use webhooks_store::lanes::Recorded;
use webhooks_store::{Attempt, Id, NewJob, Postgres, PruneMark, Retention, Store, Verdict};

const DAY: Duration = Duration::from_hours(24);
const MONTH: Retention = Retention {
    history: Duration::from_hours(30 * 24),
    attempts: Duration::from_hours(30 * 24),
    answers: Duration::from_hours(7 * 24),
};

/// On 15 January 2027, as the fixture's clock says.
async fn open(fixture: &Fixture<Postgres>) -> Store<Postgres> {
    Store::on(fixture.pool().clone())
        .clock(fixture.clock().clone())
        .open()
        .await
        .unwrap()
}

/// The days that have a partition, and `default`.
async fn partitions(store: &Store<Postgres>, table: &str) -> Vec<String> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT child.relname::text FROM pg_inherits AS i JOIN pg_class AS child ON child.oid = i.inhrelid
         WHERE i.inhparent = to_regclass($1) ORDER BY 1",
    )
    .bind(format!("webhooks_{table}"))
    .fetch_all(store.pool())
    .await
    .unwrap();
    let own = format!("webhooks_{table}_");
    names
        .iter()
        .map(|name| name.strip_prefix(&own).unwrap().to_owned())
        .collect()
}

/// Finishes a job that is made now, and says in which partitions its rows lie.
async fn finish(store: &Store<Postgres>) -> Vec<String> {
    let now = store.clock().now();
    let id = Id::at(now, [7; 10]);
    store
        .enqueue(vec![NewJob::new("work", id, "a")])
        .await
        .unwrap();
    let job = store.look("work", &[id]).await.unwrap().entries.remove(0);
    let attempt = Attempt::new(now, Duration::ZERO).status(204).answer("ok");
    let outcome = job.tried(Verdict::Done, attempt);
    assert_eq!(store.record(&[outcome]).await.unwrap(), [Recorded::Ended]);
    sqlx::query_scalar(
        "SELECT tableoid::regclass::text FROM webhooks_history
         UNION ALL SELECT tableoid::regclass::text FROM webhooks_answer ORDER BY 1",
    )
    .fetch_all(store.pool())
    .await
    .unwrap()
}

async fn prune(store: &Store<Postgres>) {
    let mut mark = PruneMark::default();
    while store.prune(&MONTH, &mut mark, 100).await.unwrap() {}
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_day_has_its_partition_before_it_begins_and_goes_whole() {
    let fixture = Fixture::postgres().await;
    let store = open(&fixture).await;
    for table in ["history", "attempt", "answer"] {
        let days = ["20270115", "20270116", "20270117", "default"];
        assert_eq!(partitions(&store, table).await, days);
    }
    let places = finish(&store).await;
    assert_eq!(
        places,
        ["webhooks_answer_20270115", "webhooks_history_20270115"]
    );
    // A program that did not run for a while makes good what it missed.
    store.clock().advance(5 * DAY);
    prune(&store).await;
    let days = partitions(&store, "history").await;
    assert_eq!(days.len(), 9, "{days:?}");
    assert_eq!(days[7], "20270122");
    // Answers go first.
    store.clock().advance(3 * DAY);
    prune(&store).await;
    assert_eq!(partitions(&store, "answer").await[0], "20270116");
    assert_eq!(partitions(&store, "history").await[0], "20270115");
    store.clock().advance(23 * DAY);
    prune(&store).await;
    assert_eq!(partitions(&store, "history").await[0], "20270116");
    assert_eq!(partitions(&store, "attempt").await[0], "20270116");
    drop(store);
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_partition_that_a_transaction_has_read_is_dropped_later() {
    let fixture = Fixture::postgres().await;
    let store = open(&fixture).await;
    finish(&store).await;
    let mut reading = fixture.pool().begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM webhooks_history")
        .execute(&mut *reading)
        .await
        .unwrap();
    store.clock().advance(31 * DAY + DAY / 2);
    // It neither waits nor fails, and what could not be dropped is not deleted row by row either.
    prune(&store).await;
    assert_eq!(partitions(&store, "history").await[0], "20270115");
    assert_eq!(
        store
            .finished("work", &"a".into(), None, None, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    reading.rollback().await.unwrap();
    prune(&store).await;
    assert_ne!(partitions(&store, "history").await[0], "20270115");
    assert_eq!(
        store
            .finished("work", &"a".into(), None, None, 9)
            .await
            .unwrap()
            .len(),
        0
    );
    drop(store);
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_day_whose_partition_has_to_wait_is_not_left_behind_a_later_one() {
    let fixture = Fixture::postgres().await;
    let store = open(&fixture).await;
    sqlx::raw_sql("DROP TABLE webhooks_history_20270116, webhooks_history_20270117")
        .execute(store.pool())
        .await
        .unwrap();
    // Another one who makes a table of that name waits until this ends.
    let mut other = fixture.pool().begin().await.unwrap();
    sqlx::raw_sql("CREATE TABLE webhooks_history_20270116 (a int)")
        .execute(&mut *other)
        .await
        .unwrap();
    prune(&store).await;
    assert_eq!(partitions(&store, "history").await, ["20270115", "default"]);
    other.rollback().await.unwrap();
    for _ in 0..100 {
        prune(&store).await;
        if partitions(&store, "history").await.len() == 4 {
            break;
        }
    }
    let days = partitions(&store, "history").await;
    assert_eq!(days, ["20270115", "20270116", "20270117", "default"]);
    drop(store);
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn without_its_days_partition_a_job_is_kept_and_pruned_in_the_default_one() {
    let fixture = Fixture::postgres().await;
    let store = open(&fixture).await;
    sqlx::raw_sql("DROP TABLE webhooks_history_20270115, webhooks_history_20270116, webhooks_history_20270117")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(finish(&store).await[1], "webhooks_history_default");
    // The server refuses to make the partition of a day that the default one has rows of; the next ones are made. One
    // that waits too long for its lock, on a busy machine, is made by a later round.
    for _ in 0..100 {
        prune(&store).await;
        if partitions(&store, "history").await.len() == 3 {
            break;
        }
    }
    let days = partitions(&store, "history").await;
    assert_eq!(days, ["20270116", "20270117", "default"]);
    store.clock().advance(20 * DAY);
    prune(&store).await;
    assert_eq!(
        store
            .finished("work", &"a".into(), None, None, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    store.clock().advance(12 * DAY);
    prune(&store).await;
    assert_eq!(
        store
            .finished("work", &"a".into(), None, None, 9)
            .await
            .unwrap()
            .len(),
        0
    );
    drop(store);
    fixture.remove().await;
}

/// As many programs as there are do it; one is enough.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn programs_that_make_partitions_concurrently_do_not_fail() {
    let fixture = Fixture::postgres().await;
    let store = open(&fixture).await;
    store.clock().advance(10 * DAY);
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { prune(&store).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    prune(&store).await;
    assert!(
        partitions(&store, "answer")
            .await
            .contains(&"20270127".to_owned())
    );
    drop(store);
    fixture.remove().await;
}
