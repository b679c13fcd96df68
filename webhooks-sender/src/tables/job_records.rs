//! The store's jobs as lists show them, on one connection.

use webhooks_store::{Database, Id, JobRecord, Lane};

use super::{DeliveryLane, Tx};
use crate::error::Error;

impl<D: Database> Tx<'_, D> {
    /// One job, whichever it is.
    pub(crate) async fn job_record(&mut self, id: Id) -> Result<Option<JobRecord>, Error> {
        let store = &self.tables.store;
        Ok(store.job_in(self.connection, id).await?)
    }

    /// The jobs about a message, behind one of them.
    pub(crate) async fn jobs_about(
        &mut self,
        message: Id,
        owner: Option<i64>,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let store = &self.tables.store;
        let jobs = store.jobs_about_in(self.connection, message, owner, after, limit);
        Ok(jobs.await?)
    }

    /// The jobs about these messages; none where there are too many.
    pub(crate) async fn jobs_about_each(
        &mut self,
        messages: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let store = &self.tables.store;
        let jobs = store.jobs_about_each_in(self.connection, messages, owner, most);
        Ok(jobs.await?)
    }

    /// Those of them that wait.
    pub(crate) async fn waiting_about(
        &mut self,
        messages: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let store = &self.tables.store;
        let jobs = store.unfinished_about_each_in(self.connection, messages, owner, most);
        Ok(jobs.await?)
    }

    /// What waits in a lane, in its order.
    pub(crate) async fn unfinished(
        &mut self,
        lane: DeliveryLane,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let (store, name) = (&self.tables.store, lane.name());
        let jobs = store.unfinished_in(self.connection, lane.queue(), &name, limit);
        Ok(jobs.await?)
    }

    /// Whether what ended in a lane is an owner's.
    pub(crate) async fn is_lane_of(
        &mut self,
        owner: i64,
        lane: (&str, &Lane),
    ) -> Result<bool, Error> {
        let store = &self.tables.store;
        Ok(store.is_of_owner_in(self.connection, lane, owner).await?)
    }

    /// What ended in a lane, the newest message first.
    pub(crate) async fn finished(
        &mut self,
        lane: (&str, &Lane),
        owner: Option<i64>,
        below: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let store = &self.tables.store;
        let jobs = store.finished_in(self.connection, lane, owner, below, limit);
        Ok(jobs.await?)
    }

    /// What failed, the newest message first.
    pub(crate) async fn failures(
        &mut self,
        owner: Option<i64>,
        below: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let store = &self.tables.store;
        let jobs = store.failures_in(self.connection, owner, below, limit);
        Ok(jobs.await?)
    }
}
