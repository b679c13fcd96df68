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
use crate::own_connection::OwnTransaction;

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
///
/// The store has begun it by itself: the driver's own `begin` on it does not make a savepoint, SQL's `SAVEPOINT` does.
#[derive(Debug)]
pub struct Transaction<D: Database> {
    begun: Beginning<D>,
    turn: WriteTurn,
}

/// Where it was begun: on a connection of the pool, or on one of the store's own.
#[derive(Debug)]
pub(crate) enum Beginning<D: Database> {
    InPool(sqlx::Transaction<'static, D>),
    Own(OwnTransaction<D>),
}

impl<D: Database> Transaction<D> {
    pub(crate) fn new(begun: Beginning<D>, turn: WriteTurn) -> Self {
        Self { begun, turn }
    }

    /// Keeps what was written.
    ///
    /// # Errors
    ///
    /// When the database fails. When the connection was lost, it is unknown whether it was kept.
    pub async fn commit(self) -> Result<(), Error> {
        let Self { begun, turn } = self;
        let committed = match begun {
            Beginning::InPool(transaction) => transaction.commit().await,
            Beginning::Own(transaction) => transaction.commit().await,
        };
        drop(turn);
        Ok(committed?)
    }

    /// Undoes what was written.
    ///
    /// # Errors
    ///
    /// When the database fails; nothing is kept then either.
    pub async fn rollback(self) -> Result<(), Error> {
        let Self { begun, turn } = self;
        let undone = match begun {
            Beginning::InPool(transaction) => transaction.rollback().await,
            Beginning::Own(transaction) => transaction.rollback().await,
        };
        drop(turn);
        Ok(undone?)
    }
}

impl<D: Database> Deref for Transaction<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match &self.begun {
            Beginning::InPool(transaction) => transaction,
            Beginning::Own(transaction) => transaction,
        }
    }
}

impl<D: Database> DerefMut for Transaction<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match &mut self.begun {
            Beginning::InPool(transaction) => transaction,
            Beginning::Own(transaction) => transaction,
        }
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
