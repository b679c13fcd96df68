//! SQLite files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, process};

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Pool};
use webhooks_store::{Sqlite, Store};

use super::{Counted, Home, PAY};
use crate::rows::{self, Value};

/// SQLite files in a directory on the disk, as [`webhooks_sender::Sender::open`] makes them.
#[derive(Debug)]
pub struct SqliteHome {
    directory: PathBuf,
    is_kept: bool,
    count: AtomicUsize,
}

impl SqliteHome {
    /// In a directory that stays.
    pub fn kept(directory: PathBuf) -> Result<Self> {
        fs::create_dir_all(&directory).context("no directory for databases can be made")?;
        Ok(Self {
            directory,
            is_kept: true,
            count: AtomicUsize::new(0),
        })
    }

    /// Next to the program, because a machine's temporary directory may be in memory.
    pub fn new() -> Result<Self> {
        let program = std::env::current_exe().context("this program has no path")?;
        let target = program.parent().unwrap_or(Path::new("."));
        let directory = target.join(format!("bench-{}", process::id()));
        fs::create_dir_all(&directory).context("no directory for databases can be made")?;
        Ok(Self {
            directory,
            is_kept: false,
            count: AtomicUsize::new(0),
        })
    }

    fn path(&self) -> PathBuf {
        self.directory
            .join(format!("{}.db", self.count.load(Ordering::Relaxed)))
    }

    /// For other files on the same disk.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for SqliteHome {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed stays in the target directory.
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

impl Home for SqliteHome {
    type Database = Sqlite;

    fn name(&self) -> &'static str {
        "SQLite"
    }

    async fn fresh(&self) -> Result<Pool<Sqlite>> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            // Those that have a name stay.
            if entry.file_name().as_encoded_bytes()[0].is_ascii_digit() {
                // A connection that closes late removes its log itself.
                let _ = fs::remove_file(entry.path());
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let store = Store::file(self.path()).open().await?;
        Ok(store.pool().clone())
    }

    async fn named(&self, name: &str) -> Result<Pool<Sqlite>> {
        let store = Store::file(self.directory.join(format!("{name}.db")));
        Ok(store.open().await?.pool().clone())
    }

    async fn settle(&self, pool: &Pool<Sqlite>) -> Result<()> {
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(pool)
            .await?;
        Ok(())
    }

    /// SQLite has none: it works in ours.
    fn cpu_time(&self) -> Result<Duration> {
        Ok(Duration::ZERO)
    }

    async fn counted(&self) -> Result<Counted> {
        Ok(Counted::default())
    }

    fn place(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    async fn pay(&self, connection: &mut SqliteConnection) -> Result<()> {
        sqlx::query(PAY).execute(connection).await?;
        Ok(())
    }

    async fn script(&self, pool: &Pool<Sqlite>, script: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(script)).execute(pool).await?;
        Ok(())
    }

    async fn insert(
        &self,
        pool: &Pool<Sqlite>,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> Result<()> {
        rows::bind(pool, table, columns, rows).await
    }

    /// A SQLite file has none.
    fn past_days(&self, _: u32) -> String {
        "SELECT 1".to_owned()
    }

    fn series(&self, count: usize) -> String {
        format!(
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
        )
    }

    fn key(&self, prefix: &str) -> String {
        format!("unhex(printf('{prefix}%030x', n))")
    }

    fn key_of_two(&self) -> &'static str {
        "unhex(printf('03%016x%014x', n, s))"
    }

    fn bytes(&self, count: usize) -> String {
        format!("zeroblob({count})")
    }
}
