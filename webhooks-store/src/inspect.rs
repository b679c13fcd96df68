//! Questions: counts for a health check, one job, what waits in a lane. What jobs are about is asked in `about`, their past in
//! `past`.
//!
//! Every question is bounded: none reads more than it was asked for, however many jobs there are.

use std::collections::HashSet;
use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, JobRecord};
use crate::lane::LaneName;
use crate::parameters::Parameters;
use crate::record::{count, id, records};
use crate::store::Store;

/// How a queue stands. Counted up to [`Counts::MOST`] each, so that asking stays cheap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Jobs that are due: they wait for their turn or are being worked on. Counted over the first 1,000 lanes.
    pub ready: u32,
    /// Jobs that wait for their time.
    pub scheduled: u32,
    /// How long the oldest of those that are due has been so, over the lanes that were counted.
    pub oldest_ready: Option<Duration>,
}

impl Counts {
    /// A count that reaches this number means: at least as many.
    pub const MOST: u32 = 10_000;
}

impl<D: Database> Store<D> {
    /// How long until the next job that waits for its time becomes due, or an ordered one may be tried again. Nothing when
    /// there is none; what is due already is not looked at.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn next_due(&self, queue: &str) -> Result<Option<Duration>, Error> {
        let mut connection = self.connection().await?;
        let row = self
            .statements()
            .next_due
            .first(&mut connection, Parameters::new().text(queue))
            .await?;
        let next = row.map(|row| row.maybe_int("wait_ms")).transpose()?;
        Ok(next.flatten().map(duration))
    }

    /// Whether a queue has any job, due or not. For a worker that mostly finds nothing: it is one short statement
    /// without a transaction, where looking for work with a lock takes three.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn has_jobs(&self, queue: &str) -> Result<bool, Error> {
        let mut connection = self.worker_connection().await?;
        let any_job = &self.statements().any_job;
        let parameters = Parameters::new().text(queue);
        let found = any_job.first(&mut connection, parameters).await?;
        connection.end();
        Ok(found.is_some())
    }

    /// How the queue stands.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn counts(&self, queue: &str) -> Result<Counts, Error> {
        let parameters = Parameters::new().text(queue).int(i64::from(Counts::MOST));
        let mut connection = self.connection().await?;
        let Some(row) = self
            .statements()
            .counts
            .first(&mut connection, parameters)
            .await?
        else {
            return Ok(Counts::default());
        };
        Ok(Counts {
            ready: count(row.int("ready")?),
            scheduled: count(row.int("scheduled")?),
            oldest_ready: row.maybe_int("oldest_ms")?.map(duration),
        })
    }

    /// One job, finished or not.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn job(&self, id: Id) -> Result<Option<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.job_in(&mut connection, id).await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn job_in(
        &self,
        connection: &mut D::Connection,
        id: Id,
    ) -> Result<Option<JobRecord>, Error> {
        let parameters = Parameters::new().bytes(*id.as_bytes());
        let job = &self.statements().job;
        Ok(records(job, connection, parameters).await?.pop())
    }

    /// Those of these jobs that exist, finished or not.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn known_in(
        &self,
        connection: &mut D::Connection,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashSet<Id>, Error> {
        let ids = Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()));
        let rows = self.statements().known_jobs.fetch(connection, ids).await?;
        rows.iter().map(|row| id(row, "id")).collect()
    }

    /// Up to `limit` unfinished jobs of a lane, in the order of the lane.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn unfinished(
        &self,
        queue: &str,
        lane: &LaneName,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.unfinished_in(&mut connection, queue, lane, limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn unfinished_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        lane: &LaneName,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .int(lane.slot.0.into())
            .bytes(&*lane.key)
            .int(i64::from(limit));
        let unfinished = &self.statements().unfinished;
        records(unfinished, connection, parameters).await
    }
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}
