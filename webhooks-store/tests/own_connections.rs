//! Connections of the store's own: what is given up on one disturbs nothing, and one that is lost is replaced.

#![cfg(all(feature = "postgres", feature = "sqlite"))]
#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::task::{Context, Waker};

use sqlx::postgres::{PgConnection, PgPoolOptions};
use webhooks_store::conformance::Fixture;
use webhooks_store::{Database, Id, NewJob, Outcome, Postgres, Prefix, Store, Verdict};

fn id(number: u64) -> Id {
    Id::from_bytes(u128::from(number).to_be_bytes())
}

fn job(number: u64) -> NewJob {
    NewJob::new("work", id(number), "a lane")
}

/// A store whose connections have this name.
async fn named(fixture: &Fixture<Postgres>, name: &str) -> Store<Postgres> {
    let options = (*fixture.pool().connect_options()).clone();
    let pool = PgPoolOptions::new().max_connections(4);
    let pool = pool.connect_with(options.application_name(name)).await;
    Store::on(pool.unwrap()).open().await.unwrap()
}

async fn what_is_given_up_disturbs_nothing<D: Database>(store: &Store<D>) {
    for number in 1..20 {
        // A transaction, in the middle of it and between two statements.
        let mut transaction = store.begin_bookkeeping().await.unwrap();
        let first = store.enqueue_in(&mut transaction, vec![job(number)]);
        first.await.unwrap();
        {
            let second = store.enqueue_in(&mut transaction, vec![job(number + 1000)]);
            let mut second = std::pin::pin!(second);
            // It waits for the database, unless that was very fast.
            let _ = second
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
        }
        drop(transaction);
        // A read, in the middle of it.
        {
            let ids = [id(number)];
            let look = std::pin::pin!(store.look("work", &ids));
            let _ = look.poll(&mut Context::from_waker(Waker::noop()));
        }
        assert!(store.job(id(number)).await.unwrap().is_none());
        let found = store.look("work", &[id(number), id(number + 1000)]).await;
        assert!(found.unwrap().entries.is_empty(), "it was undone");
        let mut transaction = store.begin_bookkeeping().await.unwrap();
        let kept = store.enqueue_in(&mut transaction, vec![job(number + 2000)]);
        kept.await.unwrap();
        transaction.commit().await.unwrap();
        let found = store.look("work", &[id(number + 2000)]).await.unwrap();
        assert_eq!(found.entries.len(), 1);
    }
}

#[tokio::test]
async fn what_is_given_up_in_the_middle_disturbs_nothing_on_sqlite() {
    let fixture = Fixture::file().await;
    let store = Store::on(fixture.pool().clone()).open().await.unwrap();
    what_is_given_up_disturbs_nothing(&store).await;
    drop(store);
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_is_given_up_in_the_middle_disturbs_nothing_on_postgresql() {
    let fixture = Fixture::postgres().await;
    let store = named(&fixture, "gives up").await;
    what_is_given_up_disturbs_nothing(&store).await;
    store.pool().close().await;
    fixture.remove().await;
}

/// Four connections of the store's own have been opened and rest.
async fn use_four(store: &Store<Postgres>) {
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(store.begin_bookkeeping().await.unwrap());
    }
    for transaction in open {
        transaction.commit().await.unwrap();
    }
}

/// The server ends all connections with this name.
async fn cut_off(fixture: &Fixture<Postgres>, name: &str) {
    let cut =
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1";
    let cut = sqlx::query(cut).bind(name);
    cut.execute(fixture.pool()).await.unwrap();
}

