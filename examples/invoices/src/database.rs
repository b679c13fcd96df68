//! The application's own tables. PostgreSQL and SQLite understand the same SQL here, so it is written once.
//!
//! A team with one database writes plain functions over `PgPool` instead of this trait.

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgPoolOptions, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Pool, Result};
use webhooks_sender::database::Database;

use crate::events::{Invoice, Status};

/// An invoice that is to be written.
#[derive(Debug, Clone)]
pub struct NewInvoice {
    /// Who pays it.
    pub customer: String,
    /// The amount in the smallest unit of its currency.
    pub amount: i64,
    /// The currency by ISO 4217.
    pub currency: String,
}

/// What the application asks of its database.
pub trait Tables: Database {
    /// Opens the database with the settings that it and the sender need.
    fn open(url: &str) -> impl Future<Output = Result<Pool<Self>>> + Send;

    /// Makes the application's tables. `invoices migrate` does so, before any process starts.
    fn create(pool: &Pool<Self>) -> impl Future<Output = Result<()>> + Send;

    /// Writes an invoice.
    fn insert(
        connection: &mut Self::Connection,
        account: &str,
        new: &NewInvoice,
    ) -> impl Future<Output = Result<Invoice>> + Send;

    /// Changes an open invoice of this account. An invoice that is not open stays as it is.
    fn close(
        connection: &mut Self::Connection,
        account: &str,
        id: i64,
        status: Status,
    ) -> impl Future<Output = Result<Option<Invoice>>> + Send;

    /// The invoices of this account behind `after`, by number.
    fn list(
        connection: &mut Self::Connection,
        account: &str,
        after: i64,
    ) -> impl Future<Output = Result<Vec<Invoice>>> + Send;
}

type Row = (i64, String, i64, String, String);

fn invoice((id, customer, amount, currency, status): Row) -> Invoice {
    let status = match status.as_str() {
        "paid" => Status::Paid,
        "void" => Status::Void,
        _ => Status::Open,
    };
    Invoice {
        id,
        customer,
        amount,
        currency,
        status,
    }
}

macro_rules! tables {
    ($database:ty, $open:path, $id:literal) => {
        impl Tables for $database {
            async fn open(url: &str) -> Result<Pool<Self>> {
                $open(url).await
            }

            async fn create(pool: &Pool<Self>) -> Result<()> {
                let table = concat!(
                    "CREATE TABLE IF NOT EXISTS invoice (id ",
                    $id,
                    " PRIMARY KEY, account TEXT NOT NULL, customer TEXT NOT NULL, amount BIGINT NOT NULL, \
                     currency TEXT NOT NULL, status TEXT NOT NULL)"
                );
                sqlx::query(table).execute(pool).await?;
                let index = "CREATE INDEX IF NOT EXISTS invoice_account ON invoice (account, id)";
                sqlx::query(index).execute(pool).await?;
                Ok(())
            }

            async fn insert(connection: &mut Self::Connection, account: &str, new: &NewInvoice) -> Result<Invoice> {
                let sql = "INSERT INTO invoice (account, customer, amount, currency, status) \
                           VALUES ($1, $2, $3, $4, 'open') RETURNING id, customer, amount, currency, status";
                let query = sqlx::query_as(sql).bind(account).bind(&new.customer);
                let query = query.bind(new.amount).bind(&new.currency);
                Ok(invoice(query.fetch_one(connection).await?))
            }

            async fn close(
                connection: &mut Self::Connection,
                account: &str,
                id: i64,
                status: Status,
            ) -> Result<Option<Invoice>> {
                let sql = "UPDATE invoice SET status = $3 WHERE account = $1 AND id = $2 AND status = 'open' \
                           RETURNING id, customer, amount, currency, status";
                let query = sqlx::query_as(sql).bind(account).bind(id).bind(status.as_str());
                Ok(query.fetch_optional(connection).await?.map(invoice))
            }

            async fn list(connection: &mut Self::Connection, account: &str, after: i64) -> Result<Vec<Invoice>> {
                let sql = "SELECT id, customer, amount, currency, status FROM invoice \
                           WHERE account = $1 AND id > $2 ORDER BY id LIMIT 100";
                let query = sqlx::query_as(sql).bind(account).bind(after);
                Ok(query.fetch_all(connection).await?.into_iter().map(invoice).collect())
            }
        }
    };
}

tables!(
    Postgres,
    open_postgres,
    "BIGINT GENERATED ALWAYS AS IDENTITY"
);
tables!(Sqlite, open_sqlite, "INTEGER");

/// A worker uses few connections; most of its time it waits for receivers.
const CONNECTIONS: u32 = 10;

async fn open_postgres(url: &str) -> Result<Pool<Postgres>> {
    let options = PgPoolOptions::new().max_connections(CONNECTIONS);
    options
        .acquire_timeout(Duration::from_secs(10))
        .connect(url)
        .await
}

async fn open_sqlite(url: &str) -> Result<Pool<Sqlite>> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10));
    let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
    pool.connect_with(options).await
}
