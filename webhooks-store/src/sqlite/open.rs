//! A file of the store's own, or one in memory; and what is required of a pool that the application opened.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row, Sqlite, SqlitePool};

use crate::error::Error;
use crate::options::StoreOptions;
use crate::store::Store;

impl Store<Sqlite> {
    /// In a file of its own, made when it is not there: write-ahead log, every commit flushed to the disk
    /// (`synchronous = FULL`) except [bookkeeping](Store::begin_bookkeeping), ten seconds of patience for a lock, foreign
    /// keys on.
    ///
    /// The file's directory must be on a local disk: SQLite's log does not work over a network.
    pub fn file(path: impl AsRef<Path>) -> StoreOptions<Sqlite> {
        let path: PathBuf = path.as_ref().to_owned();
        StoreOptions::own(Box::pin(async move { connect_file(&path).await }))
    }

    /// In memory, for tests: gone when the store is dropped.
    ///
    /// There is no write-ahead log in memory, so readers wait for the writer; keep no transaction open while the
    /// store works.
    pub fn memory() -> StoreOptions<Sqlite> {
        StoreOptions::own(Box::pin(connect_memory()))
    }
}

/// Longer than any transaction of the store takes, by far.
const PATIENCE: Duration = Duration::from_secs(10);
/// Below this the store and the application would fail each other under load.
const LEAST_PATIENCE_MS: i64 = 1000;
/// All statements of a store and of what is built on it stay prepared.
pub(super) const STATEMENTS: usize = 400;

/// Rows of one answer that are buffered for their reader: a whole page.
pub(super) const ROWS: usize = 512;

/// The log of SQLite grows while a reader holds back the checkpoint, and keeps its size afterwards unless it is cut: 64 MiB.
pub(super) const JOURNAL_SIZE_LIMIT: &str = "67108864";

pub(crate) async fn connect_file(path: &Path) -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // A busy store fills the default of 1,000 pages in a few commits, and each checkpoint flushes the disk again.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT)
        .row_buffer_size(ROWS)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    // For reading, and for the application's transactions: the store writes on a connection of its own.
    Ok(SqlitePoolOptions::new()
        .max_connections(6)
        .connect_with(options)
        .await?)
}

/// The `memdb` file system shares a database between the connections of a process that name it alike, which plain
/// `:memory:` does not.
pub(crate) async fn connect_memory() -> Result<SqlitePool, Error> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("/webhooks-store-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let options = SqliteConnectOptions::new()
        .filename(name)
        .vfs("memdb")
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        // The database lives as long as one connection does.
        .min_connections(1)
        .max_connections(4)
        .idle_timeout(None)
        .max_lifetime(None);
    Ok(pool.connect_with(options).await?)
}

/// Under other settings a power cut loses what was promised, or writers fail each other.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), Error> {
    let journal: String = pragma(connection, "PRAGMA journal_mode").await?;
    if !["wal", "memory"].contains(&journal.as_str()) {
        let wanted =
            "it must be WAL: `.journal_mode(SqliteJournalMode::Wal)` on its SqliteConnectOptions";
        return Err(Error::Setting {
            name: "journal_mode",
            found: journal,
            wanted,
        });
    }
    let synchronous: i64 = pragma(connection, "PRAGMA synchronous").await?;
    if synchronous < 2 && journal == "wal" {
        let wanted = "it must be FULL (2), or a power cut loses what was accepted: \
                      `.synchronous(SqliteSynchronous::Full)` on its SqliteConnectOptions";
        return Err(Error::Setting {
            name: "synchronous",
            found: synchronous.to_string(),
            wanted,
        });
    }
    let timeout: i64 = pragma(connection, "PRAGMA busy_timeout").await?;
    if timeout < LEAST_PATIENCE_MS {
        let wanted = "it must be at least 1000 ms, or writers fail instead of taking turns: \
                      `.busy_timeout(Duration::from_secs(5))` on its SqliteConnectOptions";
        return Err(Error::Setting {
            name: "busy_timeout",
            found: timeout.to_string(),
            wanted,
        });
    }
    Ok(())
}

pub(super) async fn pragma<T>(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<T, Error>
where
    T: for<'r> sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
{
    let row = sqlx::query(pragma).fetch_one(&mut *connection).await?;
    Ok(row.try_get(0)?)
}
