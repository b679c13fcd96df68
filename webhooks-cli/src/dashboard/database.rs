//! Opening a database: never a file that was not there, and without the right to write where none is asked for.

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite};
use webhooks_sender::database::Database;
use webhooks_sender::{Error, Sender, SenderBuilder};

use super::address::Address;
use super::refusal::Refusal;
use super::settings::Settings;

/// How long a lock, or a free connection, is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// All statements of a sender stay prepared.
const STATEMENTS: usize = 400;

/// A sender over a SQLite file that is there.
pub(super) async fn open_sqlite(
    path: &Path,
    settings: &Settings,
) -> Result<Sender<Sqlite>, Refusal> {
    let shown = path.display();
    if !path.exists() {
        return Err(Refusal::new(format!("{shown}: there is no such file")));
    }
    if !path.is_file() {
        return Err(Refusal::new(format!("{shown} is not a file")));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(!settings.writes)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS);
    look_at_file(&options).await.map_err(|error| {
        let hint = match error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() {
            // SQLITE_READONLY_DIRECTORY and SQLITE_READONLY_CANTINIT.
            Some("1544" | "1288") => {
                "; SQLite needs a `-wal` and a `-shm` file next to the database, even to read it. Copy the database to a \
                 folder that you can write to"
            }
            // SQLITE_CANTOPEN.
            Some("14") => "; check that you may read it, and its `-wal` and `-shm` files",
            _ => "",
        };
        Refusal::new(format!(
            "{shown} cannot be read as a database of SQLite: {}{hint}",
            reason(&error)
        ))
    })?;
    let pool = SqlitePoolOptions::new()
        .max_connections(6)
        .connect_with(options)
        .await;
    let pool = pool.map_err(|error| Refusal::new(reason(&error)))?;
    start(Sender::new(pool), settings).await
}

/// A file of another kind would show only later, and less clearly.
async fn look_at_file(options: &SqliteConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
        .fetch_optional(&mut connection)
        .await?;
    connection.close().await
}

/// A sender over the tables of a PostgreSQL server.
pub(super) async fn open_postgres(
    options: &PgConnectOptions,
    settings: &Settings,
) -> Result<Sender<Postgres>, Refusal> {
    let mut options = options
        .clone()
        .application_name("webhooks dashboard")
        .statement_cache_capacity(STATEMENTS);
    // A pooler refuses parameters of a connection; there the store alone sees to it that nothing is written.
    if !settings.writes && !settings.tables.behind_pooler {
        options = options.options([("default_transaction_read_only", "on")]);
    }
    let host = options.get_host().to_owned();
    let unreachable = |error: sqlx::Error| {
        Refusal::new(format!(
            "the database at `{host}` cannot be reached: {}",
            reason(&error)
        ))
    };
    // A pool would go on trying.
    let connection = PgConnection::connect_with(&options);
    let connection = tokio::time::timeout(PATIENCE, connection).await;
    let connection = connection
        .map_err(|_| Refusal::new(format!("the database at `{host}` does not answer")))?;
    connection
        .map_err(unreachable)?
        .close()
        .await
        .map_err(unreachable)?;
    let pool = PgPoolOptions::new()
        .max_connections(6)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(unreachable)?;
    let builder = Sender::new(pool);
    let builder = if settings.tables.behind_pooler {
        builder.behind_pooler()
    } else {
        builder.without_listening()
    };
    start(builder, settings).await
}

async fn start<D: Database>(
    builder: SenderBuilder<D>,
    settings: &Settings,
) -> Result<Sender<D>, Refusal> {
    let builder = builder.prefix(settings.tables.prefix.clone());
    let builder = if settings.writes {
        builder.from_outside()
    } else {
        builder.read_only()
    };
    builder
        .start()
        .await
        .map_err(|error| refusal(&error, settings))
}

fn refusal(error: &Error, settings: &Settings) -> Refusal {
    if !error.is_without_tables() {
        return Refusal::new(error.to_string());
    }
    let prefix = settings.tables.prefix.as_str();
    let place = match (&settings.database, settings.tables.prefix.schema()) {
        (Address::Postgres(_), Some(schema)) => format!(" in the schema `{schema}`"),
        (Address::Postgres(_), None) => " where the connection's `search_path` leads".to_owned(),
        (Address::Sqlite(_), _) => String::new(),
    };
    let other = match settings.database {
        Address::Postgres(_) => "choose others with `--schema` and `--table-prefix`",
        Address::Sqlite(_) => "choose others with `--table-prefix`",
    };
    Refusal::new(format!(
        "`{}` has no tables of a webhooks sender that begin with `{prefix}`{place}; {other}",
        settings.database.name()
    ))
}

/// What the database said. sqlx puts neither the URL nor a password into it.
fn reason(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(reported) => reported.message().to_owned(),
        None => error.to_string(),
    }
}
