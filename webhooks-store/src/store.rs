//! The store: a pool, the loaded statements and the clock. Cheap to clone.
//!
//! Each thing it can do to jobs is a file of its own that adds methods here.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Pool, SqlSafeStr};

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::own_connection::{OwnConnection, OwnConnections};
use crate::prefix::Prefix;
use crate::reading::{Reading, Source};
use crate::sql::Sql;
use crate::statement::Statement;
use crate::statements::Statements;
use crate::wake::Wake;
use crate::write_queue::{Beginning, Transaction, WriteQueue};

/// Durable jobs in a database, and the way to run SQL on the same database. Clones share everything.
#[derive(Debug)]
pub struct Store<D: Database> {
    inner: Arc<Inner<D>>,
}

#[derive(Debug)]
struct Inner<D: Database> {
    pool: Pool<D>,
    /// Connections of the store's own; the application's serve where there are none.
    own: Option<OwnConnections<D>>,
    write_queue: WriteQueue,
    prefix: Prefix,
    clock: Clock,
    statements: Statements<D>,
    wake: Wake,
    has_named_statements: bool,
    is_read_only: bool,
}

fn prepared<D: Database>(
    statement: &Statement,
    prefix: &Prefix,
    clock: &Clock,
    is_named: bool,
) -> Sql<D> {
    let sql = Sql::new(statement, prefix, clock);
    if is_named { sql } else { sql.unnamed() }
}

impl<D: Database> Store<D> {
    pub(crate) fn new(
        (pool, own): (Pool<D>, Option<OwnConnections<D>>),
        prefix: Prefix,
        clock: Clock,
        wake: Wake,
        has_named_statements: bool,
        is_read_only: bool,
    ) -> Self {
        let prepare =
            |statement: &Statement| prepared(statement, &prefix, &clock, has_named_statements);
        let (write_queue, statements) = (WriteQueue::of::<D>(), Statements::load(prepare));
        Self {
            inner: Arc::new(Inner {
                pool,
                own,
                write_queue,
                prefix,
                clock,
                statements,
                wake,
                has_named_statements,
                is_read_only,
            }),
        }
    }

    /// Refuses on a store that only reads. A transaction of the application's own is not looked at.
    pub(crate) fn may_write(&self) -> Result<(), Error> {
        if self.inner.is_read_only {
            let reason = "the store was opened to read only".to_owned();
            return Err(Error::ReadOnly(sqlx::Error::InvalidArgument(reason)));
        }
        Ok(())
    }

    /// A transaction that may write: `BEGIN IMMEDIATE` on SQLite, so that it waits for its turn at the beginning
    /// instead of failing in the middle.
    ///
    /// # Errors
    ///
    /// When no connection is to be had, or another writer held SQLite's lock beyond the busy time-out.
    pub async fn begin(&self) -> Result<Transaction<D>, Error> {
        // What is begun here may be kept open for long, where there are several writers.
        if D::ONE_WRITER {
            return self.begin_durable().await;
        }
        self.begin_on_pool(D::BEGIN_DURABLE).await
    }

    /// A transaction of the application, on a connection of its pool: `BEGIN IMMEDIATE` on SQLite.
    ///
    /// It queues up with the store's own writers, where the next one is woken immediately. A transaction that the
    /// application begins by itself finds SQLite's lock taken now and then and sleeps, up to 0.1 s, before it looks again.
    ///
    /// # Errors
    ///
    /// As [`begin`](Store::begin).
    pub async fn begin_in_pool(&self) -> Result<Transaction<D>, Error> {
        self.begin_on_pool(D::BEGIN).await
    }

    /// A transaction for what is only done once more if it is lost: outcomes, and who owns what.
    ///
    /// In a SQLite file it is committed without waiting for the disk (`synchronous = NORMAL`, on a connection of the
    /// store's own). A crash of the program loses nothing of it; a power cut may undo the last of these transactions,
    /// in their order, and then those jobs are due again under the same ids. What [`begin`](Store::begin) or the
    /// application commits afterwards flushes them too. On PostgreSQL it is the same as `begin`.
    ///
    /// # Errors
    ///
    /// As [`begin`](Store::begin).
    pub async fn begin_bookkeeping(&self) -> Result<Transaction<D>, Error> {
        match &self.inner.own {
            Some(own) => {
                self.begin_own(own, D::BEGIN_OWN.unwrap_or(D::BEGIN_BOOKKEEPING))
                    .await
            }
            None => self.begin_on_pool(D::BEGIN_BOOKKEEPING).await,
        }
    }

    /// As [`begin`](Store::begin), for the store's own work.
    pub(crate) async fn begin_durable(&self) -> Result<Transaction<D>, Error> {
        match &self.inner.own {
            Some(own) => {
                self.begin_own(own, D::BEGIN_OWN.unwrap_or(D::BEGIN_DURABLE))
                    .await
            }
            None => self.begin_on_pool(D::BEGIN_DURABLE).await,
        }
    }

