//! What can go wrong with a database, sorted by what a caller can do about it.
//!
//! The driver's own error stays in the source chain. No text here holds a connection URL or a stored value.

use std::borrow::Cow;
use std::fmt;

use crate::schema_problem::schema_problem;

/// Everything a store can fail with.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A table prefix that cannot stand in SQL.
    Prefix {
        /// The text, escaped and cut.
        found: String,
    },
    /// A schema that cannot be named, is missing, or does not exist in this database.
    Schema {
        /// The name, escaped and cut.
        found: String,
        /// What is wrong with it, and what to do.
        reason: &'static str,
    },
    /// The database has a setting under which work could be lost or writers would fail each other.
    Setting {
        /// SQLite's pragma or PostgreSQL's setting.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// Another program has already brought the tables to a version this one does not know.
    NewerSchema {
        /// Whose tables.
        component: String,
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The tables are missing or of an older version, and this program may not change them.
    OlderSchema {
        /// Whose tables.
        component: String,
        /// The version found, 0 for none.
        found: i64,
        /// The version this program needs.
        needed: i64,
    },
    /// A migration failed; nothing of it was kept.
    Migration {
        /// Whose tables.
        component: String,
        /// The version that could not be reached.
        version: i64,
        /// The reason.
        source: Box<Error>,
    },
    /// Another program held the database's lock longer than the busy time-out, or no connection of the pool became free
    /// in time. Nothing was changed; try again.
    Busy(sqlx::Error),
    /// The disk or the permitted size of the database is full. Nothing was changed.
    Full(sqlx::Error),
    /// The database cannot be reached, or the connection was lost. What was being committed may or may not be kept.
    Disconnected(sqlx::Error),
    /// A unique key, a check or a reference forbids the row. Nothing was changed.
    Conflict(sqlx::Error),
    /// What a [`Write`](crate::Write) refuses by itself; only that write fails, and nothing of it was kept.
    Refused(Box<dyn std::error::Error + Send + Sync>),
    /// The writer has been shut down; nothing was changed.
    Closed,
    /// Shared by all who were in the same commit.
    Shared(std::sync::Arc<Error>),
    /// The database takes no writes for now: a server in recovery or a file that may only be read. Nothing was changed.
    ReadOnly(sqlx::Error),
    /// A text has a character that the database cannot hold: PostgreSQL refuses NUL, and whatever its encoding lacks.
    /// Nothing was changed. What the driver said is left out: it holds the character.
    Character,
    /// A [`Write`](crate::Write) panicked; nothing of it was kept. The panic's own message is where the program's panic
    /// hook has put it.
    Panic,
    /// Any other failure of the database.
    Database(sqlx::Error),
}

impl Error {
    /// The lock or the pool was taken for too long: the same call may succeed when repeated.
    pub fn is_busy(&self) -> bool {
        matches!(self.root(), Error::Busy(_))
    }

    /// No space is left: repeating helps only after room was made.
    pub fn is_full(&self) -> bool {
        matches!(self.root(), Error::Full(_))
    }

    /// The connection is gone. Whether a commit in progress was kept is unknown; repeat only what may happen twice.
    pub fn is_disconnected(&self) -> bool {
        matches!(self.root(), Error::Disconnected(_))
    }

    /// A unique key (or a check, or a reference) forbids this row: repeating never helps.
    pub fn is_conflict(&self) -> bool {
        matches!(self.root(), Error::Conflict(_))
    }

    /// The database takes no writes for now, as during a failover: the same call may succeed later.
    pub fn is_read_only(&self) -> bool {
        matches!(self.root(), Error::ReadOnly(_))
    }

    /// A text has a character that the database cannot hold: repeating never helps.
    pub fn is_character(&self) -> bool {
        matches!(self.root(), Error::Character)
    }

    /// Whether one of several writes is to blame for it, so that the others succeed without that one. The lock, the
    /// space, the connection and the schema are common to all: trying each write alone would only fail as often.
    pub fn is_of_one(&self) -> bool {
        match self.root() {
            Error::Busy(_)
            | Error::Full(_)
            | Error::Disconnected(_)
            | Error::ReadOnly(_)
            | Error::Closed => false,
            Error::Database(sqlx::Error::Database(reported)) => {
                !matches!(class(reported.code()), Class::Common)
            }
            _ => true,
        }
    }

    /// The error itself, without the cover that lets several callers hold it.
    pub fn root(&self) -> &Error {
        match self {
            Error::Shared(error) => error.root(),
            error => error,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Prefix { found } => write!(
                f,
                "\"{found}\" cannot be a table prefix; use at most 20 lower-case letters, digits and underscores, \
                 beginning with a letter or an underscore"
            ),
            Error::Schema { found, reason } => {
                write!(f, "the schema \"{found}\" cannot be used: {reason}")
            }
            Error::Setting {
                name,
                found,
                wanted,
            } => {
                write!(f, "the database connection has {name} = {found}; {wanted}")
            }
            Error::NewerSchema {
                component,
                found,
                known,
            } => write!(
                f,
                "the tables of \"{component}\" are at version {found}, and this program knows only up to {known}; \
                 a newer program has changed them, so run that one"
            ),
            Error::OlderSchema {
                component,
                found: 0,
                ..
            } => write!(
                f,
                "the database has no tables of \"{component}\" in this schema and under this prefix; apply the exported SQL, \
                 let the program make them, or connect to the database that has them"
            ),
            Error::OlderSchema {
                component,
                found,
                needed,
            } => write!(
                f,
                "the tables of \"{component}\" are at version {found}, and this program needs {needed}; \
                 apply the exported SQL, or let the program migrate"
            ),
            Error::Migration {
                component,
                version,
                source,
            } => {
                write!(
                    f,
                    "the tables of \"{component}\" could not be brought to version {version}, and nothing was changed: {source}"
                )
            }
            Error::Busy(_) => {
                f.write_str("the database's lock, or the pool, was taken for too long; code that keeps a transaction open must write in that \
                 transaction, and not wait for a second one")
            }
            Error::Full(_) => f.write_str("the database has no space left"),
            Error::Disconnected(_) => {
                f.write_str("the database cannot be reached, or the connection was lost")
            }
            Error::Conflict(_) => f.write_str("a constraint of the database forbids the row"),
            Error::Refused(error) => error.fmt(f),
            Error::Closed => f.write_str("the writer has been shut down"),
            Error::Shared(error) => error.fmt(f),
            Error::ReadOnly(_) => f.write_str(
                "nothing can be written: the server is in recovery, the file may only be read, or the store was opened to read only",
            ),
            Error::Panic => f.write_str("the code that writes has panicked; nothing was kept"),
            Error::Character => f.write_str(
                "a text has a character that the database cannot hold: leave NUL out, and make the database with the \
                 encoding UTF8 if it has another",
            ),
            Error::Database(error) => {
                f.write_str("the database reported an error")?;
                schema_problem(error).map_or(Ok(()), |problem| problem.fmt(f))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Busy(error)
            | Error::Full(error)
            | Error::Disconnected(error)
            | Error::Conflict(error)
            | Error::ReadOnly(error)
            | Error::Database(error) => Some(error),
            // Its text is shown already: what is behind it comes next.
            Error::Migration { source, .. } => std::error::Error::source(source.as_ref()),
            Error::Refused(error) => error.source(),
            Error::Shared(error) => std::error::Error::source(error.as_ref()),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;

        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Error::Disconnected(error),
            sqlx::Error::PoolTimedOut => Error::Busy(error),
            sqlx::Error::Database(reported) => match reported.kind() {
                ErrorKind::UniqueViolation
                | ErrorKind::ForeignKeyViolation
                | ErrorKind::NotNullViolation
                | ErrorKind::CheckViolation
                | ErrorKind::ExclusionViolation => Error::Conflict(error),
                _ => match class(reported.code()) {
                    Class::Busy => Error::Busy(error),
                    Class::Full => Error::Full(error),
                    Class::Disconnected => Error::Disconnected(error),
                    Class::ReadOnly => Error::ReadOnly(error),
                    Class::Character => Error::Character,
                    Class::Common | Class::Other => Error::Database(error),
                },
            },
            _ => Error::Database(error),
        }
    }
}

enum Class {
    Busy,
    Full,
    Disconnected,
    ReadOnly,
    Character,
    /// The same for every statement like it: a table that is missing, a right that is not given, a damaged file.
    Common,
    Other,
}

/// SQLite gives its result codes as decimal numbers (the low byte is the primary one), PostgreSQL its SQLSTATE.
fn class(code: Option<Cow<'_, str>>) -> Class {
    let Some(code) = code else {
        return Class::Other;
    };
    // A SQLSTATE has five characters; no extended code of SQLite has.
    if code.len() < 5
        && let Ok(number) = code.parse::<u32>()
    {
        return match number & 0xff {
            // SQLITE_ERROR (a table that is missing), SQLITE_PERM, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN,
            // SQLITE_SCHEMA, SQLITE_AUTH, SQLITE_NOTADB
            1 | 3 | 10 | 11 | 14 | 17 | 23 | 26 => Class::Common,
            5 | 6 => Class::Busy,
            8 => Class::ReadOnly,
            13 => Class::Full,
            _ => Class::Other,
        };
    }
    match code.as_ref() {
        // lock_not_available, deadlock_detected, serialization_failure, query_canceled (by lock_timeout)
        "55P03" | "40P01" | "40001" | "57014" => Class::Busy,
        // disk_full, out_of_memory and their kind
        "53100" | "53200" => Class::Full,
        // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
        "57P01" | "57P02" | "57P03" | "53300" => Class::Disconnected,
        code if code.starts_with("08") => Class::Disconnected,
        // read_only_sql_transaction
        "25006" => Class::ReadOnly,
        // character_not_in_repertoire (NUL among them), untranslatable_character
        "22021" | "22P05" => Class::Character,
        // syntax, missing tables and rights; system and internal errors; configuration files
        code if ["42", "58", "XX", "F0"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Class::Common
        }
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classified(code: &'static str) -> &'static str {
        match class(Some(Cow::Borrowed(code))) {
            Class::Busy => "busy",
            Class::Full => "full",
            Class::Disconnected => "disconnected",
            Class::ReadOnly => "read-only",
            Class::Character => "character",
            Class::Common => "common",
            Class::Other => "other",
        }
    }

    #[test]
    fn codes_of_both_databases_are_sorted_by_what_can_be_done() {
        let cases = [
            // SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED_SHAREDCACHE
            ("5", "busy"),
            ("517", "busy"),
            ("262", "busy"),
            // SQLITE_FULL, SQLITE_READONLY_DBMOVED, SQLITE_IOERR_READ, SQLITE_CORRUPT, SQLITE_MISMATCH
            ("13", "full"),
            ("1032", "read-only"),
            ("266", "common"),
            ("11", "common"),
            ("20", "other"),
            ("55P03", "busy"),
            ("40P01", "busy"),
            ("53100", "full"),
            ("57P01", "disconnected"),
            ("08006", "disconnected"),
            ("25006", "read-only"),
            ("42P01", "common"),
            ("XX000", "common"),
            ("22021", "character"),
            ("22P05", "character"),
            ("22003", "other"),
            ("00005", "other"),
        ];
        for (code, class) in cases {
            assert_eq!(classified(code), class, "{code}");
        }
    }

    #[test]
    fn every_caller_of_a_batch_sees_the_same_error() {
        let error = Error::Shared(std::sync::Arc::new(Error::Full(sqlx::Error::PoolTimedOut)));
        assert!(error.is_full() && !error.is_busy());
        assert_eq!(error.to_string(), "the database has no space left");
        assert!(std::error::Error::source(&error).is_some());
    }
}
