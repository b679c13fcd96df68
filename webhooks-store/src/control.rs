//! Changing what waits: calling jobs off, and having them done again.

use std::collections::BTreeSet;

use crate::database::Database;
use crate::enqueue::delay_or_moment;
use crate::error::Error;
use crate::job::{Due, Id, Lane};
use crate::parameters::Parameters;
use crate::record::id;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Calls off unfinished jobs and returns those that were; they are kept as cancelled.
    ///
    /// A running job cannot be stopped in its worker, but what the worker says will change nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn cancel_in(
        &self,
        connection: &mut D::Connection,
        ids: &[Id],
    ) -> Result<Vec<Id>, Error> {
        let ids = distinct(ids);
        let statements = self.statements();
        if !D::MOVES_ROWS {
            statements
                .keep_cancelled
                .execute(connection, ids.clone())
                .await?;
        }
        let rows = statements.cancel_jobs.fetch(connection, ids).await?;
        rows.iter().map(|row| id(row, "id")).collect()
    }

    /// Calls off up to `limit` unfinished jobs of a lane and returns them. Fewer than `limit`: none is left.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn cancel_lane(
        &self,
        queue: &str,
        lane: &Lane,
        limit: u32,
    ) -> Result<Vec<Id>, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .bytes(lane.as_bytes())
            .int(i64::from(limit));
        let mut transaction = self.begin().await?;
        let rows = self
            .statements()
            .lane_jobs
            .fetch(&mut transaction, parameters)
            .await?;
        let ids: Vec<Id> = rows
            .iter()
            .map(|row| id(row, "id"))
            .collect::<Result<_, _>>()?;
        let cancelled = self.cancel_in(&mut transaction, &ids).await?;
        transaction.commit().await?;
        Ok(cancelled)
    }

    /// Has jobs done again, whether they are finished (then they wait again, as their next
    /// [generation](crate::Job::generation)) or pending (then the new time takes the place of the old). Returns those
    /// that are; a running job is left alone.
    ///
    /// `attempts` sets how many tries count as made; without it the count goes on.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn restart_in(
        &self,
        connection: &mut D::Connection,
        ids: &[Id],
        due: Due,
        attempts: Option<u32>,
    ) -> Result<Vec<Id>, Error> {
        let ids = distinct(ids);
        let (delay, moment) = delay_or_moment(due);
        let mut parameters = Parameters::new()
            .int(delay)
            .maybe_int(moment)
            .maybe_int(attempts.map(i64::from));
        parameters.columns.clone_from(&ids.columns);
        let statements = self.statements();
        // The pending ones first: those that were finished are pending afterwards.
        let mut rows = statements
            .restart_pending
            .fetch(connection, parameters.clone())
            .await?;
        if !D::MOVES_ROWS {
            statements
                .keep_last_attempts
                .execute(connection, ids.clone())
                .await?;
        }
        rows.extend(
            statements
                .restart_finished
                .fetch(connection, parameters)
                .await?,
        );
        if !D::MOVES_ROWS {
            statements.delete_finished.execute(connection, ids).await?;
        }
        rows.iter().map(|row| id(row, "id")).collect()
    }
}

/// Each id once, as a column.
fn distinct(ids: &[Id]) -> Parameters {
    let ids: BTreeSet<&Id> = ids.iter().collect();
    Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()))
}
