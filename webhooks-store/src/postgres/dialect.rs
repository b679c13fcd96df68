//! What PostgreSQL does in its own way: arrays for rows, its own clock, an advisory lock for migrations.

use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Arguments, Pool, Postgres, Row, SqlStr};

use crate::clock::Clock;
use crate::database::{Database, Dialect};
use crate::error::Error;
use crate::parameters::{Column, Parameters, Value};
use crate::postgres::notify;
use crate::prefix::Prefix;
use crate::statement::{Sql, Statement};
use crate::wake::Wake;

impl Database for Postgres {}

impl Dialect for Postgres {
    /// Of the statement, not of the transaction, which may be the application's and long; and stable within the
    /// statement, so that an index can be searched by it.
    const NOW: &'static str =
        "((extract(epoch FROM statement_timestamp()) * 1000)::bigint + $1::bigint)";

    const ONE_WRITER: bool = false;
    const BEGIN: &'static str = "BEGIN";
    /// The store's own transactions are written for this level: under a stricter default of the database or the role,
    /// two of them that meet would fail each other (SQLSTATE 40001).
    const BEGIN_DURABLE: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
    const BEGIN_BOOKKEEPING: &'static str = Self::BEGIN_DURABLE;
    const BOOKKEEPING: Option<&'static str> = None;

    fn text(statement: &Statement) -> &'static str {
        statement.postgres
    }

    fn now_parameter(clock: &Clock) -> i64 {
        clock.added_ms()
    }

    fn bind(sql: &Sql<Self>, parameters: Parameters) -> Result<Vec<(SqlStr, PgArguments)>, Error> {
        if parameters.rows() == Some(0) {
            return Ok(Vec::new());
        }
        let mut arguments = PgArguments::default();
        for value in parameters.values {
            match value {
                Value::Int(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        for column in parameters.columns {
            match column {
                Column::Int(cells) => arguments.add(cells),
                Column::Text(cells) => arguments.add(cells),
                Column::Bytes(cells) => arguments.add(cells),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(vec![(sql.whole(), arguments)])
    }

    async fn execute(
        connection: &mut PgConnection,
        text: SqlStr,
        arguments: PgArguments,
    ) -> Result<u64, sqlx::Error> {
        Ok(sqlx::query_with(text, arguments)
            .execute(connection)
            .await?
            .rows_affected())
    }

    async fn fetch(
        connection: &mut PgConnection,
        text: SqlStr,
        arguments: PgArguments,
    ) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query_with(text, arguments)
            .fetch_all(connection)
            .await
    }

    async fn script(connection: &mut PgConnection, text: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// A server that crashes would undo the claims of workers that live on, and the number of a claim would be given
    /// twice: claims are durable here.
    async fn own_writer(_: &Pool<Postgres>, _: &Prefix) -> Option<Pool<Postgres>> {
        None
    }

    /// Without a synchronous commit the server confirms what it has not flushed, and a crash loses what was promised.
    async fn check(connection: &mut PgConnection) -> Result<(), Error> {
        let found: String = sqlx::query_scalar("SELECT current_setting('synchronous_commit')")
            .persistent(false)
            .fetch_one(connection)
            .await?;
        if found == "off" {
            return Err(Error::Setting {
                name: "synchronous_commit",
                found,
                wanted: "it must not be off, or a crash of the server loses what was accepted: \
                         `ALTER ROLE .. SET synchronous_commit = on`, or \
                         `.options([(\"synchronous_commit\", \"on\")])` on its PgConnectOptions",
            });
        }
        Ok(())
    }

    /// Held until the transaction ends, by whoever uses the same prefix in the same schema.
    async fn lock_schema(
        connection: &mut PgConnection,
        prefix: &Prefix,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.' || $1, 0))",
        )
        .bind(prefix.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }

    fn connect_wake(pool: &Pool<Postgres>, prefix: &Prefix, wake: &Wake) {
        notify::connect(pool, prefix, wake);
    }

    fn int(row: &PgRow, column: usize) -> Result<Option<i64>, sqlx::Error> {
        row.try_get(column)
    }

    fn string(row: &PgRow, column: usize) -> Result<Option<String>, sqlx::Error> {
        row.try_get(column)
    }

    fn bytes(row: &PgRow, column: usize) -> Result<Option<Vec<u8>>, sqlx::Error> {
        row.try_get(column)
    }
}
