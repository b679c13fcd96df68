//! Where the sender lives: a SQLite file, or a PostgreSQL server of the program's own.

mod postgres;
mod sqlite;

use std::time::Duration;

use anyhow::Result;
use sqlx::Pool;
use webhooks_store::Database;

pub use self::postgres::{PostgresHome, connect};
pub use self::sqlite::SqliteHome;
use crate::rows::Value;

/// A place for databases.
#[expect(async_fn_in_trait, reason = "no caller is generic over threads")]
pub trait Home {
    type Database: Database;

    fn name(&self) -> &'static str;

    /// A new, empty database. The one before is removed.
    async fn fresh(&self) -> Result<Pool<Self::Database>>;

    /// The database of this name, made where it is not there.
    async fn named(&self, name: &str) -> Result<Pool<Self::Database>>;

    /// Makes the database forget nothing that it has promised, and settle: what was filled in is not measured.
    async fn settle(&self, pool: &Pool<Self::Database>) -> Result<()>;

    /// CPU time of the database's own processes so far.
    fn cpu_time(&self) -> Result<Duration>;

    /// What the database has counted so far; a SQLite file counts nothing.
    async fn counted(&self) -> Result<Counted>;

    /// Where another process finds the newest database.
    fn place(&self) -> String;

    /// How an application begins a transaction that writes.
    fn begin(&self) -> &'static str;

    /// What an application writes in it.
    async fn pay(
        &self,
        connection: &mut <Self::Database as sqlx::Database>::Connection,
    ) -> Result<()>;

    async fn script(&self, pool: &Pool<Self::Database>, script: String) -> Result<()>;

    /// Writes rows in one transaction, as fast as the database takes them.
    async fn insert(
        &self,
        pool: &Pool<Self::Database>,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> Result<()>;

    /// The partitions of the history of so many days before today, in SQL: as they would be, had the sender run then.
    fn past_days(&self, days: u32) -> String;

    /// The numbers `n` from 1 to `count` as a table, in SQL.
    fn series(&self, count: usize) -> String;

    /// The number `n` of a series as sixteen bytes, in SQL; two hexadecimal digits stand before it.
    fn key(&self, prefix: &str) -> String;

    /// The numbers `n` and `s` as sixteen bytes that sort by both, in SQL.
    fn key_of_two(&self) -> &'static str;

    /// So many bytes, in SQL.
    fn bytes(&self, count: usize) -> String;
}

/// What a server has counted in the newest database.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    /// Statements, those that begin and end transactions included.
    pub statements: i64,
    /// Transactions, those that only read included.
    pub transactions: i64,
    /// Bytes of the write-ahead log, of the whole server.
    pub wal: i64,
}

impl Counted {
    /// What has been counted since an earlier look.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            statements: self.statements - earlier.statements,
            transactions: self.transactions - earlier.transactions,
            wal: self.wal - earlier.wal,
        }
    }
}

const PAY: &str = "INSERT INTO payments (id, amount) VALUES (1, 100)";
