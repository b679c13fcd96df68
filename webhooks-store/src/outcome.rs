//! Recording how jobs ended or are put off: many together, each only for the row that it is about.
//!
//! Nothing says in the database who works on a job. What keeps an outcome from counting twice, or for a row that was changed
//! meanwhile, is the row's version, which the outcome names.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use crate::attempt::{Attempt, AttemptKey, NewAttempt};
use crate::clock::{duration_ms, to_ms};
use crate::database::Database;
use crate::enqueue::delay_or_moment;
use crate::error::Error;
use crate::job::{Due, Id};
use crate::lane::LaneName;
use crate::lanes::{Entry, Recorded, Version};
use crate::parameters::Parameters;
use crate::record::id;
use crate::store::Store;

/// What is to become of a job: made by [`Entry::outcome`](crate::lanes::Entry::outcome), or by
/// [`Entry::tried`](crate::lanes::Entry::tried) if a try was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    id: Id,
    version: Version,
    verdict: Verdict,
    attempt: Option<Box<(AttemptKey, LaneName, Attempt)>>,
}

impl Outcome {
    /// Which job.
    pub fn id(&self) -> Id {
        self.id
    }

    /// What becomes of it.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The bytes of what came back.
    pub fn size(&self) -> usize {
        self.last_attempt()
            .and_then(|attempt| attempt.answer.as_ref())
            .map_or(0, Vec::len)
    }

    /// The version it must have; a success ends any.
    fn fence(&self) -> Option<i64> {
        (self.verdict != Verdict::Done).then_some(self.version.change)
    }

    /// Whether it is one statement where rows can be moved: nothing else is kept than the job with its last attempt.
    fn moves_a_row(&self) -> bool {
        self.verdict.ends() && self.size() == 0
    }

    fn last_attempt(&self) -> Option<&Attempt> {
        self.attempt.as_deref().map(|(.., attempt)| attempt)
    }
}

impl Entry {
    /// What becomes of the job without a try, to be [recorded](Store::record_in).
    pub fn outcome(&self, verdict: Verdict) -> Outcome {
        Outcome {
            id: self.id(),
            version: self.version,
            verdict,
            attempt: None,
        }
    }

