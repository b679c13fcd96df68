//! The jobs that work over many rows, one row each: what was asked for, how far it has come, whose turn it is.

use std::time::Duration;

use webhooks_store::{Database, Id, Parameters, Row, from_ms};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{Job, JobId, JobKind, JobState, MessageId, Scope, SubscriptionId};

/// A job that is to be stored.
#[derive(Debug)]
pub(crate) struct NewBulkJob<'j> {
    pub(crate) id: &'j JobId,
    /// Missing for the operator's own.
    pub(crate) owner: Option<&'j str>,
    pub(crate) kind: JobKind,
    pub(crate) subscription: Option<Id>,
    pub(crate) message: Option<Id>,
    /// What is asked for, as JSON.
    pub(crate) request: String,
    pub(crate) dry_run: bool,
    /// What only one unfinished job may do.
    pub(crate) exclusive: Option<String>,
}

/// A job as it is stored.
#[derive(Debug)]
pub(crate) struct BulkJobRow {
    pub(crate) job: Job,
    /// What was asked for, as JSON.
    pub(crate) request: String,
    /// How far it has come, as JSON; empty at the beginning.
    pub(crate) progress: String,
    /// How often a page was begun since the last one that was done.
    pub(crate) starts: i64,
    version: i64,
}

impl BulkJobRow {
    /// The subscription that it is about.
    pub(crate) fn subscription(&self) -> Result<&SubscriptionId, Error> {
        let lacking = || Error::Corrupt(format!("the job {} has no subscription", self.job.id));
        self.job.subscription.as_ref().ok_or_else(lacking)
    }

    /// The message that it is about.
    pub(crate) fn message(&self) -> Result<&MessageId, Error> {
        let lacking = || Error::Corrupt(format!("the job {} has no message", self.job.id));
        self.job.message.as_ref().ok_or_else(lacking)
    }
}

/// Which jobs take turns with one another: verifications wait for other people's servers, so the others never wait for
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turns {
    OfOthers = 0,
    OfVerifications = 1,
}

/// What a page leaves behind.
#[derive(Debug, Clone)]
pub(crate) struct Advance {
    pub(crate) progress: String,
    /// How many it dealt with.
    pub(crate) done: u64,
    pub(crate) state: JobState,
    pub(crate) reason: Option<String>,
    /// When the next page may follow.
    pub(crate) pause: Duration,
}

