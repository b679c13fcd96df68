//! Saying how claimed jobs ended: many at once, each only by the holder of its newest lease.

use std::collections::HashSet;

use crate::database::Database;
use crate::enqueue::delay_or_moment;
use crate::error::Error;
use crate::job::{Due, Lease};
use crate::parameters::{Parameters, Row};
use crate::record::id;
use crate::store::Store;

/// How a claimed job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The right to say so, from [`Job::lease`](crate::Job::lease).
    pub lease: Lease,
    /// What becomes of the job.
    pub verdict: Verdict,
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
    /// It ended and nothing of it is kept: for work nobody will ask about.
    Forget,
}

/// Whether an outcome was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was.
    Applied,
    /// The lease had run out and the job was taken back, or it was cancelled. Nothing was changed: somebody else
    /// decides.
    LeaseLost,
}

impl Settled {
    /// Whether it was recorded.
    pub fn is_applied(self) -> bool {
        self == Settled::Applied
    }

    pub(crate) fn from_found(found: bool) -> Self {
        if found {
            Settled::Applied
        } else {
            Settled::LeaseLost
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
    /// As the database says. A lost lease is no error.
    pub async fn settle_in(
        &self,
        connection: &mut D::Connection,
        outcomes: &[Outcome],
    ) -> Result<Vec<Settled>, Error> {
        let mut seen = HashSet::with_capacity(outcomes.len());
        let fresh = outcomes.iter().filter(|outcome| seen.insert(outcome.lease));
        let (ended, again): (Vec<_>, Vec<_>) = fresh.partition(|outcome| outcome.verdict.ends());
        let mut applied = self.end(connection, &ended).await?;
        applied.extend(self.put_back(connection, &again).await?);
        // Each lease that counted answers one outcome, the first that named it.
        Ok(outcomes
            .iter()
            .map(|outcome| Settled::from_found(applied.remove(&outcome.lease)))
            .collect())
    }

    /// Records outcomes in a transaction of its own. Nobody needs waking: what is put back is due later, and
    /// [`next_due`](Store::next_due) knows when; a job given back as due now is for another worker.
    ///
    /// # Errors
    ///
    /// As the database says; then nothing was recorded, or the connection was lost and it is unknown.
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
        let leases = Parameters::new()
            .blobs(ended.iter().map(|outcome| *outcome.lease.id.as_bytes()))
            .ints(ended.iter().map(|outcome| outcome.lease.claim));
        let kept = leases
            .clone()
            .ints(ended.iter().map(|outcome| outcome.verdict.state()))
            .ints(ended.iter().map(|outcome| outcome.verdict.counted()));
        let kept = self
            .statements()
            .keep_ended
            .execute(connection, kept)
            .await?;
        if kept == ended.len() as u64 {
            // As nearly always: every lease counted.
            let ids =
                Parameters::new().blobs(ended.iter().map(|outcome| *outcome.lease.id.as_bytes()));
            self.statements()
                .delete_kept
                .execute(connection, ids)
                .await?;
            return Ok(ended.iter().map(|outcome| outcome.lease).collect());
        }
        let rows = self
            .statements()
            .delete_ended
            .fetch(connection, leases)
            .await?;
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
}

/// What the tables call a verdict.
impl Verdict {
    fn ends(self) -> bool {
        !matches!(self, Verdict::Retry(_) | Verdict::Release(_))
    }

    fn counted(self) -> i64 {
        i64::from(matches!(
            self,
            Verdict::Done | Verdict::Failed | Verdict::Retry(_)
        ))
    }

    /// The state under which a finished job is kept; 0 for none.
    fn state(self) -> i64 {
        match self {
            Verdict::Done => 3,
            Verdict::Failed => 4,
            Verdict::Cancelled => 5,
            Verdict::Retry(_) | Verdict::Release(_) | Verdict::Forget => 0,
        }
    }

    fn due(self) -> Due {
        match self {
            Verdict::Retry(due) | Verdict::Release(due) => due,
            _ => Due::Now,
        }
    }
}

/// A lease from a row that begins with its id and claim.
pub(crate) fn lease<D: Database>(row: &Row<D>) -> Result<Lease, Error> {
    Ok(Lease {
        id: id(row, 0)?,
        claim: row.int_at(1)?,
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
