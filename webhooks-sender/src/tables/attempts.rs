//! The attempts, as the store keeps them: the last one of a delivery that has ended in its row of the history, earlier ones
//! and what came back apart.

use std::collections::HashMap;
use std::time::Duration;

use webhooks_store::{Database, Id, Parameters, Row, from_ms};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{
    Attempt, AttemptCursor, AttemptId, DeliveryId, JobId, LastAttempt, Scope, SubscriptionId,
};

impl<D: Database> Tx<'_, D> {
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

    /// The attempts of deliveries, without what came back, which a caller has found to be its own. In no order.
    pub(crate) async fn attempts_of_all(
        &mut self,
        deliveries: &[Id],
    ) -> Result<Vec<Attempt>, Error> {
        let parameters = Parameters::new().blobs(deliveries.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.attempts_of_all;
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

    /// A page of what a subscription saw, which a caller has found to be its own. The newest message first.
    pub(crate) async fn page_attempts(
        &mut self,
        subscription: &SubscriptionId,
        before: Option<&AttemptCursor>,
        limit: u32,
    ) -> Result<Vec<Attempt>, Error> {
        let start = ([0xff; 16], i64::MAX, i64::MAX);
        let (delivery, generation, number) = before.map_or(start, |cursor| {
            let delivery = *cursor.delivery.key().as_bytes();
            (delivery, cursor.generation, cursor.number.into())
        });
        let parameters = Parameters::new()
            .bytes(*subscription.key().as_bytes())
            .bytes(delivery)
            .int(generation)
            .int(number)
            .int(limit.into());
        let sql = &self.tables.sql.page_attempts;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(decode).collect()
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
    let delivery = DeliveryId::from_key(id(&row.bytes("delivery")?)?);
    let generation = row.int("generation")?;
    Ok(Attempt {
        id: AttemptId::new(delivery.clone(), generation, number),
        delivery,
        subscription: SubscriptionId::from_key(id(&row.bytes("subscription")?)?),
        number,
        at,
        duration,
        status,
        error,
        response: row.maybe_bytes("response")?,
        job: row
            .maybe_bytes("replay")?
            .map(|bytes| Ok::<_, Error>(JobId::from_key(id(&bytes)?)))
            .transpose()?,
        generation,
    })
}