impl<D: Database> Tx<'_, D> {
    /// Stores a job; false when an unfinished one does the same.
    pub(crate) async fn insert_job(&mut self, new: &NewBulkJob<'_>) -> Result<bool, Error> {
        let parameters = Parameters::new()
            .bytes(*new.id.key().as_bytes())
            .text(new.owner.unwrap_or_default())
            .text(new.kind.as_str())
            .maybe_bytes(new.subscription.map(|id| *id.as_bytes()))
            .maybe_bytes(new.message.map(|id| *id.as_bytes()))
            .text(new.request.as_str())
            .int(new.dry_run.into())
            .maybe_text(new.exclusive.as_deref());
        let sql = &self.tables.sql.insert_job;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }

    /// The unfinished job that does this.
    pub(crate) async fn exclusive_job(&mut self, what: &str) -> Result<Option<JobId>, Error> {
        let sql = &self.tables.sql.exclusive_job;
        let parameters = Parameters::new().text(what);
        let row = sql.first(self.connection, parameters).await?;
        row.map(|row| Ok(JobId::from_key(id(&row.bytes("id")?)?)))
            .transpose()
    }

    /// One job.
    pub(crate) async fn job(&mut self, scope: Scope<'_>, id: &JobId) -> Result<BulkJobRow, Error> {
        let parameters = Parameters::new()
            .bytes(*id.key().as_bytes())
            .maybe_text(scope.owner());
        let sql = &self.tables.sql.job_of;
        let row = sql.first(self.connection, parameters).await?;
        decode(&row.ok_or(Error::NotFound)?)
    }

    /// A page of jobs below an id, newest first.
    pub(crate) async fn page_jobs(
        &mut self,
        scope: Scope<'_>,
        before: Option<&JobId>,
        limit: u32,
    ) -> Result<Vec<BulkJobRow>, Error> {
        // Longer than an id, therefore above all of them.
        let before = before.map_or_else(|| vec![0xff; 17], |id| id.key().as_bytes().to_vec());
        let sql = &self.tables.sql;
        let rows = if let Some(owner) = scope.owner() {
            let parameters = Parameters::new()
                .text(owner)
                .bytes(before)
                .int(limit.into());
            sql.page_jobs_of.fetch(self.connection, parameters).await?
        } else {
            let parameters = Parameters::new().bytes(before).int(limit.into());
            sql.page_jobs.fetch(self.connection, parameters).await?
        };
        rows.iter().map(decode).collect()
    }

    /// How long until the next job's turn; none where there is no job.
    pub(crate) async fn next_job(&mut self, turns: Turns) -> Result<Option<Duration>, Error> {
        let sql = &self.tables.sql.next_job;
        let parameters = Parameters::new().int(turns as i64);
        let row = sql.first(self.connection, parameters).await?;
        row.map(|row| {
            let wait = row.int("wait")?.max(0);
            Ok(Duration::from_millis(wait.unsigned_abs()))
        })
        .transpose()
    }

    /// Takes the job whose turn it is, for so long. One of a kind that this process does not know is left to others, and so
    /// is one that cannot be read.
    pub(crate) async fn pick_job(
        &mut self,
        turns: Turns,
        lease: Duration,
    ) -> Result<Option<BulkJobRow>, Error> {
        let parameters = Parameters::new().int(ms(lease)).int(turns as i64);
        let sql = &self.tables.sql.pick_job;
        let row = sql.first(self.connection, parameters).await?;
        row.as_ref().map(decode).transpose()
    }

    /// Writes what a page has done. False when the job was cancelled or another process has it: then nothing of the page
    /// may be committed.
    pub(crate) async fn advance_job(
        &mut self,
        row: &BulkJobRow,
        advance: &Advance,
    ) -> Result<bool, Error> {
        let done = row.job.done.saturating_add(advance.done);
        let parameters = Parameters::new()
            .bytes(*row.job.id.key().as_bytes())
            .int(row.version)
            .text(advance.progress.as_str())
            .int(i64::try_from(done).unwrap_or(i64::MAX))
            .text(advance.state.as_str())
            .maybe_text(advance.reason.as_deref())
            .int(ms(advance.pause));
        let sql = &self.tables.sql.advance_job;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }

    /// Cancels a job; false when it has ended, or there is none.
    pub(crate) async fn cancel_job(&mut self, scope: Scope<'_>, id: &JobId) -> Result<bool, Error> {
        let parameters = Parameters::new()
            .bytes(*id.key().as_bytes())
            .maybe_text(scope.owner());
        let sql = &self.tables.sql.cancel_job;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }

    /// Deletes jobs that ended and were asked for before this id's time.
    pub(crate) async fn prune_jobs(&mut self, before: Id, limit: u32) -> Result<u64, Error> {
        let parameters = Parameters::new()
            .bytes(*before.as_bytes())
            .int(limit.into());
        let sql = &self.tables.sql.prune_jobs;
        Ok(sql.execute(self.connection, parameters).await?)
    }
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn decode<D: Database>(row: &Row<D>) -> Result<BulkJobRow, Error> {
    let (kind, state) = (row.text("kind")?, row.text("state")?);
    let unknown = |what: &str| Error::Corrupt(format!("a job of the kind or state `{what}`"));
    let owner = row.text("owner")?;
    let (subscription, message) = (
        row.maybe_bytes("subscription")?,
        row.maybe_bytes("message")?,
    );
    let job = Job {
        id: JobId::from_key(id(&row.bytes("id")?)?),
        owner: Some(owner).filter(|owner| !owner.is_empty()),
        kind: JobKind::from_name(&kind).ok_or_else(|| unknown(&kind))?,
        subscription: subscription
            .map(|bytes| Ok::<_, Error>(SubscriptionId::from_key(id(&bytes)?)))
            .transpose()?,
        message: message
            .map(|bytes| Ok::<_, Error>(MessageId::from_key(id(&bytes)?)))
            .transpose()?,
        dry_run: row.int("dry_run")? == 1,
        state: JobState::from_name(&state).ok_or_else(|| unknown(&state))?,
        done: row.int("done")?.unsigned_abs(),
        reason: row.maybe_text("reason")?,
        created: from_ms(row.int("created")?),
        finished: row.maybe_int("finished")?.map(from_ms),
    };
    Ok(BulkJobRow {
        job,
        request: row.text("request")?,
        progress: row.text("progress")?,
        starts: row.int("starts")?,
        version: row.int("version")?,
    })
}
