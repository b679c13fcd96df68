//! Recording how claimed jobs ended: many together, each only by the holder of its newest lease.

use std::borrow::Borrow;
use std::collections::HashSet;

use crate::attempt::{Attempt, AttemptKey, NewAttempt};
use crate::clock::{duration_ms, to_ms};
use crate::database::Database;
use crate::enqueue::delay_or_moment;
use crate::error::Error;
use crate::job::{Due, Job, Lane, Lease};
use crate::parameters::Parameters;
use crate::record::id;
use crate::row::Row;
use crate::store::Store;

/// How a claimed job ended: made by [`Job::outcome`](crate::Job::outcome), or by [`Job::tried`](crate::Job::tried) if a
/// try was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub(crate) lease: Lease,
    pub(crate) verdict: Verdict,
    pub(crate) attempt: Option<Box<(AttemptKey, Lane, Attempt)>>,
}

impl Outcome {
    /// The lease under which the job was held.
    pub fn lease(&self) -> Lease {
        self.lease
    }

    /// What becomes of the job.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}

impl Job {
    /// How this claim ended, to be [settled](crate::Store::settle).
    pub fn outcome(&self, verdict: Verdict) -> Outcome {
        Outcome {
            lease: self.lease(),
            verdict,
            attempt: None,
        }
    }

    /// How this claim ended with a try that was made.
    pub fn tried(&self, verdict: Verdict, attempt: Attempt) -> Outcome {
        let key = AttemptKey {
            job: self.id,
            generation: self.generation,
            number: self.attempts.saturating_add(1),
        };
        Outcome {
            lease: self.lease(),
            verdict,
            attempt: Some(Box::new((key, self.lane.clone(), attempt))),
        }
    }
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ended well and is kept as done. Counts as an attempt.
    Done,
    /// It ended badly, for good, and is kept as failed. Counts as an attempt.
    Failed,
    /// It was called off and is kept as cancelled.
    Cancelled,
    /// It is tried again. Counts as an attempt.
    Retry(Due),
    /// It was not tried, and is given back: a shutdown, a limit. Does not count.
    Release(Due),
    /// It ended and nothing of it is kept: for work that is never looked up again.
    Forget,
}

/// Whether an outcome was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was.
    Applied,
    /// The lease had run out and the job was taken back, or it was cancelled. The job was not changed; an attempt was
    /// recorded all the same, because it was made.
    LeaseLost,
}

impl Settled {
    /// Whether it was recorded.
    pub fn is_applied(self) -> bool {
        self == Self::Applied
    }

    pub(crate) fn from_found(found: bool) -> Self {
        if found {
            Self::Applied
        } else {
            Self::LeaseLost
        }
    }
}

impl<D: Database> Store<D> {
    /// Records outcomes in the caller's transaction; one answer for each, in the same order.
    ///
    /// Of two outcomes for one job in a call, the first counts and the second has lost its lease.
    ///
    /// # Errors
    ///
    /// When the database fails. A lost lease is not an error.
    pub async fn settle_in<O: Borrow<Outcome> + Sync>(
        &self,
        connection: &mut D::Connection,
        outcomes: &[O],
    ) -> Result<Vec<Settled>, Error> {
        let outcomes: Vec<&Outcome> = outcomes.iter().map(Borrow::borrow).collect();
        let mut seen = HashSet::with_capacity(outcomes.len());
        let fresh = outcomes
            .iter()
            .copied()
            .filter(|outcome| seen.insert(outcome.lease));
        let (mut ended, mut again): (Vec<_>, Vec<_>) =
            fresh.partition(|outcome| outcome.verdict.ends());
        // In one order everywhere: two transactions that lock rows crosswise would wait for each other.
        ended.sort_unstable_by_key(|outcome| outcome.lease.id);
        again.sort_unstable_by_key(|outcome| outcome.lease.id);
        let mut applied = self.end(connection, &ended).await?;
        let kept: HashSet<Lease> = ended
            .iter()
            .filter(|outcome| outcome.verdict != Verdict::Forget)
            .map(|outcome| outcome.lease)
            .filter(|lease| applied.contains(lease))
            .collect();
        applied.extend(self.put_back(connection, &again).await?);
        // Each lease that counted answers one outcome, the first that named it.
        let settled = outcomes
            .iter()
            .map(|outcome| Settled::from_found(applied.remove(&outcome.lease)))
            .collect();
        self.record_attempts(connection, &outcomes, &kept).await?;
        Ok(settled)
    }

    /// Records outcomes in a transaction of its own. No worker needs waking: what is put back is due later, and
    /// [`next_due`](Store::next_due) knows when; a job given back as due now is for another worker.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing was recorded, or the connection was lost and it is unknown.
    pub async fn settle(&self, outcomes: Vec<Outcome>) -> Result<Vec<Settled>, Error> {
        let mut transaction = self.begin_bookkeeping().await?;
        let settled = self.settle_in(&mut transaction, &outcomes).await?;
        transaction.commit().await?;
        Ok(settled)
    }

