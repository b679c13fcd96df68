//! Where the tables of PostgreSQL are: in a schema that is named, whatever the `search_path` says.
#![cfg(feature = "postgres")]
#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use sqlx::postgres::{PgPool, PgPoolOptions};
use webhooks_store::conformance::Fixture;
use webhooks_store::{Error, Id, NewJob, Postgres, Prefix, Store};

fn job(number: u8) -> NewJob {
    NewJob::new("work", Id::from_bytes([number; 16]), "lane")
}

/// A pool whose connections look into these schemas.
async fn pool(fixture: &Fixture<Postgres>, setting: &str, value: &str) -> PgPool {
    let options = (*fixture.pool().connect_options()).clone();
    let options = options.options([(setting, value)]);
    PgPoolOptions::new()
        .max_connections(2)
        .connect_with(options)
        .await
        .unwrap()
}

async fn schema(fixture: &Fixture<Postgres>) -> String {
    let current = "SELECT current_schema()::text";
    sqlx::query_scalar(current)
        .fetch_one(fixture.pool())
        .await
        .unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn tables_are_found_when_a_schema_of_the_users_name_comes_into_being() {
    let fixture = Fixture::postgres().await;
    let first = Store::on(fixture.pool().clone()).open().await.unwrap();
    first.enqueue(vec![job(1)]).await.unwrap();
    let own = format!("{}_own", schema(&fixture).await);
    let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {own}"));
    sqlx::raw_sql(create).execute(fixture.pool()).await.unwrap();

    let path = format!("{own},{}", schema(&fixture).await);
    let again = Store::on(pool(&fixture, "search_path", &path).await)
        .open()
        .await
        .unwrap();
    assert_eq!(again.prefix().schema(), first.prefix().schema());
    assert_eq!(again.counts("work").await.unwrap().ready, 1);
    again.pool().close().await;
    let drop = sqlx::AssertSqlSafe(format!("DROP SCHEMA {own} CASCADE"));
    sqlx::raw_sql(drop).execute(fixture.pool()).await.unwrap();
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_transaction_under_another_search_path_writes_into_the_stores_tables() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(fixture.pool().clone()).open().await.unwrap();
    let mut transaction = fixture.pool().begin().await.unwrap();
    let tenant = "SET LOCAL search_path TO pg_catalog";
    sqlx::raw_sql(tenant)
        .execute(&mut *transaction)
        .await
        .unwrap();
    store
        .enqueue_in(&mut transaction, vec![job(1)])
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.counts("work").await.unwrap().ready, 1);
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_schema_is_made_once_and_used_by_a_role_without_rights_to_make_one() {
    let fixture = Fixture::postgres().await;
    let name = format!("{} \"odd\"", schema(&fixture).await);
    let prefix = Prefix::default().in_schema(&name).unwrap();
    for _ in 0..2 {
        let store = Store::on(fixture.pool().clone()).prefix(prefix.clone());
        let store = store.open().await.unwrap();
        assert_eq!(store.prefix().schema(), Some(name.clone()));
        store.counts("work").await.unwrap();
    }
    let quoted = name.replace('"', "\"\"");
    let drop = sqlx::AssertSqlSafe(format!("DROP SCHEMA \"{quoted}\" CASCADE"));
    sqlx::raw_sql(drop).execute(fixture.pool()).await.unwrap();
    let missing = Store::on(pool(&fixture, "search_path", "no_such_schema").await);
    let error = missing.open().await.unwrap_err();
    assert!(matches!(error, Error::Schema { .. }), "{error}");
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_server_that_confirms_what_it_has_not_flushed_is_refused() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(pool(&fixture, "synchronous_commit", "off").await);
    let error = store.open().await.unwrap_err().to_string();
    assert!(error.contains("synchronous_commit = off"), "{error}");
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_stores_own_transactions_are_read_committed_whatever_the_default() {
    let fixture = Fixture::postgres().await;
    let pool = pool(&fixture, "default_transaction_isolation", "serializable").await;
    let store = Store::on(pool).open().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let level = "SHOW transaction_isolation";
    let level: String = sqlx::query_scalar(level)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(level, "read committed");
    transaction.rollback().await.unwrap();
    store.pool().close().await;
    fixture.remove().await;
}
