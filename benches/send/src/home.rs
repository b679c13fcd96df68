//! Where the sender lives: a SQLite file, or a PostgreSQL server of the program's own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, process};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Pool, Row};
use webhooks_sender::{Postgres, Sqlite};
use webhooks_store::{Database, Store};

use crate::server::Server;

/// A place for databases.
pub(crate) trait Home {
    type Database: Database;

    fn name(&self) -> &'static str;

    /// A new, empty database. The one before is removed.
    async fn fresh(&self) -> Result<Pool<Self::Database>>;

    /// Makes the database forget nothing that it has promised, and settle: what was filled in is not measured.
    async fn settle(&self, pool: &Pool<Self::Database>) -> Result<()>;

    /// CPU time of the database's own processes so far.
    fn cpu_time(&self) -> Result<Duration>;

    /// What the database has counted so far; a SQLite file counts nothing.
    async fn counted(&self) -> Result<Counted>;

    /// Where another process finds the newest database.
    fn place(&self) -> String;

    /// How an application begins a transaction that writes.
    fn begin(&self) -> &'static str;

    /// What an application writes in it.
    async fn pay(
        &self,
        connection: &mut <Self::Database as sqlx::Database>::Connection,
    ) -> Result<()>;

    async fn script(&self, pool: &Pool<Self::Database>, script: String) -> Result<()>;

    /// The numbers `n` from 1 to `count` as a table, in SQL.
    fn series(&self, count: usize) -> String;

    /// The number `n` of a series as sixteen bytes, in SQL; two hexadecimal digits stand before it.
    fn key(&self, prefix: &str) -> String;

    /// The numbers `n` and `s` as sixteen bytes that sort by both, in SQL.
    fn key_of_two(&self) -> &'static str;

    /// So many bytes, in SQL.
    fn bytes(&self, count: usize) -> String;
}

/// What a server has counted in the newest database.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    /// Statements, those that begin and end transactions included.
    pub(crate) statements: i64,
    /// Transactions, those that only read included.
    pub(crate) transactions: i64,
    /// Bytes of the write-ahead log, of the whole server.
    pub(crate) wal: i64,
}

impl Counted {
    /// What has been counted since an earlier look.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            statements: self.statements - earlier.statements,
            transactions: self.transactions - earlier.transactions,
            wal: self.wal - earlier.wal,
        }
    }
}

const PAY: &str = "INSERT INTO payments (id, amount) VALUES (1, 100)";

/// SQLite files in a directory on the disk, as [`webhooks_sender::Sender::open`] makes them.
#[derive(Debug)]
pub(crate) struct SqliteHome {
    directory: PathBuf,
    count: AtomicUsize,
}

impl SqliteHome {
    /// Next to the program, because a machine's temporary directory may be in memory.
    pub(crate) fn new() -> Result<Self> {
        let program = std::env::current_exe().context("this program has no path")?;
        let target = program.parent().unwrap_or(Path::new("."));
        let directory = target.join(format!("send-{}", process::id()));
        fs::create_dir_all(&directory).context("no directory for databases can be made")?;
        Ok(Self {
            directory,
            count: AtomicUsize::new(0),
        })
    }

    fn path(&self) -> PathBuf {
        self.directory
            .join(format!("{}.db", self.count.load(Ordering::Relaxed)))
    }

