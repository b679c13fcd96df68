//! Which database, and opening it: never a file that was not there, and without the right to write where none is asked for.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite};
use webhooks_sender::database::{Database, Prefix};
use webhooks_sender::{Error, Sender, SenderBuilder};

use super::{Refused, Settings};

/// How long a lock, or a free connection, is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// All statements of a sender stay prepared.
const STATEMENTS: usize = 400;

/// A database: a file of SQLite, or a server of PostgreSQL.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// Which tables of the database are the sender's.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) prefix: Prefix,
    /// Whether a pooler in transaction mode is in front of PostgreSQL.
    pub(crate) behind_pooler: bool,
}

impl FromStr for Address {
    type Err = String;

    /// A path, `sqlite:PATH`, or the URL of a PostgreSQL server.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let options = text.parse::<PgConnectOptions>();
            // What was read may hold a password, so it is not repeated.
            let options = options.map_err(|_| {
                "the URL cannot be read; write `postgres://user@host/name`".to_owned()
            })?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        let path = text
            .strip_prefix("sqlite:")
            .map_or(text, |path| path.strip_prefix("//").unwrap_or(path));
        if let Some((scheme, _)) = path.split_once("://") {
            let known = "SQLite (a file) and PostgreSQL (`postgres://user@host/name`) are known";
            return Err(format!("`{scheme}` is no database of ours; {known}"));
        }
        if path.is_empty() {
            return Err("the name of the file is missing".to_owned());
        }
        Ok(Self::Sqlite(path.into()))
    }
}

impl Address {
    /// What the pages are headed with: the file's name, or that of the database and its host.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }
            Self::Postgres(options) => {
                let database = options.get_database().unwrap_or("postgres");
                format!("{database} · {}", options.get_host())
            }
        }
    }
}

/// A sender over a SQLite file that is there.
pub(super) async fn open_sqlite(
    path: &Path,
    settings: &Settings,
) -> Result<Sender<Sqlite>, Refused> {
    let shown = path.display();
    if !path.exists() {
        return Err(Refused::new(format!("{shown}: there is no such file")));
    }
    if !path.is_file() {
        return Err(Refused::new(format!("{shown} is not a file")));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(!settings.writes)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS);
    look_at_file(&options).await.map_err(|error| {
        let hint = match error.as_database_error().and_then(|error| error.code()).as_deref() {
            Some("14") => {
                "; SQLite keeps two files next to it, even to read: copy all to a folder that can be written"
            }
            _ => "",
        };
        Refused::new(format!(
            "{shown} cannot be read as a database of SQLite: {}{hint}",
            reason(&error)
        ))
    })?;
    let pool = SqlitePoolOptions::new()
        .max_connections(6)
        .connect_with(options)
        .await;
    let pool = pool.map_err(|error| Refused::new(reason(&error)))?;
    start(Sender::new(pool), settings).await
}

/// A file that is no database would show only later, and less clearly.
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
) -> Result<Sender<Postgres>, Refused> {
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
        Refused::new(format!(
            "the database at `{host}` cannot be reached: {}",
            reason(&error)
        ))
    };
    // A pool would go on trying.
    let connection = PgConnection::connect_with(&options);
    let connection = tokio::time::timeout(PATIENCE, connection).await;
    let connection = connection
        .map_err(|_| Refused::new(format!("the database at `{host}` does not answer")))?;
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
) -> Result<Sender<D>, Refused> {
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

fn refusal(error: &Error, settings: &Settings) -> Refused {
    if !error.is_without_tables() {
        return Refused::new(error.to_string());
    }
    let prefix = settings.tables.prefix.as_str();
    let place = match (&settings.database, settings.tables.prefix.schema()) {
        (Address::Postgres(_), Some(schema)) => format!(" in the schema `{schema}`"),
        (Address::Postgres(_), None) => " where the connection's `search_path` leads".to_owned(),
        (Address::Sqlite(_), _) => String::new(),
    };
    let other = match settings.database {
        Address::Postgres(_) => "`--schema` and `--table-prefix` name others",
        Address::Sqlite(_) => "`--table-prefix` names others",
    };
    Refused::new(format!(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(text: &str) -> PathBuf {
        match text.parse() {
            Ok(Address::Sqlite(path)) => path,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_path_and_both_ways_to_write_its_url_are_files() {
        for text in ["shop.db", "sqlite:shop.db", "sqlite://shop.db"] {
            assert_eq!(sqlite(text), Path::new("shop.db"), "{text}");
        }
        assert_eq!(sqlite("sqlite:///var/shop.db"), Path::new("/var/shop.db"));
        assert_eq!(sqlite("/var/shop.db"), Path::new("/var/shop.db"));
    }

    #[test]
    fn a_server_is_named_without_its_password() {
        let address: Address = "postgres://ops:hunter2@db.test/shop"
            .parse()
            .expect("a URL");
        assert_eq!(address.name(), "shop · db.test");
    }

    #[test]
    fn what_is_no_database_is_refused_without_repeating_a_password() {
        for (text, part) in [
            (
                "mysql://root:hunter2@db/shop",
                "`mysql` is no database of ours",
            ),
            ("postgres://ops:hunter2@db:port/shop", "cannot be read"),
            ("", "missing"),
            ("sqlite:", "missing"),
        ] {
            let refused = text.parse::<Address>().expect_err(text);
            assert!(
                refused.contains(part) && !refused.contains("hunter2"),
                "{refused}"
            );
        }
    }
}
