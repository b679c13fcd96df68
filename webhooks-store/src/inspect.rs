//! Looking: counts for a health check, one job, the jobs about something, the next and the past ones of a lane.
//!
//! Every question is bounded: none reads more than it was asked for, however many jobs there are.

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, JobRecord, Lane};
use crate::store::Store;

/// How a queue stands. Counted up to [`Counts::MOST`] each, so that asking stays cheap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Jobs that wait for their turn: due, or held back by their lane.
    pub ready: u32,
    /// Jobs that wait for their time.
    pub scheduled: u32,
    /// Jobs under a lease.
    pub running: u32,
    /// How long the job that waits longest for its turn has been due, over the first 1,000 lanes.
    pub oldest_ready: Option<Duration>,
}

impl Counts {
    /// A count that reaches this number means: at least as many.
    pub const MOST: u32 = 100_000;
}

impl<D: Database> Store<D> {
    /// How long until a job waiting for its time may become due: zero when one is already. Nothing when none waits
    /// for its time. Jobs that wait for their turn are not looked at: [`Claimed::more`](crate::Claimed::more) tells
    /// of those.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn next_due(&self, queue: &str) -> Result<Option<Duration>, Error> {
        let _ = queue;
        todo!()
    }

    /// How the queue stands.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn counts(&self, queue: &str) -> Result<Counts, Error> {
        let _ = queue;
        todo!()
    }

    /// One job, finished or not.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn job(&self, id: Id) -> Result<Option<JobRecord>, Error> {
        let _ = id;
        todo!()
    }

    /// Up to `limit` jobs about something, finished or not, of ids above `after`, in the order of their ids.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn jobs_about(
        &self,
        reference: Id,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let _ = (reference, after, limit);
        todo!()
    }

    /// Up to `limit` unfinished jobs of a lane: the running ones, then those that wait for their turn in the order in
    /// which they get it, then those that wait for their time.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn unfinished(&self, queue: &str, lane: &Lane, limit: u32) -> Result<Vec<JobRecord>, Error> {
        let _ = (queue, lane, limit);
        todo!()
    }

    /// Up to `limit` finished jobs of a lane with ids below `before`, the newest first.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn finished(
        &self,
        queue: &str,
        lane: &Lane,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let _ = (queue, lane, before, limit);
        todo!()
    }

    /// Up to `limit` failed jobs of a lane with ids above `after`, the oldest first: what a replay goes through.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn failed(
        &self,
        queue: &str,
        lane: &Lane,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let _ = (queue, lane, after, limit);
        todo!()
    }
}