/// What became of a job that is there: it is recorded by one statement.
async fn done(store: &Store<Postgres>, number: u64) -> Outcome {
    store.enqueue(vec![job(number)]).await.unwrap();
    let found = store.look("work", &[id(number)]).await.unwrap();
    found.entries[0].outcome(Verdict::Done)
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn where_every_connection_was_lost_one_statement_finds_out_and_not_each() {
    let fixture = Fixture::postgres().await;
    let store = named(&fixture, "is lost").await;
    let outcome = [done(&store, 1).await];
    use_four(&store).await;
    cut_off(&fixture, "is lost").await;
    let mut failures = 0;
    while let Err(error) = store.record(&outcome).await {
        assert!(error.is_disconnected(), "{error}");
        failures += 1;
        // What is found out about the one that failed is done meanwhile.
        drop(Store::on(fixture.pool().clone()).open().await.unwrap());
    }
    assert_eq!(failures, 1);
    assert!(
        store
            .job(id(1))
            .await
            .unwrap()
            .unwrap()
            .finished_at
            .is_some()
    );
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_transaction_begins_although_every_connection_was_lost() {
    let fixture = Fixture::postgres().await;
    let store = named(&fixture, "is cut off").await;
    use_four(&store).await;
    cut_off(&fixture, "is cut off").await;
    let mut transaction = store.begin_bookkeeping().await.unwrap();
    let enqueued = store.enqueue_in(&mut transaction, vec![job(1)]);
    enqueued.await.unwrap();
    transaction.commit().await.unwrap();
    assert!(store.job(id(1)).await.unwrap().is_some());
    store.pool().close().await;
    fixture.remove().await;
}

/// What happens to the connections of a server that is made a standby without being started anew, or whose pooler leads there.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_connection_on_which_nothing_can_be_written_any_more_is_replaced() {
    let fixture = Fixture::postgres().await;
    let store = named(&fixture, "is read-only").await;
    let mut transaction = store.begin_bookkeeping().await.unwrap();
    let read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    let set = sqlx::raw_sql(read_only).execute(&mut *transaction);
    set.await.unwrap();
    transaction.commit().await.unwrap();

    let mut transaction = store.begin_bookkeeping().await.unwrap();
    let refused = store.enqueue_in(&mut transaction, vec![job(1)]).await;
    assert!(refused.is_err_and(|error| error.is_read_only()));
    drop(transaction);
    writes_on_all_connections(&store).await;
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn so_is_one_on_which_a_single_statement_was_refused() {
    let fixture = Fixture::postgres().await;
    let store = named(&fixture, "refuses one").await;
    let outcome = [done(&store, 1).await];
    let mut transaction = store.begin_bookkeeping().await.unwrap();
    let read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    let set = sqlx::raw_sql(read_only).execute(&mut *transaction);
    set.await.unwrap();
    transaction.commit().await.unwrap();

    let refused = store.record(&outcome).await;
    assert!(refused.is_err_and(|error| error.is_read_only()));
    writes_on_all_connections(&store).await;
    store.record(&outcome).await.unwrap();
    store.pool().close().await;
    fixture.remove().await;
}

async fn writes_on_all_connections(store: &Store<Postgres>) {
    // More than one at a time, so that each connection that is kept is used.
    let mut open = Vec::new();
    for number in 2..6 {
        let mut transaction = store.begin_bookkeeping().await.unwrap();
        let enqueued = store.enqueue_in(&mut transaction, vec![job(number)]);
        enqueued.await.unwrap();
        open.push(transaction);
    }
    for transaction in open {
        transaction.commit().await.unwrap();
    }
}

const SETTINGS: &str = "SELECT concat_ws(' ', current_setting('enable_seqscan'), current_setting('enable_hashjoin'),
    current_setting('enable_mergejoin'), current_setting('enable_bitmapscan'), current_setting('jit'),
    current_setting('transaction_isolation'))";

async fn settings(connection: &mut PgConnection) -> String {
    let query = sqlx::query_scalar(SETTINGS).persistent(false);
    query.fetch_one(connection).await.unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL and PgBouncer: cargo xtask test"]
async fn what_the_planner_may_not_do_is_ruled_out_wherever_the_store_works() {
    let fixture = Fixture::postgres().await;
    let options = (*fixture.pool().connect_options()).clone();
    let strict = options.options([("default_transaction_isolation", "serializable")]);
    let pool = PgPoolOptions::new().max_connections(4);
    let store = Store::on(pool.connect_with(strict).await.unwrap()).open();
    // Nothing says that a pooler is there: it does not take the settings, so the store has no connections of its own.
    let pooled = Fixture::pgbouncer().await;
    let schema = format!("webhooks_own_{}", std::process::id());
    let prefix = Prefix::default().in_schema(&schema).unwrap();
    // What listens through a pooler would leave that to the next client.
    let unsaid = Store::on(pooled.pool().clone())
        .prefix(prefix)
        .without_listening()
        .open();
    for store in [store.await.unwrap(), unsaid.await.unwrap()] {
        let mut found = Vec::new();
        for reading in [store.worker_connection().await, store.connection().await] {
            found.push(settings(&mut reading.unwrap()).await);
        }
        for transaction in [store.begin().await, store.begin_bookkeeping().await] {
            found.push(settings(&mut transaction.unwrap()).await);
        }
        assert_eq!(found, ["off off off off off read committed"; 4]);
    }
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    let dropped = sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(pooled.pool());
    dropped.await.unwrap();
    pooled.remove().await;
    fixture.remove().await;
}