    /// What becomes of the job after a try.
    pub fn tried(&self, verdict: Verdict, attempt: Attempt) -> Outcome {
        let key = AttemptKey {
            job: self.id(),
            generation: self.version.generation,
            number: self.attempts.saturating_add(1),
        };
        Outcome {
            attempt: Some(Box::new((key, self.lane.clone(), attempt))),
            ..self.outcome(verdict)
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
    /// It ended and nothing of it is kept: for work that is never looked up again.
    Forget,
    /// It is tried again, in the place of that time. Counts as an attempt.
    Retry(Due),
    /// It was not tried, because this process cannot, and is looked at again at that time. Does not count.
    Postpone(Due),
    /// It is tried again in its old place, and what must not overtake it waits until then. Counts as an attempt.
    Hold(Due),
    /// It keeps its place until it is changed by hand, and so does what must not overtake it. Counts as an attempt.
    Stop,
}

impl<D: Database> Store<D> {
    /// Records outcomes in the caller's transaction; one answer for each, in the same order. What it says is true once the
    /// transaction is committed.
    ///
    /// Of two outcomes for one job in a call, the first counts and the second [misses](Recorded::Missed).
    ///
    /// # Errors
    ///
    /// When the database fails. To miss is not an error.
    pub async fn record_in<O: Borrow<Outcome> + Sync>(
        &self,
        connection: &mut D::Connection,
        outcomes: &[O],
    ) -> Result<Vec<Recorded>, Error> {
        let outcomes: Vec<&Outcome> = outcomes.iter().map(Borrow::borrow).collect();
        let mut seen = HashSet::with_capacity(outcomes.len());
        let fresh = outcomes
            .iter()
            .copied()
            .filter(|outcome| seen.insert(outcome.id));
        let (mut ended, mut again): (Vec<_>, Vec<_>) =
            fresh.partition(|outcome| outcome.verdict.ends());
        // In one order everywhere: two transactions that lock rows crosswise would wait for each other.
        ended.sort_unstable_by_key(|outcome| outcome.id);
        again.sort_unstable_by_key(|outcome| outcome.id);
        if D::MOVES_ROWS && !ended.is_empty() && !again.is_empty() {
            self.lock(connection, &outcomes).await?;
        }
        let gone = self.end(connection, &ended).await?;
        let mut recorded: HashMap<Id, Recorded> =
            gone.iter().map(|id| (*id, Recorded::Ended)).collect();
        recorded.extend(self.put_off(connection, &again).await?);
        let kept: HashSet<Id> = ended
            .iter()
            .filter(|outcome| outcome.verdict != Verdict::Forget && gone.contains(&outcome.id))
            .map(|outcome| outcome.id)
            .collect();
        self.record_attempts(connection, &outcomes, kept).await?;
        // Each answer is for one outcome, the first for its job.
        Ok(outcomes
            .iter()
            .map(|outcome| recorded.remove(&outcome.id).unwrap_or(Recorded::Missed))
            .collect())
    }

    /// Records outcomes in a transaction of its own.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing was recorded, or the connection was lost and it is unknown.
    pub async fn record<O: Borrow<Outcome> + Sync>(
        &self,
        outcomes: &[O],
    ) -> Result<Vec<Recorded>, Error> {
        // What is one statement is a transaction by itself. Where an outcome misses, its attempt is written by a second one:
        // should that fail, the outcomes are recorded again, and miss.
        let is_one_statement = outcomes
            .iter()
            .all(|outcome| outcome.borrow().moves_a_row());
        if is_one_statement && let Some(mut connection) = self.single_statements().await? {
            let recorded = self.record_in(&mut connection, outcomes).await?;
            connection.release();
            return Ok(recorded);
        }
        let mut transaction = self.begin_bookkeeping().await?;
        let recorded = self.record_in(&mut transaction, outcomes).await?;
        transaction.commit().await?;
        Ok(recorded)
    }

    /// Locks the rows of a batch that takes two statements.
    async fn lock(
        &self,
        connection: &mut D::Connection,
        outcomes: &[&Outcome],
    ) -> Result<(), Error> {
        let ids = Parameters::new().blobs(outcomes.iter().map(|outcome| *outcome.id.as_bytes()));
        let lock = &self.statements().lock_jobs;
        lock.execute(connection, ids).await?;
        Ok(())
    }

    async fn end(
        &self,
        connection: &mut D::Connection,
        ended: &[&Outcome],
    ) -> Result<HashSet<Id>, Error> {
        let ids = || Parameters::new().blobs(ended.iter().map(|outcome| *outcome.id.as_bytes()));
        let last = || ended.iter().map(|outcome| outcome.last_attempt());
        let rows = || {
            ids()
                .ints(ended.iter().map(|outcome| outcome.version.generation))
                .maybe_ints(ended.iter().map(|outcome| outcome.fence()))
        };
        let kept = rows()
            .ints(ended.iter().map(|outcome| outcome.verdict.state()))
            .ints(ended.iter().map(|outcome| outcome.verdict.counted()))
            .maybe_ints(last().map(|last| Some(to_ms(last?.at))))
            .maybe_ints(last().map(|last| Some(duration_ms(last?.duration))))
            .maybe_ints(last().map(|last| last?.status.map(i64::from)))
            .maybe_texts(last().map(|last| last?.error.as_deref()));
        let statements = self.statements();
        if D::MOVES_ROWS {
            let rows = statements.end_jobs.fetch(connection, kept).await?;
            return rows.iter().map(|row| id(row, "id")).collect();
        }
        let copied = statements.keep_ended.execute(connection, kept).await?;
        if copied == ended.len() as u64 {
            // As nearly always: every outcome counted.
            statements.delete_kept.execute(connection, ids()).await?;
            return Ok(ended.iter().map(|outcome| outcome.id).collect());
        }
        let rows = statements.end_jobs.fetch(connection, rows()).await?;
        rows.iter().map(|row| id(row, "id")).collect()
    }

    async fn put_off(
        &self,
        connection: &mut D::Connection,
        again: &[&Outcome],
    ) -> Result<Vec<(Id, Recorded)>, Error> {
        let times: Vec<_> = again
            .iter()
            .map(|outcome| outcome.verdict.next_try())
            .collect();
        let parameters = Parameters::new()
            .blobs(again.iter().map(|outcome| *outcome.id.as_bytes()))
            .ints(again.iter().map(|outcome| outcome.version.generation))
            .ints(again.iter().map(|outcome| outcome.version.change))
            .ints(
                again
                    .iter()
                    .map(|outcome| i64::from(outcome.verdict.holds())),
            )
            .ints(again.iter().map(|outcome| outcome.verdict.counted()))
            .ints(times.iter().map(|(delay, _)| *delay))
            .maybe_ints(times.iter().map(|(_, moment)| *moment));
        let rows = self
            .statements()
            .put_off
            .fetch(connection, parameters)
            .await?;
        let by_id: HashMap<Id, &Outcome> =
            again.iter().map(|outcome| (outcome.id, *outcome)).collect();
        let mut recorded = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, until_ms) = (id(row, "id")?, row.int("until_ms")?);
            let Some(outcome) = by_id.get(&id) else {
                continue;
            };
            let version = Version {
                change: row.int("version")?,
                ..outcome.version
            };
            let due_ms = until_ms;
            recorded.push((
                id,
                if outcome.verdict.holds() {
                    Recorded::Held { version, until_ms }
                } else {
                    Recorded::Again { version, due_ms }
                },
            ));
        }
        Ok(recorded)
    }

