//! The attempts: one row per HTTP request that was made.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use webhooks_store::{Database, Id, Parameters, Row, from_ms, to_ms};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{Attempt, AttemptCursor, DeliveryId, LastAttempt, Scope, SubscriptionId};

/// An attempt that is to be recorded.
#[derive(Debug)]
pub(crate) struct NewAttempt<'a> {
    pub(crate) delivery: Id,
    pub(crate) claim: i64,
    pub(crate) message: Option<Id>,
    pub(crate) subscription: Id,
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
    pub(crate) duration: Duration,
    /// The status, or why there was none.
    pub(crate) result: Result<u16, &'static str>,
    /// The beginning of the answer's body.
    pub(crate) response: &'a [u8],
}

impl<D: Database> Tx<'_, D> {
    pub(crate) async fn insert_attempts(
        &mut self,
        attempts: &[NewAttempt<'_>],
    ) -> Result<(), Error> {
        if attempts.is_empty() {
            return Ok(());
        }
        let column = || attempts.iter();
        let duration_ms = |duration: Duration| i64::try_from(duration.as_millis());
        let parameters = Parameters::new()
            .blobs(column().map(|attempt| *attempt.delivery.as_bytes()))
            .ints(column().map(|attempt| attempt.claim))
            .blobs(column().map(|attempt| attempt.message.map_or([0; 16], |id| *id.as_bytes())))
            .blobs(column().map(|attempt| *attempt.subscription.as_bytes()))
            .ints(column().map(|attempt| attempt.number.into()))
            .ints(column().map(|attempt| attempt.at_ms))
            .ints(column().map(|attempt| duration_ms(attempt.duration).unwrap_or(i64::MAX)))
            .maybe_ints(column().map(|attempt| attempt.result.ok().map(i64::from)))
            .maybe_texts(column().map(|attempt| attempt.result.err()))
            .maybe_blobs(
                column()
                    .map(|attempt| Some(attempt.response).filter(|response| !response.is_empty())),
            );
        let sql = &self.tables.sql.insert_attempts;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// The attempts of a delivery, first to last.
    pub(crate) async fn attempts_of(
        &mut self,
        scope: Scope<'_>,
        delivery: &DeliveryId,
    ) -> Result<Vec<Attempt>, Error> {
        let parameters = Parameters::new()
            .bytes(*delivery.key().as_bytes())
            .maybe_text(scope.owner());
        let sql = &self.tables.sql.attempts_of;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(decode).collect()
    }

    /// The last attempt of each of these deliveries.
    pub(crate) async fn last_attempts(
        &mut self,
        deliveries: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, LastAttempt>, Error> {
        let parameters = Parameters::new().blobs(deliveries.into_iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.last_attempts;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| Ok((id(&row.bytes("delivery")?)?, last_attempt(row)?)))
            .collect()
    }

    /// A page of what a subscription saw, newest first.
    pub(crate) async fn page_attempts(
        &mut self,
        scope: Scope<'_>,
        subscription: &SubscriptionId,
        before: Option<&AttemptCursor>,
        limit: u32,
    ) -> Result<Vec<Attempt>, Error> {
        let start = (i64::MAX, [0xff; 16], i64::MAX);
        let (at, delivery, claim) = before.map_or(start, |cursor| {
            let delivery = *cursor.delivery.key().as_bytes();
            (cursor.at_ms, delivery, cursor.claim)
        });
        let parameters = Parameters::new()
            .bytes(*subscription.key().as_bytes())
            .int(at)
            .bytes(delivery)
            .int(claim)
            .int(limit.into())
            .maybe_text(scope.owner());
        let sql = &self.tables.sql.page_attempts;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(decode).collect()
    }

    /// Deletes attempts that were made before this time; returns how many.
    pub(crate) async fn prune_attempts(
        &mut self,
        before: SystemTime,
        limit: u32,
    ) -> Result<u64, Error> {
        let parameters = Parameters::new().int(to_ms(before)).int(limit.into());
        let sql = &self.tables.sql.prune_attempts;
        Ok(sql.execute(self.connection, parameters).await?)
    }

    /// When the attempt was made that comes `skip` attempts after `from`, if it was made before `before`.
    pub(crate) async fn window_of_attempts(
        &mut self,
        from: i64,
        before: i64,
        skip: i64,
    ) -> Result<Option<i64>, Error> {
        let parameters = Parameters::new().int(from).int(before).int(skip);
        let sql = &self.tables.sql.window_attempts;
        let row = sql.first(self.connection, parameters).await?;
        Ok(row.map(|row| row.int("at")).transpose()?)
    }

    /// Deletes the bodies of answers to attempts of this time.
    pub(crate) async fn prune_responses(&mut self, from: i64, until: i64) -> Result<(), Error> {
        let parameters = Parameters::new().int(from).int(until);
        let sql = &self.tables.sql.prune_responses;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }
}

fn last_attempt<D: Database>(row: &Row<D>) -> Result<LastAttempt, Error> {
    Ok(LastAttempt {
        number: u32::try_from(row.int("number")?).unwrap_or(u32::MAX),
        at: from_ms(row.int("at")?),
        duration: Duration::from_millis(row.int("duration_ms")?.unsigned_abs()),
        status: row
            .maybe_int("status")?
            .and_then(|status| u16::try_from(status).ok()),
        error: row.maybe_text("error")?,
    })
}

fn decode<D: Database>(row: &Row<D>) -> Result<Attempt, Error> {
    let LastAttempt {
        number,
        at,
        duration,
        status,
        error,
    } = last_attempt(row)?;
    Ok(Attempt {
        delivery: DeliveryId::from_key(id(&row.bytes("delivery")?)?),
        subscription: SubscriptionId::from_key(id(&row.bytes("subscription")?)?),
        number,
        at,
        duration,
        status,
        error,
        response: row.maybe_bytes("response")?,
        claim: row.int("claim")?,
    })
}
