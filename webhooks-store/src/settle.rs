//! Saying how claimed jobs ended: many at once, each only by the holder of its newest lease.

use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Lease};
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
        let _ = (connection, outcomes);
        todo!()
    }

    /// Records outcomes in a transaction of its own. Nobody needs waking: what is put back is due later, and
    /// [`next_due`](Store::next_due) knows when; a job given back as due now is for another worker.
    ///
    /// # Errors
    ///
    /// As the database says; then nothing was recorded, or the connection was lost and it is unknown.
    pub async fn settle(&self, outcomes: Vec<Outcome>) -> Result<Vec<Settled>, Error> {
        let mut transaction = self.begin().await?;
        let settled = self.settle_in(&mut transaction, &outcomes).await?;
        transaction.commit().await?;
        Ok(settled)
    }
}
