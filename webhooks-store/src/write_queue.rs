//! The queue of writers: SQLite has one writer at a time, and a writer that finds it busy sleeps, longer and longer,
//! before it looks again.
//!
//! So the writers of one store queue up here, where the next one is woken immediately. The application's transactions do
//! when it [begins them here](crate::Store::begin_in_pool); between the others and ours SQLite decides. PostgreSQL needs
//! no queue.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use crate::database::Database;
use crate::error::Error;

/// The queue of a store's writers.
#[derive(Debug)]
pub(crate) struct WriteQueue {
    queue: Option<Arc<Mutex<()>>>,
}

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(crate) struct WriteTurn(
    #[cfg_attr(not(test), expect(dead_code, reason = "held, not read"))]
    Option<OwnedMutexGuard<()>>,
);

/// A task that holds its turn that long is taken to be stuck; then SQLite's own lock decides.
const PATIENCE: Duration = Duration::from_secs(10);

impl WriteQueue {
    pub(crate) fn of<D: Database>() -> Self {
        Self {
            queue: D::ONE_WRITER.then(Arc::default),
        }
    }

    pub(crate) async fn take(&self) -> WriteTurn {
        let Some(queue) = &self.queue else {
            return WriteTurn(None);
        };
        WriteTurn(timeout(PATIENCE, Arc::clone(queue).lock_owned()).await.ok())
    }
}

/// A transaction that may write, as [`Store::begin`](crate::Store::begin) returns it: in use, it is its connection.
/// Dropped without a commit it is rolled back.
#[derive(Debug)]
pub struct Transaction<D: Database> {
    transaction: sqlx::Transaction<'static, D>,
    turn: WriteTurn,
}

impl<D: Database> Transaction<D> {
    pub(crate) fn new(transaction: sqlx::Transaction<'static, D>, turn: WriteTurn) -> Self {
        Self { transaction, turn }
    }

    /// Keeps what was written.
    ///
    /// # Errors
    ///
    /// When the database fails. When the connection was lost, it is unknown whether it was kept.
    pub async fn commit(self) -> Result<(), Error> {
        let Self { transaction, turn } = self;
        let committed = transaction.commit().await;
        drop(turn);
        Ok(committed?)
    }

    /// Undoes what was written.
    ///
    /// # Errors
    ///
    /// When the database fails; nothing is kept then either.
    pub async fn rollback(self) -> Result<(), Error> {
        let Self { transaction, turn } = self;
        let undone = transaction.rollback().await;
        drop(turn);
        Ok(undone?)
    }
}

impl<D: Database> Deref for Transaction<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.transaction
    }
}

impl<D: Database> DerefMut for Transaction<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.transaction
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn writers_wait_for_each_other_and_a_forgotten_turn_ends_by_itself() {
        let queue = WriteQueue::of::<sqlx::Sqlite>();
        let first = queue.take().await;
        assert!(
            timeout(PATIENCE / 2, queue.take()).await.is_err(),
            "the turn is taken"
        );
        let start = tokio::time::Instant::now();
        let second = queue.take().await;
        assert_eq!(start.elapsed(), PATIENCE);
        assert!(second.0.is_none());
        drop(first);
        assert!(queue.take().await.0.is_some());
    }
}
