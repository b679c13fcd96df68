//! Checkpoints on a connection of their own: what is in the log is written to the file while the writer goes on.
//!
//! SQLite's own way is to do it within a commit, whose caller then waits for two flushes and some thousand pages.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions, Row};
use tokio::time::sleep;

use super::open::pragma;
use crate::error::Error;
use crate::wake::Wake;

const EVERY: Duration = Duration::from_secs(1);

/// Until the store is dropped.
pub(super) fn start(pool: &SqlitePool, wake: &Wake) {
    let options = pool.connect_options();
    let task = async move {
        // Where a file cannot be opened like this, SQLite's own way remains.
        if let Ok(mut connection) = options
            .as_ref()
            .clone()
            .disable_statement_logging()
            .connect()
            .await
            && let Err(error) = keep_checkpointing(&mut connection).await
        {
            tracing::debug!(%error, "no more checkpoints apart from the writer's own");
        }
    };
    wake.keep(tokio::spawn(task).abort_handle());
}

async fn keep_checkpointing(connection: &mut SqliteConnection) -> Result<(), Error> {
    let journal: String = pragma(connection, "PRAGMA journal_mode").await?;
    if journal != "wal" {
        return Ok(());
    }
    let mut seen = 0;
    loop {
        sleep(EVERY).await;
        // Changes with every commit of another connection.
        let version: i64 = pragma(connection, "PRAGMA data_version").await?;
        if version != seen {
            seen = version;
            let done = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                .fetch_one(&mut *connection)
                .await?;
            tracing::trace!(
                pages = done.get::<i64, _>(1),
                written = done.get::<i64, _>(2),
                "checkpoint"
            );
        }
    }
}
