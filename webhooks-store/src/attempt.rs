//! Attempts: what came of each try of a job, written with its outcome and read by job or by lane.
//!
//! The last attempt of a finished job is part of its row in the history, so that most jobs, which succeed the first time,
//! leave one row. Earlier ones have a table of their own, and so has what came back, which is forgotten earlier.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use crate::clock::{duration_ms, from_ms, to_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::lane::{Lane, LaneName};
use crate::parameters::Parameters;
use crate::record::{count, id};
use crate::row::Row;
use crate::store::Store;

/// One try of a job, to be recorded with its [outcome](crate::Outcome).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use webhooks_store::Attempt;
///
/// let refused = Attempt::new(SystemTime::now(), Duration::from_millis(12)).status(503).answer("try later");
/// assert_eq!(refused.answer.as_deref(), Some(&b"try later"[..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was made, to the millisecond.
    pub at: SystemTime,
    /// How long it took, to the millisecond.
    pub duration: Duration,
    /// The status that came back. Default: none did.
    pub status: Option<u16>,
    /// A word for what kept an answer from coming. Default: nothing.
    pub error: Option<Cow<'static, str>>,
    /// What came back. Default: nothing.
    pub answer: Option<Vec<u8>>,
}

impl Attempt {
    /// A try of which nothing else is known.
    pub fn new(at: SystemTime, duration: Duration) -> Self {
        let (status, error, answer) = (None, None, None);
        Self {
            at,
            duration,
            status,
            error,
            answer,
        }
    }

    /// Sets the status that came back.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the word for what kept an answer from coming.
    pub fn error(mut self, error: impl Into<Cow<'static, str>>) -> Self {
        self.error = Some(error.into());
        self
    }

    /// Sets what came back.
    pub fn answer(mut self, answer: impl Into<Vec<u8>>) -> Self {
        self.answer = Some(answer.into());
        self
    }
}

/// An attempt that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// The job and the attempt's number.
    pub key: AttemptKey,
    /// The lane of the job.
    pub lane: Lane,
    /// What came of it. The answer is missing when it was empty, or was [pruned](Store::prune).
    pub attempt: Attempt,
}

/// Which attempt: the job, how often the job had been done again when it was made, and its number from 1.
///
/// Keys are in the order in which the attempts of a job are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptKey {
    /// The job.
    pub job: Id,
    /// The job's [generation](crate::lanes::Version).
    pub generation: i64,
    /// Its number within the generation, from 1.
    pub number: u32,
}

/// An attempt with all that its row needs.
pub(crate) struct NewAttempt<'a> {
    pub(crate) key: AttemptKey,
    pub(crate) lane: &'a LaneName,
    pub(crate) attempt: &'a Attempt,
}

impl<D: Database> Store<D> {
    /// The attempts of a job, first to last, whether it is finished or not. None that were pruned.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts(&self, job: Id) -> Result<Vec<AttemptRecord>, Error> {
        let mut connection = self.connection().await?;
        let parameters = Parameters::new().bytes(*job.as_bytes());
        let rows = self
            .statements()
            .job_attempts
            .fetch(&mut connection, parameters)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Up to `limit` attempts of a lane's jobs with keys below `before`: those of the newest job first, and of each job
    /// the last one first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn lane_attempts(
        &self,
        lane: &Lane,
        before: Option<AttemptKey>,
        limit: u32,
    ) -> Result<Vec<AttemptRecord>, Error> {
        let (job, generation, number) = before.map_or(([0xff; 16], i64::MAX, i64::MAX), |key| {
            (*key.job.as_bytes(), key.generation, key.number.into())
        });
        let parameters = Parameters::new()
            .bytes(lane.as_bytes())
            .bytes(job)
            .int(generation)
            .int(number)
            .int(limit.into());
        let mut connection = self.connection().await?;
        let rows = self
            .statements()
            .lane_attempts
            .fetch(&mut connection, parameters)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Writes attempts that no row of the history holds, and what came back for them.
    pub(crate) async fn insert_attempts(
        &self,
        connection: &mut D::Connection,
        attempts: &[NewAttempt<'_>],
    ) -> Result<(), Error> {
        let column = || attempts.iter();
        let parameters = Parameters::new()
            .blobs(column().map(|new| *new.key.job.as_bytes()))
            .ints(column().map(|new| new.key.generation))
            .ints(column().map(|new| new.key.number.into()))
            .blobs(column().map(|new| &*new.lane.key))
            .ints(column().map(|new| to_ms(new.attempt.at)))
            .ints(column().map(|new| duration_ms(new.attempt.duration)))
            .maybe_ints(column().map(|new| new.attempt.status.map(i64::from)))
            .maybe_texts(column().map(|new| new.attempt.error.as_deref()));
        let insert = &self.statements().insert_attempts;
        insert.execute(connection, parameters).await?;
        Ok(())
    }

    /// Writes what came back for attempts, where something did.
    pub(crate) async fn insert_answers<'a>(
        &self,
        connection: &mut D::Connection,
        attempts: impl Iterator<Item = (AttemptKey, &'a Attempt)>,
    ) -> Result<(), Error> {
        let answered = |(key, attempt): (AttemptKey, &'a Attempt)| {
            let body = attempt.answer.as_deref().filter(|body| !body.is_empty())?;
            Some((key, to_ms(attempt.at), body))
        };
        let answers: Vec<_> = attempts.filter_map(answered).collect();
        let column = || answers.iter();
        let parameters = Parameters::new()
            .ints(column().map(|(_, at, _)| *at))
            .blobs(column().map(|(key, ..)| *key.job.as_bytes()))
            .ints(column().map(|(key, ..)| key.generation))
            .ints(column().map(|(key, ..)| key.number.into()))
            .blobs(column().map(|(.., body)| *body));
        let insert = &self.statements().insert_answers;
        insert.execute(connection, parameters).await?;
        Ok(())
    }
}

fn record<D: Database>(row: &Row<D>) -> Result<AttemptRecord, Error> {
    let status = row.maybe_int("status")?;
    Ok(AttemptRecord {
        key: AttemptKey {
            job: id(row, "job")?,
            generation: row.int("generation")?,
            number: count(row.int("number")?),
        },
        lane: Lane::from(row.bytes("lane")?),
        attempt: Attempt {
            at: from_ms(row.int("at")?),
            duration: Duration::from_millis(row.int("duration_ms")?.unsigned_abs()),
            status: status.and_then(|status| u16::try_from(status).ok()),
            error: row.maybe_text("error")?.map(Cow::Owned),
            answer: row.maybe_bytes("body")?,
        },
    })
}