    async fn end(
        &self,
        connection: &mut D::Connection,
        ended: &[&Outcome],
    ) -> Result<HashSet<Lease>, Error> {
        let last = || {
            ended
                .iter()
                .map(|outcome| Some(&outcome.attempt.as_deref()?.2))
        };
        let leases = Parameters::new()
            .blobs(ended.iter().map(|outcome| *outcome.lease.id.as_bytes()))
            .ints(ended.iter().map(|outcome| outcome.lease.claim));
        let kept = leases
            .clone()
            .ints(ended.iter().map(|outcome| outcome.verdict.state()))
            .ints(ended.iter().map(|outcome| outcome.verdict.counted()))
            .maybe_ints(last().map(|last| Some(to_ms(last?.at))))
            .maybe_ints(last().map(|last| Some(duration_ms(last?.duration))))
            .maybe_ints(last().map(|last| last?.status.map(i64::from)))
            .maybe_texts(last().map(|last| last?.error.as_deref()));
        let statements = self.statements();
        if D::MOVES_ROWS {
            let rows = statements.end_jobs.fetch(connection, kept).await?;
            return rows.iter().map(lease).collect();
        }
        let copied = statements.keep_ended.execute(connection, kept).await?;
        if copied == ended.len() as u64 {
            // As nearly always: every lease counted.
            let ids =
                Parameters::new().blobs(ended.iter().map(|outcome| *outcome.lease.id.as_bytes()));
            statements.delete_kept.execute(connection, ids).await?;
            return Ok(ended.iter().map(|outcome| outcome.lease).collect());
        }
        let rows = statements.end_jobs.fetch(connection, leases).await?;
        rows.iter().map(lease).collect()
    }

    async fn put_back(
        &self,
        connection: &mut D::Connection,
        again: &[&Outcome],
    ) -> Result<HashSet<Lease>, Error> {
        let times: Vec<_> = again
            .iter()
            .map(|outcome| delay_or_moment(outcome.verdict.due()))
            .collect();
        let parameters = Parameters::new()
            .blobs(again.iter().map(|outcome| *outcome.lease.id.as_bytes()))
            .ints(again.iter().map(|outcome| outcome.lease.claim))
            .ints(again.iter().map(|outcome| outcome.verdict.counted()))
            .ints(times.iter().map(|(delay, _)| *delay))
            .maybe_ints(times.iter().map(|(_, moment)| *moment));
        let rows = self
            .statements()
            .put_back
            .fetch(connection, parameters)
            .await?;
        rows.iter().map(lease).collect()
    }

    /// Attempts that no row of the history holds, and what came back for all of them. What is never looked up again leaves
    /// nothing.
    async fn record_attempts(
        &self,
        connection: &mut D::Connection,
        outcomes: &[&Outcome],
        kept: &HashSet<Lease>,
    ) -> Result<(), Error> {
        let mut made: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict != Verdict::Forget)
            .filter_map(|outcome| {
                let (key, lane, attempt) = outcome.attempt.as_deref()?;
                let is_last = kept.contains(&outcome.lease);
                let key = *key;
                Some((is_last, NewAttempt { key, lane, attempt }))
            })
            .collect();
        made.sort_unstable_by_key(|(_, new)| new.key);
        let answered = made.iter().map(|(_, new)| (new.key, new.attempt));
        self.insert_answers(connection, answered).await?;
        made.retain(|(is_last, _)| !is_last);
        let apart: Vec<_> = made.into_iter().map(|(_, new)| new).collect();
        self.insert_attempts(connection, &apart).await
    }
}

/// What the tables call a verdict.
impl Verdict {
    fn ends(self) -> bool {
        !matches!(self, Self::Retry(_) | Self::Release(_))
    }

    fn counted(self) -> i64 {
        i64::from(matches!(self, Self::Done | Self::Failed | Self::Retry(_)))
    }

    /// The state under which a finished job is kept; 0 for none.
    fn state(self) -> i64 {
        match self {
            Self::Done => 3,
            Self::Failed => 4,
            Self::Cancelled => 5,
            Self::Retry(_) | Self::Release(_) | Self::Forget => 0,
        }
    }

    fn due(self) -> Due {
        match self {
            Self::Retry(due) | Self::Release(due) => due,
            _ => Due::Now,
        }
    }
}

/// A lease from a row with its id and claim.
pub(crate) fn lease<D: Database>(row: &Row<D>) -> Result<Lease, Error> {
    Ok(Lease {
        id: id(row, "id")?,
        claim: row.int("claim")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_tried_counts_as_an_attempt() {
        let counted: Vec<_> = [
            Verdict::Done,
            Verdict::Failed,
            Verdict::Retry(Due::Now),
            Verdict::Cancelled,
            Verdict::Release(Due::Now),
            Verdict::Forget,
        ]
        .map(Verdict::counted)
        .into();
        assert_eq!(counted, [1, 1, 1, 0, 0, 0]);
    }
}