    /// For other files on the same disk.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for SqliteHome {
    fn drop(&mut self) {
        // What cannot be removed stays in the target directory.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

impl Home for SqliteHome {
    type Database = Sqlite;

    fn name(&self) -> &'static str {
        "SQLite"
    }

    async fn fresh(&self) -> Result<Pool<Sqlite>> {
        for entry in fs::read_dir(&self.directory)? {
            // A connection that closes late removes its log itself.
            let _ = fs::remove_file(entry?.path());
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let store = Store::file(self.path()).open().await?;
        Ok(store.pool().clone())
    }

    async fn settle(&self, pool: &Pool<Sqlite>) -> Result<()> {
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(pool)
            .await?;
        Ok(())
    }

    /// SQLite has none: it works in ours.
    fn cpu_time(&self) -> Result<Duration> {
        Ok(Duration::ZERO)
    }

    async fn counted(&self) -> Result<Counted> {
        Ok(Counted::default())
    }

    fn place(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    async fn pay(&self, connection: &mut SqliteConnection) -> Result<()> {
        sqlx::query(PAY).execute(connection).await?;
        Ok(())
    }

    async fn script(&self, pool: &Pool<Sqlite>, script: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(script)).execute(pool).await?;
        Ok(())
    }

    fn series(&self, count: usize) -> String {
        format!(
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
        )
    }

    fn key(&self, prefix: &str) -> String {
        format!("unhex(printf('{prefix}%030x', n))")
    }

    fn key_of_two(&self) -> &'static str {
        "unhex(printf('03%016x%014x', n, s))"
    }

    fn bytes(&self, count: usize) -> String {
        format!("zeroblob({count})")
    }
}

/// Databases of one server.
#[derive(Debug)]
pub(crate) struct PostgresHome {
    server: Server,
    count: AtomicUsize,
}

impl PostgresHome {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            server: Server::start()?,
            count: AtomicUsize::new(0),
        })
    }

    fn newest(&self) -> String {
        format!("bench_{}", self.count.load(Ordering::Relaxed))
    }
}

impl Home for PostgresHome {
    type Database = Postgres;

    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    async fn fresh(&self) -> Result<Pool<Postgres>> {
        let everything = connect(&self.server.url("postgres")).await?;
        let drop_last = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.newest());
        sqlx::raw_sql(AssertSqlSafe(drop_last))
            .execute(&everything)
            .await?;
        if self.count.fetch_add(1, Ordering::Relaxed) == 0 {
            sqlx::raw_sql("CREATE EXTENSION pg_stat_statements")
                .execute(&everything)
                .await?;
        }
        let create = format!("CREATE DATABASE {}", self.newest());
        sqlx::raw_sql(AssertSqlSafe(create))
            .execute(&everything)
            .await?;
        everything.close().await;
        connect(&self.place()).await
    }

    async fn settle(&self, pool: &Pool<Postgres>) -> Result<()> {
        sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await?;
        sqlx::raw_sql("CHECKPOINT").execute(pool).await?;
        Ok(())
    }

    fn cpu_time(&self) -> Result<Duration> {
        self.server.cpu_time()
    }

    /// Asked in another database, so that the question does not count.
    async fn counted(&self) -> Result<Counted> {
        let mut connection = PgConnection::connect(&self.server.url("postgres")).await?;
        let text = format!(
            "SELECT (SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements JOIN pg_database ON oid = dbid
                     WHERE datname = '{0}'),
                    (SELECT coalesce(sum(xact_commit + xact_rollback), 0)::bigint FROM pg_stat_database
                     WHERE datname = '{0}'),
                    (pg_current_wal_insert_lsn() - '0/0')::bigint",
            self.newest()
        );
        let row = sqlx::raw_sql(AssertSqlSafe(text))
            .fetch_one(&mut connection)
            .await?;
        let counted = Counted {
            statements: row.try_get(0)?,
            transactions: row.try_get(1)?,
            wal: row.try_get(2)?,
        };
        connection.close().await?;
        Ok(counted)
    }

    fn place(&self) -> String {
        self.server.url(&self.newest())
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    async fn pay(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(PAY).execute(connection).await?;
        Ok(())
    }

    async fn script(&self, pool: &Pool<Postgres>, script: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(script)).execute(pool).await?;
        Ok(())
    }

    fn series(&self, count: usize) -> String {
        format!("(SELECT n FROM generate_series(1, {count}) AS n)")
    }

    fn key(&self, prefix: &str) -> String {
        format!("decode('{prefix}' || lpad(to_hex(n), 30, '0'), 'hex')")
    }

    fn key_of_two(&self) -> &'static str {
        "decode('03' || lpad(to_hex(n), 16, '0') || lpad(to_hex(s), 14, '0'), 'hex')"
    }

    fn bytes(&self, count: usize) -> String {
        format!("convert_to(repeat('x', {count}), 'UTF8')")
    }
}

/// As the sender's documentation advises.
pub(crate) async fn connect(url: &str) -> Result<Pool<Postgres>> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .statement_cache_capacity(400)
        .disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(20)
        .connect_with(options)
        .await
        .context("cannot connect to PostgreSQL")
}