    /// Attempts that no row of the history holds, and what came back for all of them. What is never looked up again leaves
    /// nothing.
    async fn record_attempts(
        &self,
        connection: &mut D::Connection,
        outcomes: &[&Outcome],
        mut kept: HashSet<Id>,
    ) -> Result<(), Error> {
        let mut made: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict != Verdict::Forget)
            .filter_map(|outcome| {
                let (key, lane, attempt) = outcome.attempt.as_deref()?;
                let is_last = kept.remove(&outcome.id);
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
        !matches!(
            self,
            Self::Retry(_) | Self::Postpone(_) | Self::Hold(_) | Self::Stop
        )
    }

    fn holds(self) -> bool {
        matches!(self, Self::Hold(_) | Self::Stop)
    }

    fn counted(self) -> i64 {
        i64::from(!matches!(
            self,
            Self::Cancelled | Self::Forget | Self::Postpone(_)
        ))
    }

    /// The state under which a finished job is kept; 0 for none.
    fn state(self) -> i64 {
        match self {
            Self::Done => 3,
            Self::Failed => 4,
            Self::Cancelled => 5,
            Self::Forget | Self::Retry(_) | Self::Postpone(_) | Self::Hold(_) | Self::Stop => 0,
        }
    }

    /// A delay, and the moment that takes its place if there is one.
    fn next_try(self) -> (i64, Option<i64>) {
        match self {
            Self::Retry(due) | Self::Postpone(due) | Self::Hold(due) => delay_or_moment(due),
            Self::Stop => (0, Some(i64::MAX)),
            Self::Done | Self::Failed | Self::Cancelled | Self::Forget => delay_or_moment(Due::Now),
        }
    }
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
            Verdict::Hold(Due::Now),
            Verdict::Stop,
            Verdict::Cancelled,
            Verdict::Forget,
            Verdict::Postpone(Due::Now),
        ]
        .map(Verdict::counted)
        .into();
        assert_eq!(counted, [1, 1, 1, 1, 1, 0, 0, 0]);
    }
}
