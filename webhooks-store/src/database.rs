//! Which databases there are, and the little that differs between them outside SQL.

use std::path::PathBuf;

use sqlx::{Pool, SqlStr};

use crate::clock::Clock;
use crate::error::Error;
use crate::parameters::Parameters;
use crate::prefix::Prefix;
use crate::statement::{Statement, StatementText};
use crate::wake::Wake;

/// SQLite or PostgreSQL: [`sqlx::Sqlite`] with feature `sqlite`, [`sqlx::Postgres`] with feature `postgres`.
///
/// A store, and whatever is built on it, is typed by its database, so that a transaction of the other one does not
/// compile. `D::Connection` is sqlx's own: `&mut transaction` becomes `&mut D::Connection` by itself.
///
/// The trait is sealed because each database has statements of its own, which were measured.
pub trait Database: Dialect {}

/// How wake-ups get to other processes and back.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Carrier<D: sqlx::Database> {
    /// On a connection with the pool's own settings.
    Pool,
    /// At another address, because a pooler is in front of the database.
    Address(<D::Connection as sqlx::Connection>::Options),
    /// Not at all: the others find out at their next poll.
    Absent,
}

#[doc(hidden)]
pub trait Dialect: sqlx::Database {
    /// The time in milliseconds since 1970, given parameter 1.
    const NOW: &'static str;

    /// Whether writers have to take turns.
    const ONE_WRITER: bool;

    /// What comes before the number of a parameter.
    const PLACEHOLDER: char;

    /// Begins a transaction that may write from its first statement on.
    const BEGIN: &'static str;

    /// The same for a transaction of the store, flushed to the disk at commit.
    const BEGIN_DURABLE: &'static str;

    /// The same for a transaction of the store, on SQLite left to the operating system at commit.
    const BEGIN_BOOKKEEPING: &'static str;

    /// Either of them on a connection of the store's own, where that was given its settings when it was opened.
    const BEGIN_OWN: Option<&'static str>;

    /// Begins a transaction of the store that only reads, where one serves better than a bare connection.
    const BEGIN_READING: Option<&'static str>;

    /// Fails where nothing can be written any more, as on a server that is no longer the primary one.
    const ASK_WRITABLE: &'static str;

    /// Whether one statement can take rows out of a table and put them into another.
    const MOVES_ROWS: bool;

    /// Whether the history lies in partitions that are dropped whole.
    const PARTITIONED: bool;

    fn text(statement: &Statement) -> &'static str;

    /// What parameter 1 of a timed statement is.
    fn now_parameter(clock: &Clock) -> i64;

    /// The texts to run, with the arguments of each: several when the rows do not fit into one.
    fn bind(
        text: &StatementText,
        parameters: Parameters,
    ) -> Result<Vec<(SqlStr, <Self as sqlx::Database>::Arguments)>, Error>;

    fn execute(
        connection: &mut Self::Connection,
        text: SqlStr,
        arguments: <Self as sqlx::Database>::Arguments,
        is_named: bool,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    fn fetch(
        connection: &mut Self::Connection,
        text: SqlStr,
        arguments: <Self as sqlx::Database>::Arguments,
        is_named: bool,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;

    /// A statement without parameters and rows: what begins and ends a transaction.
    fn command(
        connection: &mut Self::Connection,
        text: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Several statements without parameters, or one that cannot be prepared.
    fn script(
        connection: &mut Self::Connection,
        text: String,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// What opens connections of the store's own, and how many at most, where they serve better than the application's. Behind
    /// a pooler statements have no names, and what is set for a connection is lost.
    fn own_connections(
        pool: &Pool<Self>,
        prefix: &Prefix,
        has_named_statements: bool,
    ) -> impl Future<Output = Option<(Pool<Self>, usize)>> + Send;

    /// The file on which those who work on this database, all on one machine, show each other that they live.
    fn presence_file(pool: &Pool<Self>, prefix: &Prefix) -> Option<PathBuf>;

    /// Whether the connection's settings keep what was committed.
    fn check(connection: &mut Self::Connection) -> impl Future<Output = Result<(), Error>> + Send;

    /// The prefix with the schema in which the tables are, or would be made; and whether they are there.
    fn locate(
        connection: &mut Self::Connection,
        prefix: &Prefix,
    ) -> impl Future<Output = Result<(Prefix, bool), Error>> + Send;

    /// Makes the schema that was chosen, if it is missing.
    fn create_schema(
        connection: &mut Self::Connection,
        prefix: &Prefix,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Keeps other programs from migrating until the transaction ends.
    fn lock_schema(
        connection: &mut Self::Connection,
        prefix: &Prefix,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Makes the partitions of the next days that are missing.
    fn create_partitions(
        pool: &Pool<Self>,
        prefix: &Prefix,
        now_ms: i64,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Drops the partitions of a table that only hold what is older. Whether none of them is left.
    fn drop_partitions(
        pool: &Pool<Self>,
        prefix: &Prefix,
        table: &'static str,
        before_ms: i64,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Starts carrying wake-ups to and from other processes, where the database can.
    fn connect_wake(pool: &Pool<Self>, prefix: &Prefix, wake: &Wake, carrier: Carrier<Self>);

    /// Where the column of this name is.
    fn column(row: &Self::Row, name: &str) -> Result<usize, sqlx::Error>;
    fn int(row: &Self::Row, column: usize) -> Result<Option<i64>, sqlx::Error>;
    fn string(row: &Self::Row, column: usize) -> Result<Option<String>, sqlx::Error>;
    fn bytes(row: &Self::Row, column: usize) -> Result<Option<Vec<u8>>, sqlx::Error>;
    /// The same, in the row.
    fn slice(row: &Self::Row, column: usize) -> Result<Option<&[u8]>, sqlx::Error>;
}
