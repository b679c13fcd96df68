//! Both databases under one trait, so that what a sender promises is written once and held on each.

use std::any::Any;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Pool, Postgres, Row, Sqlite, Transaction};
use webhooks_sender::database::Database;

/// What the tests do with a database in addition to the sender.
pub trait Kind: Database {
    /// The argument that names it to a process.
    const KIND: &'static str;

    /// Whether one transaction writes at a time, in the whole database.
    const ONE_WRITES: bool;

    /// An empty database of one's own.
    fn place() -> impl Future<Output = Place> + Send;

    /// Opens a database with the settings that the README asks for.
    fn open(address: &str) -> impl Future<Output = Result<Pool<Self>, sqlx::Error>> + Send;

    /// As [`open`](Self::open), but no statement waits for a lock.
    fn open_impatient(
        address: &str,
    ) -> impl Future<Output = Result<Pool<Self>, sqlx::Error>> + Send;

    /// A transaction that may write, as the README begins it.
    fn begin_to_write(
        pool: &Pool<Self>,
    ) -> impl Future<Output = Result<Transaction<'static, Self>, sqlx::Error>> + Send;

    /// Runs SQL that the test has written itself; how many rows it changed.
    fn run(
        connection: &mut Self::Connection,
        sql: &str,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// The first column of a query, as text.
    fn texts(
        connection: &mut Self::Connection,
        sql: &str,
    ) -> impl Future<Output = Result<Vec<String>, sqlx::Error>> + Send;

    /// The first column of a query's first row, as a number.
    fn number(
        connection: &mut Self::Connection,
        sql: &str,
    ) -> impl Future<Output = Result<i64, sqlx::Error>> + Send;
}

/// Where an empty database is. It is removed when this is dropped.
#[must_use = "the database is removed when this is dropped"]
pub struct Place {
    /// A file's path, or a URL.
    pub address: String,
    _keep: Box<dyn Any + Send>,
}

impl Kind for Sqlite {
    const KIND: &'static str = "sqlite";
    const ONE_WRITES: bool = true;

    async fn place() -> Place {
        file_in(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    async fn open(address: &str) -> Result<SqlitePool, sqlx::Error> {
        SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(sqlite(address))
            .await
    }

    async fn open_impatient(address: &str) -> Result<SqlitePool, sqlx::Error> {
        let options = sqlite(address).busy_timeout(Duration::ZERO);
        SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .connect_with(options)
            .await
    }

    async fn begin_to_write(
        pool: &SqlitePool,
    ) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        pool.begin_with("BEGIN IMMEDIATE").await
    }

    async fn run(connection: &mut Self::Connection, sql: &str) -> Result<u64, sqlx::Error> {
        Ok(sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(connection)
            .await?
            .rows_affected())
    }

    async fn texts(
        connection: &mut Self::Connection,
        sql: &str,
    ) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_all(connection)
            .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    async fn number(connection: &mut Self::Connection, sql: &str) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(connection)
            .await
    }
}

/// A database that is made of memory where the machine has a file system for that: for tests of thousands of commits
/// that are not about what a disk keeps.
///
/// # Panics
///
/// When no temporary folder can be made.
pub fn in_memory() -> Place {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    file_in(folder.expect("a temporary folder can be made"))
}

fn file_in(folder: tempfile::TempDir) -> Place {
    let address = folder.path().join("test.db").to_string_lossy().into_owned();
    Place {
        address,
        _keep: Box::new(folder),
    }
}

/// The settings that the README asks for, with more patience.
pub fn sqlite(address: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(address)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30))
}

impl Kind for Postgres {
    const KIND: &'static str = "postgres";
    const ONE_WRITES: bool = false;

    async fn place() -> Place {
        schema(&server_url()).await
    }

    async fn open(address: &str) -> Result<PgPool, sqlx::Error> {
        let options = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_mins(1));
        options.connect(address).await
    }

    async fn open_impatient(address: &str) -> Result<PgPool, sqlx::Error> {
        Self::open(address).await
    }

    async fn begin_to_write(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        pool.begin().await
    }

    async fn run(connection: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
        Ok(sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(connection)
            .await?
            .rows_affected())
    }

    async fn texts(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_all(connection)
            .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    async fn number(connection: &mut PgConnection, sql: &str) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(connection)
            .await
    }
}

/// The server that all tests share.
fn server_url() -> String {
    std::env::var("WEBHOOKS_POSTGRES_URL")
        .expect("WEBHOOKS_POSTGRES_URL names the database; `cargo xtask test` sets it")
}

/// A schema of one's own on this server.
///
/// # Panics
///
/// When the server cannot be reached.
pub async fn schema(server: &str) -> Place {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!(
        "promises_{:x}_{number}",
        RandomState::new().hash_one(std::process::id())
    );
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the database can be reached");
    Postgres::run(&mut connection, &format!("CREATE SCHEMA {name}"))
        .await
        .expect("a schema can be made");
    let sign = if server.contains('?') { '&' } else { '?' };
    let address = format!("{server}{sign}options=-c%20search_path%3D{name}");
    Place {
        address,
        _keep: Box::new(Schema {
            server: server.to_owned(),
            name,
        }),
    }
}

struct Schema {
    server: String,
    name: String,
}

impl Drop for Schema {
    /// On a thread of its own, because a test's runtime is not to be blocked, and may be unwinding.
    fn drop(&mut self) {
        let sql = format!(
            "SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS {} CASCADE",
            self.name
        );
        let server = self.server.clone();
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                Postgres::run(&mut connection, &sql).await
            })
        });
        if let Ok(Err(error)) = dropping.join() {
            // The test has said already what went wrong, if it did.
            eprintln!("the schema {} could not be removed: {error}", self.name);
        }
    }
}
