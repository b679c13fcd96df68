//! A connection to read on.
//!
//! PostgreSQL keeps the plan of a prepared statement for as long as the connection lives. A plan that was made while a
//! table was empty reads the whole table, and goes on doing so when it is full. So what the store reads, it reads in a
//! transaction that rules such plans out; SQLite plans without looking at the data and needs none.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;

use crate::database::Database;

/// A connection to read on, as [`Store::connection`](crate::Store::connection) returns it. On PostgreSQL nothing can be
/// written on it.
#[derive(Debug)]
pub struct Reading<D: Database>(pub(crate) Source<D>);

#[derive(Debug)]
pub(crate) enum Source<D: Database> {
    Connection(PoolConnection<D>),
    /// Undone when it is dropped, which costs nothing: it has read only.
    Transaction(sqlx::Transaction<'static, D>),
}

impl<D: Database> Deref for Reading<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match &self.0 {
            Source::Connection(connection) => connection,
            Source::Transaction(transaction) => transaction,
        }
    }
}

impl<D: Database> DerefMut for Reading<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match &mut self.0 {
            Source::Connection(connection) => connection,
            Source::Transaction(transaction) => transaction,
        }
    }
}
