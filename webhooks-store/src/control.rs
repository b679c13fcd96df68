//! Changing what waits: calling jobs off, and having them done again.

use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, Lane};
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Calls off unfinished jobs and returns those that were; they are kept as cancelled.
    ///
    /// A running job cannot be stopped in its worker, but what the worker says will change nothing.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn cancel_in(&self, connection: &mut D::Connection, ids: &[Id]) -> Result<Vec<Id>, Error> {
        let _ = (connection, ids);
        todo!()
    }

    /// Calls off up to `limit` unfinished jobs of a lane and returns them. Fewer than `limit`: none is left.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn cancel_lane(&self, queue: &str, lane: &Lane, limit: u32) -> Result<Vec<Id>, Error> {
        let _ = (queue, lane, limit);
        todo!()
    }

    /// Has jobs done again, whether they are finished (then they wait again) or pending (then the new time takes the
    /// place of the old). Returns those that are; a running job is left alone.
    ///
    /// `attempts` sets how many tries count as made; without it the count goes on.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn restart_in(
        &self,
        connection: &mut D::Connection,
        ids: &[Id],
        due: Due,
        attempts: Option<u32>,
    ) -> Result<Vec<Id>, Error> {
        let _ = (connection, ids, due, attempts);
        todo!()
    }
}
