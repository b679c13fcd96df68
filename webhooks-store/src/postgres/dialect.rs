//! What PostgreSQL does in its own way: arrays for rows, its own clock, an advisory lock for migrations.

use std::path::PathBuf;

use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Arguments, ColumnIndex, Connection, Pool, Postgres, Row, SqlStr};

use crate::clock::Clock;
use crate::database::{Carrier, Database, Dialect};
use crate::error::Error;
use crate::parameters::{Column, Parameters, SqlValue};
use crate::postgres::{notify, own, partition};
use crate::prefix::Prefix;
use crate::statement::{Statement, StatementText};
use crate::wake::Wake;

impl Database for Postgres {}

impl Dialect for Postgres {
    /// Of the statement, not of the transaction, which may be the application's and long; and stable within the
    /// statement, so that an index can be searched by it.
    const NOW: &'static str =
        "((extract(epoch FROM statement_timestamp()) * 1000)::bigint + $1::bigint)";

    const ONE_WRITER: bool = false;
    const PLACEHOLDER: char = '$';
    const BEGIN: &'static str = "BEGIN";
    const BEGIN_DURABLE: &'static str = own::BEGIN;
    const BEGIN_BOOKKEEPING: &'static str = own::BEGIN;
    const BEGIN_OWN: Option<&'static str> = Some("BEGIN");
    const BEGIN_READING: Option<&'static str> = Some(own::BEGIN_READING);
    const ASK_WRITABLE: &'static str =
        "SELECT 1 / (1 - current_setting('transaction_read_only')::boolean::integer)";
    const MOVES_ROWS: bool = true;
    const PARTITIONED: bool = true;

    fn text(statement: &Statement) -> &'static str {
        statement.postgres
    }

    fn now_parameter(clock: &Clock) -> i64 {
        clock.added_ms()
    }

    fn bind(
        text: &StatementText,
        parameters: Parameters,
    ) -> Result<Vec<(SqlStr, PgArguments)>, Error> {
        if parameters.rows() == Some(0) {
            return Ok(Vec::new());
        }
        let mut arguments = PgArguments::default();
        for value in parameters.values {
            match value {
                SqlValue::Int(value) => arguments.add(value),
                SqlValue::Text(value) => arguments.add(value),
                SqlValue::Bytes(value) => arguments.add(value),
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
        Ok(vec![(text.whole(), arguments)])
    }

    async fn execute(
        connection: &mut PgConnection,
        text: SqlStr,
        arguments: PgArguments,
        is_named: bool,
    ) -> Result<u64, sqlx::Error> {
        let query = sqlx::query_with(text, arguments).persistent(is_named);
        if is_named || connection.is_in_transaction() {
            return Ok(query.execute(connection).await?.rows_affected());
        }
        // Behind a pooler, parsing and running are two requests, which only a transaction keeps on one connection.
        let mut transaction = connection.begin().await?;
        let done = query.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    async fn fetch(
        connection: &mut PgConnection,
        text: SqlStr,
        arguments: PgArguments,
        is_named: bool,
    ) -> Result<Vec<PgRow>, sqlx::Error> {
        let query = sqlx::query_with(text, arguments).persistent(is_named);
        if is_named || connection.is_in_transaction() {
            return query.fetch_all(connection).await;
        }
        let mut transaction = connection.begin().await?;
        let rows = query.fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    async fn command(connection: &mut PgConnection, text: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(text).execute(connection).await?;
        Ok(())
    }

    async fn script(connection: &mut PgConnection, text: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(connection)
            .await?;
        Ok(())
    }

    async fn own_connections(
        pool: &Pool<Postgres>,
        _: &Prefix,
        has_named_statements: bool,
    ) -> Option<(Pool<Postgres>, usize)> {
        if !has_named_statements {
            return None;
        }
        own::connect(pool).await
    }

    fn presence_file(_: &Pool<Postgres>, _: &Prefix) -> Option<PathBuf> {
        None
    }

    /// Without a synchronous commit the server confirms what it has not flushed, and a crash loses what was promised.
    async fn check(connection: &mut PgConnection) -> Result<(), Error> {
        let found = sqlx::raw_sql("SELECT current_setting('synchronous_commit')")
            .fetch_one(connection)
            .await?;
        let found: String = found.try_get(0)?;
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

    /// Tables that are there are where the `search_path` finds them, in whichever of its schemas; new ones are made in
    /// its first. Asking only the first would make a second set of tables as soon as a schema with the user's name exists.
    async fn locate(
        connection: &mut PgConnection,
        prefix: &Prefix,
    ) -> Result<(Prefix, bool), Error> {
        let table = format!("{prefix}schema_version").replace('\'', "''");
        let text = format!(
            "SELECT (SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = to_regclass('{table}')), current_schema()::text"
        );
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .fetch_one(connection)
            .await?;
        let (found, current): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        let exists = found.is_some();
        let schema = prefix.schema().or(found).or(current);
        let schema = schema.ok_or(Error::Schema {
            found: String::new(),
            reason: "no schema of the connection's `search_path` exists; name one with `Prefix::in_schema`",
        })?;
        Ok((prefix.clone().in_schema(&schema)?, exists))
    }

    async fn create_schema(
        connection: &mut PgConnection,
        prefix: &Prefix,
    ) -> Result<(), sqlx::Error> {
        let Some(schema) = prefix.schema() else {
            return Ok(());
        };
        // `IF NOT EXISTS` asks for the right to create schemas also where it exists.
        let literal = schema.replace('\'', "''");
        let text = format!("SELECT 1 FROM pg_namespace WHERE nspname = '{literal}'");
        let exists = sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .fetch_optional(&mut *connection)
            .await?;
        if exists.is_none() {
            let identifier = schema.replace('"', "\"\"");
            let text = format!("CREATE SCHEMA IF NOT EXISTS \"{identifier}\"");
            Self::script(connection, text).await?;
        }
        Ok(())
    }

    /// Held until the transaction ends, by every program that uses the same prefix in the same schema.
    async fn lock_schema(
        connection: &mut PgConnection,
        prefix: &Prefix,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(prefix.to_string())
            .persistent(false)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn connect_wake(
        pool: &Pool<Postgres>,
        prefix: &Prefix,
        wake: &Wake,
        carrier: Carrier<Postgres>,
    ) {
        let pool_options = || (*pool.connect_options()).clone();
        match carrier {
            Carrier::Pool => notify::connect(pool, pool_options(), prefix, wake),
            Carrier::Address(options) => notify::connect(pool, options, prefix, wake),
            Carrier::Absent => {}
        }
    }

    fn column(row: &PgRow, name: &str) -> Result<usize, sqlx::Error> {
        name.index(row)
    }

    async fn create_partitions(
        pool: &Pool<Postgres>,
        prefix: &Prefix,
        now_ms: i64,
    ) -> Result<(), Error> {
        partition::create(pool, prefix, now_ms).await
    }

    async fn drop_partitions(
        pool: &Pool<Postgres>,
        prefix: &Prefix,
        table: &'static str,
        before_ms: i64,
    ) -> Result<bool, Error> {
        partition::drop_old(pool, prefix, table, before_ms).await
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

    fn slice(row: &PgRow, column: usize) -> Result<Option<&[u8]>, sqlx::Error> {
        row.try_get(column)
    }
}
