//! Transactions that keep what they have seen, while others write.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use sqlx::{Pool, Transaction};
use tokio::task::JoinSet;
use webhooks_sender::{Postgres, Sqlite};

use bench::home::{Home, PostgresHome, SqliteHome};

const READERS: usize = 4;
/// How often a reader looks before it ends its transaction, so that its snapshot is some seconds old.
const LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// All that is there, counted.
const LOOK: &str =
    "SELECT (SELECT count(*) FROM webhooks_history) + (SELECT count(*) FROM webhooks_job)";

/// A place whose databases can be read in a transaction with one snapshot.
pub(crate) trait Snapshot: Home {
    /// Begins a transaction that has its snapshot, and on PostgreSQL a number of its own, which nothing newer than it can be
    /// cleared away past. It is rolled back when dropped.
    fn hold(
        pool: &Pool<Self::Database>,
    ) -> impl Future<Output = Result<Transaction<'static, Self::Database>>> + Send;

    /// Counts in it.
    fn look(
        transaction: &mut Transaction<'static, Self::Database>,
    ) -> impl Future<Output = Result<()>> + Send;
}

impl Snapshot for SqliteHome {
    async fn hold(pool: &Pool<Sqlite>) -> Result<Transaction<'static, Sqlite>> {
        let mut transaction = pool.begin().await?;
        Self::look(&mut transaction).await?;
        Ok(transaction)
    }

    async fn look(transaction: &mut Transaction<'static, Sqlite>) -> Result<()> {
        sqlx::query(LOOK).fetch_one(&mut **transaction).await?;
        Ok(())
    }
}

impl Snapshot for PostgresHome {
    async fn hold(pool: &Pool<Postgres>) -> Result<Transaction<'static, Postgres>> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
        let mut transaction = pool.begin_with(begin).await?;
        let number = sqlx::query("SELECT pg_current_xact_id()");
        number.fetch_one(&mut *transaction).await?;
        Self::look(&mut transaction).await?;
        Ok(transaction)
    }

    async fn look(transaction: &mut Transaction<'static, Postgres>) -> Result<()> {
        sqlx::query(LOOK).fetch_one(&mut **transaction).await?;
        Ok(())
    }
}

/// Four that look all the time, each in transactions that overlap with those of the others.
pub(crate) struct Readers {
    tasks: JoinSet<Result<()>>,
    are_done: Arc<AtomicBool>,
}

impl Readers {
    pub(crate) fn start<S: Snapshot>(pool: &Pool<S::Database>) -> Self {
        let are_done = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for _ in 0..READERS {
            let (pool, are_done) = (pool.clone(), Arc::clone(&are_done));
            tasks.spawn(async move {
                while !are_done.load(Ordering::Relaxed) {
                    let mut transaction = S::hold(&pool).await?;
                    for _ in 0..LOOKS {
                        if are_done.load(Ordering::Relaxed) {
                            break;
                        }
                        S::look(&mut transaction).await?;
                        tokio::time::sleep(BETWEEN_LOOKS).await;
                    }
                }
                Ok(())
            });
        }
        Self { tasks, are_done }
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.are_done.store(true, Ordering::Relaxed);
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}
