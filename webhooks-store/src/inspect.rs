//! Questions: counts for a health check, one job, the jobs about something, the next and the past ones of a lane.
//!
//! Every question is bounded: none reads more than it was asked for, however many jobs there are.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use crate::clock::to_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, JobRecord};
use crate::lane::{Lane, LaneName};
use crate::parameters::Parameters;
use crate::record::{count, id, record};
use crate::sql::Sql;
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
        let parameters = Parameters::new().bytes(*id.as_bytes());
        Ok(self
            .records(&self.statements().job, parameters)
            .await?
            .pop())
    }

    /// Up to `limit` jobs about something, finished or not, of ids above `after`, in the order of their ids. Only those
    /// are found whose ids were made with [`Id::about`]. Of one [owner](crate::NewJob::owner), if one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about(
        &self,
        reference: Id,
        owner: Option<i64>,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let range = Id::all_about(reference);
        let next = |id: Id| {
            Id::from_bytes(
                u128::from_be_bytes(*id.as_bytes())
                    .saturating_add(1)
                    .to_be_bytes(),
            )
        };
        let start = after.map_or(*range.start(), |after| next(after).max(*range.start()));
        let parameters = Parameters::new()
            .bytes(*reference.as_bytes())
            .bytes(*start.as_bytes())
            .bytes(*range.end().as_bytes())
            .int(i64::from(limit))
            .maybe_int(owner);
        self.records(&self.statements().jobs_about, parameters)
            .await
    }

    /// The jobs about each of these things, finished or not, in no order; none where there are more than `most` together:
    /// then [`jobs_about`](Self::jobs_about) reads those of one thing page by page. Of one [owner](crate::NewJob::owner), if
    /// one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about_each(
        &self,
        references: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let bytes = |id: &Id| *id.as_bytes();
        let ranges: Vec<_> = references.iter().map(|id| Id::all_about(*id)).collect();
        let parameters = Parameters::new()
            .int(i64::from(most) + 1)
            .maybe_int(owner)
            .blobs(references.iter().map(bytes))
            .blobs(ranges.iter().map(|range| bytes(range.start())))
            .blobs(ranges.iter().map(|range| bytes(range.end())));
        let found = self.records(&self.statements().jobs_about_each, parameters);
        let found = found.await?;
        Ok((found.len() <= most as usize).then_some(found))
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
        let parameters = Parameters::new()
            .text(queue)
            .int(lane.slot.0.into())
            .bytes(&*lane.key)
            .int(i64::from(limit));
        self.records(&self.statements().unfinished, parameters)
            .await
    }

    /// Up to `limit` finished jobs of a lane with ids below `before`, the newest first. If an
    /// [owner](crate::NewJob::owner) is named, none of a lane that is another's; nothing of it is read then.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn finished(
        &self,
        queue: &str,
        lane: &Lane,
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let before = before.map_or(ABOVE_ALL.to_vec(), |id| id.as_bytes().to_vec());
        let of_lane = Parameters::new().text(queue).bytes(lane.as_bytes());
        let statements = self.statements();
        let mut connection = self.connection().await?;
        if let Some(owner) = owner {
            let parameters = of_lane.clone().int(owner);
            let sql = &statements.lane_of_owner;
            if sql.first(&mut connection, parameters).await?.is_none() {
                return Ok(Vec::new());
            }
        }
        let parameters = of_lane.bytes(before).int(i64::from(limit));
        let rows = statements.finished.fetch(&mut connection, parameters);
        rows.await?.iter().map(record).collect()
    }

    /// Up to `limit` failed jobs of a lane that ended at `since` or later, in the order in which they ended: what a
    /// replay goes through. For the next page, `since` is when the last one ended and `after` is its id.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failed(
        &self,
        queue: &str,
        lane: &Lane,
        since: SystemTime,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.failed_in(&mut connection, queue, lane, (since, after), limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failed_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        lane: &Lane,
        (since, after): (SystemTime, Option<Id>),
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let after = after.unwrap_or(LOWEST);
        let parameters = Parameters::new()
            .text(queue)
            .bytes(lane.as_bytes())
            .int(to_ms(since))
            .bytes(*after.as_bytes())
            .int(i64::from(limit));
        let rows = self
            .statements()
            .failed
            .fetch(connection, parameters)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Up to `limit` failed jobs with ids below `before`, the newest first, however much succeeded. Of one
    /// [owner](crate::NewJob::owner), if one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failures(
        &self,
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let statements = self.statements();
        let (sql, parameters) = match owner {
            Some(owner) => (&statements.failures_of, Parameters::new().int(owner)),
            None => (&statements.failures, Parameters::new()),
        };
        let before = before.map_or(ABOVE_ALL.to_vec(), |id| id.as_bytes().to_vec());
        self.records(sql, parameters.bytes(before).int(i64::from(limit)))
            .await
    }

    async fn records(&self, sql: &Sql<D>, parameters: Parameters) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        sql.fetch(&mut connection, parameters)
            .await?
            .iter()
            .map(record)
            .collect()
    }
}

/// Below every id but itself, which is never made.
const LOWEST: Id = Id::from_bytes([0; 16]);
/// Longer than an id, therefore above all of them.
const ABOVE_ALL: [u8; 17] = [0xff; 17];

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}
