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
async fn a_schema_that_is_named_is_made_once_and_one_that_is_missing_is_refused() {
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

/// A role of this test alone, with a password so that every way to log in takes it.
async fn role(fixture: &Fixture<Postgres>, name: &str) -> PgPool {
    let schema = schema(fixture).await;
    let sql = format!(
        "CREATE ROLE {name} LOGIN PASSWORD '{name}'; \
         GRANT USAGE ON SCHEMA {schema} TO {name}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    );
    run(fixture, sql).await;
    let options = (*fixture.pool().connect_options()).clone();
    let options = options.username(name).password(name);
    PgPoolOptions::new()
        .max_connections(2)
        .connect_with(options)
        .await
        .unwrap()
}

async fn run(fixture: &Fixture<Postgres>, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(fixture.pool())
        .await
        .unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_role_that_may_make_no_tables_works_on_those_that_are_there() {
    let fixture = Fixture::postgres().await;
    let owner = Store::on(fixture.pool().clone()).open().await.unwrap();
    owner.enqueue(vec![job(1)]).await.unwrap();
    let name = format!("{}_role", schema(&fixture).await);
    let pool = role(&fixture, &name).await;

    let denied = sqlx::raw_sql("CREATE TABLE made (id integer)")
        .execute(&pool)
        .await;
    let denied = denied.unwrap_err().into_database_error().unwrap();
    assert_eq!(denied.code().as_deref(), Some("42501"), "{denied}");

    let store = Store::on(pool.clone()).open().await.unwrap();
    store.enqueue(vec![job(2)]).await.unwrap();
    assert_eq!(store.counts("work").await.unwrap().ready, 2);
    assert_eq!(owner.counts("work").await.unwrap().ready, 2);

    // Where there are none, it says that it lacks the right, and leaves nothing behind.
    let other = Prefix::new("other_").unwrap();
    let error = Store::on(pool.clone()).prefix(other).open().await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("permission denied for schema"), "{error}");
    let left = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'other%'";
    let left: i64 = sqlx::query_scalar(left)
        .fetch_one(fixture.pool())
        .await
        .unwrap();
    assert_eq!(left, 0);

    drop(store);
    pool.close().await;
    run(&fixture, format!("DROP OWNED BY {name}; DROP ROLE {name}")).await;
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_database_in_latin1_holds_what_it_can_and_names_its_encoding_where_it_cannot() {
    let fixture = Fixture::postgres().await;
    let name = format!("{}_latin1", schema(&fixture).await);
    let create = format!("CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    run(&fixture, create).await;
    let options = (*fixture.pool().connect_options()).clone();
    let options = options.database(&name).options([("search_path", "public")]);
    let pool = PgPoolOptions::new()
        .max_connections(2)
        .connect_with(options)
        .await
        .unwrap();
    let store = Store::on(pool.clone()).open().await.unwrap();
    let queued =
        |queue: &'static str, number| NewJob::new(queue, Id::from_bytes([number; 16]), "lane");
    store.enqueue(vec![queued("straße", 1)]).await.unwrap();
    assert_eq!(store.counts("straße").await.unwrap().ready, 1);

    let error = store
        .enqueue(vec![queued("\u{1f600}", 2)])
        .await
        .unwrap_err();
    assert!(error.is_of_one(), "{error:?}");
    let text = error.error_chain().to_string();
    assert!(text.contains("encoding") && text.contains("UTF8"), "{text}");
    assert!(
        !text.contains("f0"),
        "it holds nothing of what was refused: {text}"
    );
    store.enqueue(vec![queued("straße", 3)]).await.unwrap();
    assert_eq!(store.counts("straße").await.unwrap().ready, 2);

    drop(store);
    pool.close().await;
    run(&fixture, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    fixture.remove().await;
}
