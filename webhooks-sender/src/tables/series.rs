//! Counting what happened between two times, for a chart. Ids begin with the time, so that a step is a range of them.

use std::time::{Duration, SystemTime};

use webhooks_store::{Database, Id, Parameters, Row};

use super::{Tx, owner_hash};
use crate::error::Error;
use crate::model::{AnsweredIn, AttemptsIn, DeliveriesIn, MessagesIn};

/// The most rows of each kind that are looked at in one step.
const MOST: u32 = 10_000;

impl<D: Database> Tx<'_, D> {
    /// The messages of a step.
    pub(crate) async fn count_messages(
        &mut self,
        (since, until): (SystemTime, SystemTime),
        owner: Option<&str>,
    ) -> Result<MessagesIn, Error> {
        let (sql, step) = (&self.tables.sql, between(since, until));
        let row = match owner {
            Some(owner) => {
                let of_owner = sql
                    .count_messages_of
                    .first(self.connection, step.text(owner));
                of_owner.await?
            }
            None => sql.count_messages.first(self.connection, step).await?,
        };
        let sent = count(row.as_ref(), "sent")?;
        Ok(MessagesIn {
            since,
            is_complete: sent < MOST,
            sent,
        })
    }

    /// How the deliveries of a step's messages ended.
    pub(crate) async fn count_deliveries(
        &mut self,
        (since, until): (SystemTime, SystemTime),
        owner: Option<&str>,
    ) -> Result<DeliveriesIn, Error> {
        let parameters = between(since, until).maybe_int(owner.map(owner_hash));
        let sql = &self.tables.sql.count_deliveries;
        let row = sql.first(self.connection, parameters).await?;
        let count = |column: &str| count(row.as_ref(), column);
        Ok(DeliveriesIn {
            since,
            is_complete: count("looked_at")? < MOST,
            delivered: count("delivered")?,
            failed: count("failed")?,
            cancelled: count("cancelled")?,
        })
    }

    /// The attempts at a step's messages.
    pub(crate) async fn count_attempts(
        &mut self,
        (since, until): (SystemTime, SystemTime),
        owner: Option<&str>,
    ) -> Result<AttemptsIn, Error> {
        let parameters = between(since, until)
            .maybe_text(owner)
            .maybe_int(owner.map(owner_hash));
        let sql = &self.tables.sql.count_attempts;
        let rows = sql.fetch(self.connection, parameters).await?;
        let (mut answered, mut looked_at, mut fetched) = (AnsweredIn::default(), 0_u32, 0_u32);
        let (mut all_ms, mut longest_ms) = (0_u64, 0_u64);
        for row in &rows {
            answered.add(row.int("class")?, count(Some(row), "attempts")?);
            looked_at = looked_at.saturating_add(count(Some(row), "looked_at")?);
            fetched = fetched.saturating_add(count(Some(row), "fetched")?);
            all_ms = all_ms.saturating_add(row.int("duration_ms")?.unsigned_abs());
            longest_ms = longest_ms.max(row.int("longest_ms")?.unsigned_abs());
        }
        let requests = answered.total().saturating_sub(fetched);
        let average_ms = all_ms.checked_div(requests.into()).unwrap_or(0);
        Ok(AttemptsIn {
            since,
            // Two kinds of rows are looked at, and the fuller of them is at most all of these.
            is_complete: looked_at < MOST,
            answered,
            fetched,
            average: Duration::from_millis(average_ms),
            longest: Duration::from_millis(longest_ms),
        })
    }
}

fn between(since: SystemTime, until: SystemTime) -> Parameters {
    Parameters::new()
        .bytes(*Id::at(since, [0; 10]).as_bytes())
        .bytes(*Id::at(until, [0; 10]).as_bytes())
        .int(MOST.into())
}

fn count<D: Database>(row: Option<&Row<D>>, column: &str) -> Result<u32, Error> {
    let number = row.map(|row| row.int(column)).transpose()?.unwrap_or(0);
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}
