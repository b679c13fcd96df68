//! A connection to read on.
//!
//! PostgreSQL keeps the plan of a prepared statement for as long as the connection lives. A plan that was made while a
//! table was empty reads the whole table, and goes on doing so when it is full. So what the store reads on a connection of
//! the pool, it reads in a transaction that rules such plans out; its own connections do so for good, and SQLite plans
//! without looking at the data.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;

use crate::database::Database;
use crate::own_connection::OwnConnection;

/// A connection to read on. On PostgreSQL nothing can be written on one of [`Store::connection`](crate::Store::connection);
/// one of [`Store::worker_connection`](crate::Store::worker_connection) is only meant for reading.
#[derive(Debug)]
pub struct Reading<D: Database>(pub(crate) Source<D>);

#[derive(Debug)]
pub(crate) enum Source<D: Database> {
    Connection(PoolConnection<D>),
    Own(OwnConnection<D>),
    /// Undone when it is dropped, which costs nothing: it has read only.
    Transaction(sqlx::Transaction<'static, D>),
}

impl<D: Database> Reading<D> {
    /// What was read has been read to its end. Without this word the connection is asked first whether it still answers.
    pub fn end(self) {
        if let Source::Own(connection) = self.0 {
            connection.release();
        }
    }
}

impl<D: Database> Deref for Reading<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match &self.0 {
            Source::Connection(connection) => connection,
            Source::Own(connection) => connection,
            Source::Transaction(transaction) => transaction,
        }
    }
}

impl<D: Database> DerefMut for Reading<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match &mut self.0 {
            Source::Connection(connection) => connection,
            Source::Own(connection) => connection,
            Source::Transaction(transaction) => transaction,
        }
    }
}
