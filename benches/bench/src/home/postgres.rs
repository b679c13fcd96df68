//! A PostgreSQL server of the program's own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Pool, Row};
use webhooks_store::Postgres;

use super::{Counted, Home, PAY};
use crate::postgres::Server;
use crate::rows::{self, Value};

/// Databases of one server.
#[derive(Debug)]
pub struct PostgresHome {
    server: Server,
    count: AtomicUsize,
}

impl PostgresHome {
    pub fn new() -> Result<Self> {
        Ok(Self {
            server: Server::start()?,
            count: AtomicUsize::new(0),
        })
    }

    /// A server whose directory stays.
    pub fn kept(directory: PathBuf) -> Result<Self> {
        Ok(Self {
            server: Server::start_kept(directory)?,
            count: AtomicUsize::new(0),
        })
    }

    fn newest(&self) -> String {
        format!("bench_{}", self.count.load(Ordering::Relaxed))
    }
}

impl Home for PostgresHome {
    type Database = Postgres;

    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    async fn fresh(&self) -> Result<Pool<Postgres>> {
        let everything = connect(&self.server.url("postgres")).await?;
        // The last one of this run, and one that a run before left under the name of the next.
        let last = self.newest();
        let is_first = self.count.fetch_add(1, Ordering::Relaxed) == 0;
        for name in [last, self.newest()] {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(drop))
                .execute(&everything)
                .await?;
        }
        if is_first {
            sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                .execute(&everything)
                .await?;
        }
        let create = format!("CREATE DATABASE {}", self.newest());
        sqlx::raw_sql(AssertSqlSafe(create))
            .execute(&everything)
            .await?;
        everything.close().await;
        connect(&self.place()).await
    }

    async fn named(&self, name: &str) -> Result<Pool<Postgres>> {
        let everything = connect(&self.server.url("postgres")).await?;
        let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        let known = sqlx::raw_sql(AssertSqlSafe(known))
            .fetch_optional(&everything)
            .await?;
        if known.is_none() {
            let create = format!("CREATE DATABASE {name}");
            sqlx::raw_sql(AssertSqlSafe(create))
                .execute(&everything)
                .await?;
        }
        everything.close().await;
        connect(&self.server.url(name)).await
    }

    async fn settle(&self, pool: &Pool<Postgres>) -> Result<()> {
        sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await?;
        sqlx::raw_sql("CHECKPOINT").execute(pool).await?;
        Ok(())
    }

    fn cpu_time(&self) -> Result<Duration> {
        self.server.cpu_time()
    }

    /// Asked in another database, so that the question does not count.
    async fn counted(&self) -> Result<Counted> {
        let mut connection = PgConnection::connect(&self.server.url("postgres")).await?;
        let text = format!(
            "SELECT (SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements JOIN pg_database ON oid = dbid
                     WHERE datname = '{0}'),
                    (SELECT coalesce(sum(xact_commit + xact_rollback), 0)::bigint FROM pg_stat_database
                     WHERE datname = '{0}'),
                    (pg_current_wal_insert_lsn() - '0/0')::bigint",
            self.newest()
        );
        let row = sqlx::raw_sql(AssertSqlSafe(text))
            .fetch_one(&mut connection)
            .await?;
        let counted = Counted {
            statements: row.try_get(0)?,
            transactions: row.try_get(1)?,
            wal: row.try_get(2)?,
        };
        connection.close().await?;
        Ok(counted)
    }

    fn place(&self) -> String {
        self.server.url(&self.newest())
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    async fn pay(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(PAY).execute(connection).await?;
        Ok(())
    }

    async fn script(&self, pool: &Pool<Postgres>, script: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(script)).execute(pool).await?;
        Ok(())
    }

    async fn insert(
        &self,
        pool: &Pool<Postgres>,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> Result<()> {
        rows::copy(pool, table, columns, rows).await
    }

    fn past_days(&self, days: u32) -> String {
        format!(
            "DO $$ DECLARE day bigint; parent text; part text; low text; high text;
             BEGIN
                 FOR day IN SELECT (current_date - date '1970-01-01') - n FROM generate_series(1, {days}) AS n LOOP
                     FOREACH parent IN ARRAY ARRAY['history', 'attempt', 'answer'] LOOP
                         part := 'webhooks_' || parent || '_' || to_char(date '1970-01-01' + day::int, 'YYYYMMDD');
                         low := day * 86400000; high := (day + 1) * 86400000;
                         IF parent <> 'answer' THEN
                             low := quote_literal('\\x' || lpad(to_hex(low::bigint), 12, '0'));
                             high := quote_literal('\\x' || lpad(to_hex(high::bigint), 12, '0'));
                         END IF;
                         EXECUTE format('CREATE TABLE IF NOT EXISTS %s PARTITION OF webhooks_%s FOR VALUES FROM (%s) TO (%s)',
                                        part, parent, low, high);
                     END LOOP;
                 END LOOP;
             END $$"
        )
    }

    fn series(&self, count: usize) -> String {
        format!("(SELECT n FROM generate_series(1, {count}) AS n)")
    }

    fn key(&self, prefix: &str) -> String {
        format!("decode('{prefix}' || lpad(to_hex(n), 30, '0'), 'hex')")
    }

    fn key_of_two(&self) -> &'static str {
        "decode('03' || lpad(to_hex(n), 16, '0') || lpad(to_hex(s), 14, '0'), 'hex')"
    }

    fn bytes(&self, count: usize) -> String {
        format!("convert_to(repeat('x', {count}), 'UTF8')")
    }
}

/// As the sender's documentation advises.
pub async fn connect(url: &str) -> Result<Pool<Postgres>> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .statement_cache_capacity(400)
        .disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(20)
        .connect_with(options)
        .await
        .context("cannot connect to PostgreSQL")
}
