//! Forgetting finished jobs, attempts and answers after a while, a few at a time, so that nothing waits for it.
//!
//! The ids of jobs begin with the time at which they were made, so what is old lies at the head of a primary key, and on
//! PostgreSQL in partitions that are dropped whole. What is deleted row by row is the rest: everything on SQLite; on
//! PostgreSQL what ended after its partition was dropped, and what is kept for less than two days.

use std::time::Duration;

use crate::clock::{duration_ms, from_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::parameters::Parameters;
use crate::record::id;
use crate::store::Store;

/// How long finished jobs and what belongs to them are kept.
///
/// On PostgreSQL what is kept for two days or longer goes by whole days, so it may be kept up to a day longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Finished jobs, each with its last attempt, counted from when the job was made. A job that ends later than that is
    /// kept as long after its end.
    pub history: Duration,
    /// The attempts before the last one, counted from when their job was made.
    pub attempts: Duration,
    /// What came back for attempts, counted from when they were made.
    pub answers: Duration,
}

/// How far has been looked for what is old: kept by its caller from one step to the next. A fresh one looks at
/// everything once more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PruneMark {
    /// The last job of the history that was looked at.
    history: Vec<u8>,
}

/// A day, in milliseconds: what a partition holds.
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl<D: Database> Store<D> {
    /// Forgets what is old: one step of it, of up to `limit` rows of each table. Whether there is more to do.
    ///
    /// On PostgreSQL it also makes the partitions of the next days and drops those that are old, without waiting for a
    /// lock: what cannot be locked is dropped another time. Call it every minute; several processes may.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn prune(
        &self,
        retention: &Retention,
        mark: &mut PruneMark,
        limit: u32,
    ) -> Result<bool, Error> {
        self.may_write()?;
        D::create_partitions(self.pool(), self.prefix(), self.clock().now_ms()).await?;
        let history = self.bound("history", retention.history).await?;
        let attempts = self.bound("attempt", retention.attempts).await?;
        let answers = self.bound("answer", retention.answers).await?;
        let mut transaction = self.begin().await?;
        let mut more = false;
        let mut next = mark.clone();
        if let Some(before) = history {
            more |= self
                .prune_history(
                    &mut transaction,
                    &mut next,
                    (retention.history, before),
                    limit,
                )
                .await?;
        }
        let statements = self.statements();
        if let Some(before) = attempts {
            let range = Parameters::new().bytes(first_of(before)).int(limit.into());
            let gone = statements
                .prune_attempts
                .execute(&mut transaction, range)
                .await?;
            more |= gone >= u64::from(limit);
        }
        if let Some(before) = answers {
            let range = Parameters::new().int(before).int(limit.into());
            let gone = statements
                .prune_answers
                .execute(&mut transaction, range)
                .await?;
            more |= gone >= u64::from(limit);
        }
        transaction.commit().await?;
        *mark = next;
        Ok(more)
    }

    /// Before when rows are deleted one by one, after partitions have been dropped; nothing where some could not be.
    async fn bound(&self, table: &'static str, age: Duration) -> Result<Option<i64>, Error> {
        let before = self
            .clock()
            .now_ms()
            .saturating_sub(duration_ms(age))
            .max(0);
        if !D::drop_partitions(self.pool(), self.prefix(), table, before).await? {
            return Ok(None);
        }
        let by_days = D::PARTITIONED && duration_ms(age) >= 2 * DAY_MS;
        let of_its_day = if by_days { before % DAY_MS } else { 0 };
        Ok(Some(before - of_its_day))
    }

    /// The next jobs of the history in the order of their ids: those that ended long ago go.
    async fn prune_history(
        &self,
        connection: &mut D::Connection,
        mark: &mut PruneMark,
        (age, before): (Duration, i64),
        limit: u32,
    ) -> Result<bool, Error> {
        let window = Parameters::new()
            .bytes(mark.history.clone())
            .bytes(first_of(before))
            .int(duration_ms(age))
            .int(limit.into());
        let rows = self
            .statements()
            .history_window
            .fetch(connection, window)
            .await?;
        let mut old = Vec::new();
        for row in &rows {
            let id = id(row, "id")?;
            if row.int("is_old")? != 0 {
                old.push(*id.as_bytes());
            }
            mark.history = id.as_bytes().to_vec();
        }
        let old = Parameters::new().blobs(old);
        let delete = &self.statements().delete_finished;
        delete.execute(connection, old).await?;
        Ok(rows.len() >= limit as usize)
    }
}

/// The lowest id of a time.
fn first_of(ms: i64) -> [u8; 16] {
    *Id::at(from_ms(ms), [0; 10]).as_bytes()
}