    async fn begin_own(
        &self,
        own: &OwnConnections<D>,
        begin: &'static str,
    ) -> Result<Transaction<D>, Error> {
        self.may_write()?;
        // First the turn, then the connection: it may be the only one, and workers read on it while a writer waits for its
        // turn. No task that holds it waits for a turn.
        let turn = self.inner.write_queue.take().await;
        Ok(Transaction::new(
            Beginning::Own(own.begin(begin).await?),
            turn,
        ))
    }

    async fn begin_on_pool(&self, begin: &'static str) -> Result<Transaction<D>, Error> {
        self.may_write()?;
        // First the connection, then the turn: the pool may be exhausted by tasks that wait for the turn.
        let connection = idle_connection(&self.inner.pool).await?;
        let turn = self.inner.write_queue.take().await;
        let begin = Some(begin.into_sql_str());
        let transaction = sqlx::Transaction::begin(connection, begin).await?;
        Ok(Transaction::new(Beginning::InPool(transaction), turn))
    }

    /// A connection for a worker to read what it needs: one of the store's own, where it has any. Keep it for a statement or
    /// two, say when they have [ended](Reading::end), and begin nothing meanwhile: on SQLite it is that of the writers,
    /// whose pages are in memory.
    ///
    /// # Errors
    ///
    /// When it is not to be had.
    pub async fn worker_connection(&self) -> Result<Reading<D>, Error> {
        match &self.inner.own {
            Some(own) => Ok(Reading(Source::Own(own.get().await?))),
            None => self.connection().await,
        }
    }

    /// A connection for statements each of which is a transaction by itself, where one needs no more than its own text for
    /// that: no turn among writers, and no settings that end with a transaction.
    pub(crate) async fn single_statements(&self) -> Result<Option<OwnConnection<D>>, Error> {
        let own = self.inner.own.as_ref().filter(|_| !D::ONE_WRITER);
        let Some(own) = own else {
            return Ok(None);
        };
        self.may_write()?;
        Ok(Some(own.get_to_write().await?))
    }

    /// A connection, to read.
    ///
    /// # Errors
    ///
    /// When no connection is to be had.
    pub async fn connection(&self) -> Result<Reading<D>, Error> {
        let connection = idle_connection(&self.inner.pool).await?;
        Ok(Reading(match D::BEGIN_READING {
            Some(begin) => Source::Transaction(
                sqlx::Transaction::begin(connection, Some(begin.into_sql_str())).await?,
            ),
            None => Source::Connection(connection),
        }))
    }

    /// Fills prefix and clock into a statement. Do it once, at start.
    pub fn load(&self, statement: &Statement) -> Sql<D> {
        let inner = &self.inner;
        prepared(
            statement,
            &inner.prefix,
            &inner.clock,
            inner.has_named_statements,
        )
    }

    /// Tells workers that there is something to do, and lets them wait for it.
    pub fn wake(&self) -> &Wake {
        &self.inner.wake
    }

    /// The pool in use.
    pub fn pool(&self) -> &Pool<D> {
        &self.inner.pool
    }

    /// What the tables' names begin with.
    pub fn prefix(&self) -> &Prefix {
        &self.inner.prefix
    }

    /// The clock in use.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Whether statements stay prepared on a connection, which no pooler allows.
    #[cfg(feature = "conformance")]
    pub(crate) fn has_named_statements(&self) -> bool {
        self.inner.has_named_statements
    }

    pub(crate) fn statements(&self) -> &Statements<D> {
        &self.inner.statements
    }
}

/// A connection of the pool on which no transaction is open.
///
/// SQLite ends a transaction by itself when the disk is full at COMMIT, and by `RAISE(ROLLBACK)`. The driver's own
/// ROLLBACK then fails, the driver goes on believing that a transaction is open, and every BEGIN on that connection
/// fails. Such a connection is closed here; the pool opens another one.
async fn idle_connection<D: Database>(pool: &Pool<D>) -> Result<PoolConnection<D>, Error> {
    let mut stuck = Vec::new();
    loop {
        let mut connection = pool.acquire().await?;
        if !connection.is_in_transaction() {
            return Ok(connection);
        }
        // The rollback of a transaction that was dropped may still be on its way to SQLite's thread; an answer to a
        // later request comes after it.
        if connection.ping().await.is_ok() && !connection.is_in_transaction() {
            return Ok(connection);
        }
        // A database in memory lives as long as one connection does: the stuck ones are closed after another one was
        // opened, unless they are all that the pool may have.
        connection.close_on_drop();
        stuck.push(connection);
        if stuck.len() >= pool.options().get_max_connections() as usize {
            stuck.clear();
        }
    }
}

impl<D: Database> Clone for Store<D> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}
