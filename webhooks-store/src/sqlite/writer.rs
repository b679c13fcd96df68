//! The one connection on which a store writes to a file.
//!
//! Its pages stay in memory from one transaction to the next: a connection that finds that another one has written
//! forgets all of its own. It changes over between `synchronous = FULL`, for what was promised, and `NORMAL`, for what
//! would only be done once more.

use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::open::{JOURNAL_SIZE_LIMIT, ROWS, STATEMENTS, pragma};
use crate::prefix::Prefix;

/// Most checkpoints are made on another connection; this many pages make the writer do one itself.
const AUTO_CHECKPOINT: &str = "16000";
/// 16 MiB of pages.
const CACHE: &str = "-16384";

/// None where there is no file, or where it cannot be opened in this way: the application's own code may have set a
/// key on its connections.
pub(super) async fn connect(pool: &SqlitePool, prefix: &Prefix) -> Option<SqlitePool> {
    let journal: String = pragma(&mut *pool.acquire().await.ok()?, "PRAGMA journal_mode")
        .await
        .ok()?;
    if journal != "wal" {
        return None;
    }
    let options = (*pool.connect_options())
        .clone()
        .create_if_missing(false)
        .pragma("wal_autocheckpoint", AUTO_CHECKPOINT)
        .pragma("cache_size", CACHE)
        .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT)
        .row_buffer_size(ROWS)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let single = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None);
    // A file does not go away as a server does.
    let writer = single
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .ok()?;
    let look = format!("SELECT 1 FROM {prefix}job LIMIT 1");
    sqlx::query(AssertSqlSafe(look))
        .fetch_optional(&writer)
        .await
        .ok()?;
    Some(writer)
}
