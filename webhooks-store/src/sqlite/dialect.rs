//! What SQLite does in its own way: row lists in the text, `BEGIN IMMEDIATE`, settings that must be right.

use std::path::PathBuf;

use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, ColumnIndex, Pool, Row, SqlStr, Sqlite};

use crate::clock::Clock;
use crate::database::{Carrier, Database, Dialect};
use crate::error::Error;
use crate::parameters::{Column, Parameters, SqlValue};
use crate::prefix::Prefix;
use crate::sqlite::{checkpoint, open, writer};
use crate::statement::{ROWS, Statement, StatementText};
use crate::wake::Wake;

impl Database for Sqlite {}

impl Dialect for Sqlite {
    const NOW: &'static str = "?1";

    const ONE_WRITER: bool = true;
    const PLACEHOLDER: char = '?';
    /// Taking the lock at the beginning waits for its turn. Taking it after a first read fails immediately with
    /// `SQLITE_BUSY_SNAPSHOT` when another connection has written since.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_DURABLE: &'static str = "PRAGMA synchronous = FULL; BEGIN IMMEDIATE";
    const BEGIN_BOOKKEEPING: &'static str = "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE";
    const BEGIN_OWN: Option<&'static str> = None;
    const BEGIN_READING: Option<&'static str> = None;
    /// A file that may only be read is so on every connection.
    const ASK_WRITABLE: &'static str = "SELECT 1";
    const MOVES_ROWS: bool = false;
    const PARTITIONED: bool = false;

    fn text(statement: &Statement) -> &'static str {
        statement.sqlite
    }

    fn now_parameter(clock: &Clock) -> i64 {
        clock.now_ms()
    }

    fn bind(
        text: &StatementText,
        mut parameters: Parameters,
    ) -> Result<Vec<(SqlStr, SqliteArguments)>, Error> {
        let Some(rows) = parameters.rows() else {
            let mut arguments = SqliteArguments::default();
            bind_values(&mut arguments, &parameters.values)?;
            return Ok(vec![(text.whole(), arguments)]);
        };
        let most = ROWS[ROWS.len() - 1];
        let chunks = (0..rows)
            .step_by(most)
            .map(|start| start..rows.min(start + most));
        chunks
            .map(|chunk| bind_chunk(text, &mut parameters, chunk))
            .collect()
    }

    async fn execute(
        connection: &mut SqliteConnection,
        text: SqlStr,
        arguments: SqliteArguments,
        _: bool,
    ) -> Result<u64, sqlx::Error> {
        Ok(sqlx::query_with(text, arguments)
            .execute(connection)
            .await?
            .rows_affected())
    }

    async fn fetch(
        connection: &mut SqliteConnection,
        text: SqlStr,
        arguments: SqliteArguments,
        _: bool,
    ) -> Result<Vec<SqliteRow>, sqlx::Error> {
        sqlx::query_with(text, arguments)
            .fetch_all(connection)
            .await
    }

    async fn command(
        connection: &mut SqliteConnection,
        text: &'static str,
    ) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(text).execute(connection).await?;
        Ok(())
    }

    async fn script(connection: &mut SqliteConnection, text: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// One: its pages stay in memory.
    async fn own_connections(
        pool: &Pool<Sqlite>,
        prefix: &Prefix,
        _: bool,
    ) -> Option<(Pool<Sqlite>, usize)> {
        Some((writer::connect(pool, prefix).await?, 1))
    }

    /// Next to the database's own file, wherever a link to it may be; none in memory.
    fn presence_file(pool: &Pool<Sqlite>, prefix: &Prefix) -> Option<PathBuf> {
        let options = pool.connect_options();
        let mut path = options.get_filename().canonicalize().ok()?.into_os_string();
        path.push(format!("-{prefix}workers"));
        Some(path.into())
    }

    async fn check(connection: &mut SqliteConnection) -> Result<(), Error> {
        open::check(connection).await
    }

    async fn locate(
        connection: &mut SqliteConnection,
        prefix: &Prefix,
    ) -> Result<(Prefix, bool), Error> {
        if let Some(found) = prefix.schema() {
            let reason = "SQLite has no schemas; leave `in_schema` out";
            return Err(Error::Schema { found, reason });
        }
        let table = format!("{prefix}schema_version");
        let found = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
            .bind(table)
            .fetch_optional(connection)
            .await?;
        Ok((prefix.clone(), found.is_some()))
    }

    async fn create_schema(_: &mut SqliteConnection, _: &Prefix) -> Result<(), sqlx::Error> {
        Ok(())
    }

    /// `BEGIN IMMEDIATE` is that lock.
    async fn lock_schema(_: &mut SqliteConnection, _: &Prefix) -> Result<(), sqlx::Error> {
        Ok(())
    }

    /// Other processes on the file find out at their next poll. What a store keeps running is the checkpoints.
    fn connect_wake(pool: &Pool<Sqlite>, _: &Prefix, wake: &Wake, _: Carrier<Sqlite>) {
        checkpoint::start(pool, wake);
    }

    fn column(row: &SqliteRow, name: &str) -> Result<usize, sqlx::Error> {
        name.index(row)
    }

    async fn create_partitions(_: &Pool<Sqlite>, _: &Prefix, _: i64) -> Result<(), Error> {
        Ok(())
    }

    async fn drop_partitions(
        _: &Pool<Sqlite>,
        _: &Prefix,
        _: &'static str,
        _: i64,
    ) -> Result<bool, Error> {
        Ok(true)
    }

    fn int(row: &SqliteRow, column: usize) -> Result<Option<i64>, sqlx::Error> {
        row.try_get(column)
    }

    fn string(row: &SqliteRow, column: usize) -> Result<Option<String>, sqlx::Error> {
        row.try_get(column)
    }

    fn bytes(row: &SqliteRow, column: usize) -> Result<Option<Vec<u8>>, sqlx::Error> {
        row.try_get(column)
    }

    fn slice(row: &SqliteRow, column: usize) -> Result<Option<&[u8]>, sqlx::Error> {
        row.try_get(column)
    }
}

fn bind_values(arguments: &mut SqliteArguments, values: &[SqlValue]) -> Result<(), Error> {
    for value in values {
        match value.clone() {
            SqlValue::Int(value) => arguments.add(value),
            SqlValue::Text(value) => arguments.add(value),
            SqlValue::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(())
}

/// One text with the smallest list that holds the chunk, filled up with NULL. The rows are taken out, not copied.
fn bind_chunk(
    text: &StatementText,
    parameters: &mut Parameters,
    chunk: std::ops::Range<usize>,
) -> Result<(SqlStr, SqliteArguments), Error> {
    let size = ROWS
        .iter()
        .position(|rows| *rows >= chunk.len())
        .unwrap_or(ROWS.len() - 1);
    let width = parameters.columns.len();
    let mut arguments = SqliteArguments::default();
    arguments.reserve(parameters.values.len() + ROWS[size] * width, 0);
    for row in chunk.start..chunk.start + ROWS[size] {
        for column in &mut parameters.columns {
            let inside = row < chunk.end;
            match column {
                Column::Int(cells) if inside => arguments.add(cells[row]),
                Column::Text(cells) if inside => arguments.add(cells[row].take()),
                Column::Bytes(cells) if inside => arguments.add(cells[row].take()),
                _ => arguments.add(None::<i64>),
            }
            .map_err(sqlx::Error::Encode)?;
        }
    }
    bind_values(&mut arguments, &parameters.values)?;
    Ok((text.expanded(size, width), arguments))
}
