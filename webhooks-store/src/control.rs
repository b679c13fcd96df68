//! Changing what waits: calling jobs off, and having them done again.

use std::collections::BTreeSet;

use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::lane::LaneName;
use crate::lanes::Entry;
use crate::parameters::Parameters;
use crate::record::{entry, id};
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Calls off unfinished jobs and returns those that were; they are kept as cancelled.
    ///
    /// A job that is being worked on cannot be stopped in its worker, but what the worker says will change nothing.
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
        lane: &LaneName,
        limit: u32,
    ) -> Result<Vec<Id>, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .int(lane.slot.0.into())
            .bytes(&*lane.key)
            .int(i64::from(limit));
        let mut transaction = self.begin().await?;
        let rows = self
            .statements()
            .unfinished
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

    /// Has jobs done again, now: finished ones as their next [generation](crate::lanes::Version), and waiting ones before
    /// their time. Returns those that are. Wake the workers when the transaction is committed.
    ///
    /// Of a job that is being worked on, a success still counts; a failure does not, and it is tried once more.
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
        attempts: Option<u32>,
    ) -> Result<Vec<Id>, Error> {
        let ids = distinct(ids);
        let mut parameters = Parameters::new().maybe_int(attempts.map(i64::from));
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

impl<D: Database> Store<D> {
    /// Lets the owner of a lane look at it again, as after something new has come in it: what was paused is active. Whether
    /// anything waits there. Wake the workers when the transaction is committed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn touch_lane_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        lane: &LaneName,
    ) -> Result<bool, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .int(lane.slot.0.into())
            .bytes(&*lane.key);
        let touched = self
            .statements()
            .touch_lane
            .first(connection, parameters)
            .await?;
        Ok(touched.is_some())
    }

    /// The first due job of each of up to `limit` lanes behind a lane: the caller's until its transaction ends, so that what
    /// is made of a job, and its [outcome](Store::record_in), are committed together and nothing has to be taken back from a
    /// process that dies. Jobs that other transactions have so are passed over.
    ///
    /// For short work that needs no order and no pace. Fewer than `limit` lanes with due jobs: the next call begins
    /// with the first lane again.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn lock_due_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        after: Option<&LaneName>,
        limit: u32,
    ) -> Result<Vec<Entry>, Error> {
        let (slot, mut from) = after.map_or((0, Vec::new()), |lane| {
            (lane.slot.0.into(), lane.key.to_vec())
        });
        if after.is_some() {
            // The lowest lane above it.
            from.push(0);
        }
        let parameters = Parameters::new()
            .text(queue)
            .int(slot)
            .bytes(from)
            .int(i64::from(limit));
        let rows = self
            .statements()
            .lock_due
            .fetch(connection, parameters)
            .await?;
        let mut lane = None;
        rows.iter()
            .filter_map(|row| entry(row, &mut lane).transpose())
            .collect()
    }
}

/// Each id once, as a column.
fn distinct(ids: &[Id]) -> Parameters {
    let ids: BTreeSet<&Id> = ids.iter().collect();
    Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()))
}
