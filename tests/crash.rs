//! What the crash test and its processes share.

use std::error::Error;
use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use webhooks_core::{BuildError, Catalogue, Webhooks, whpost};

/// Sent when something happened.
#[whpost("something.happened")]
pub async fn happened(number: u64);

/// The webhooks of the crash test.
///
/// # Errors
///
/// None: there is one webhook.
pub fn catalogue() -> Result<Catalogue, BuildError> {
    Webhooks::new().with(happened).build()
}

/// The database file, with the settings that the sender asks for.
///
/// # Errors
///
/// When the file cannot be opened.
pub async fn sqlite(path: &str) -> Result<SqlitePool, Box<dyn Error>> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30));
    Ok(SqlitePoolOptions::new().max_connections(4).connect_with(options).await?)
}

/// The PostgreSQL database of this URL.
///
/// # Errors
///
/// When it cannot be reached.
pub async fn postgres(url: &str) -> Result<PgPool, Box<dyn Error>> {
    Ok(PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_mins(1)).connect(url).await?)
}
