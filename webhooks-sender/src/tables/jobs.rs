//! The jobs of the store: deliveries and fan-outs in the store's queues, and how the queue of deliveries stands.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::time::Duration;

use webhooks_store::{Counts, Database, Due, Id, NewJob, Outcome, Parameters, Settled};

use super::{Tables, Tx, id};
use crate::error::Error;
use crate::model::{DeliveryState, QueueStats};

/// The queue of deliveries; the lane is the subscription.
pub(crate) const DELIVERIES: &str = "delivery";
/// The queue of messages to be fanned out; the lane is the message.
pub(crate) const FAN_OUTS: &str = "fan-out";

impl<D: Database> Tx<'_, D> {
    pub(crate) async fn enqueue(&mut self, jobs: Vec<NewJob>) -> Result<(), Error> {
        if !jobs.is_empty() {
            self.tables.store.enqueue_in(self.connection, jobs).await?;
        }
        Ok(())
    }

    pub(crate) async fn settle(&mut self, outcomes: &[&Outcome]) -> Result<Vec<Settled>, Error> {
        Ok(self
            .tables
            .store
            .settle_in(self.connection, outcomes)
            .await?)
    }

    /// Brings jobs back, due now; returns those that were.
    pub(crate) async fn restart(
        &mut self,
        ids: &[Id],
        attempts: Option<u32>,
    ) -> Result<Vec<Id>, Error> {
        let store = &self.tables.store;
        let restarted = store
            .restart_in(self.connection, ids, Due::Now, attempts)
            .await?;
        Ok(restarted)
    }

    /// Those of these deliveries that exist already.
    pub(crate) async fn known_deliveries(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashSet<Id>, Error> {
        Ok(self.tables.store.known_in(self.connection, ids).await?)
    }

    /// How these deliveries ended; those that have not are left out.
    pub(crate) async fn ended_states(
        &mut self,
        ids: &[Id],
    ) -> Result<HashMap<Id, DeliveryState>, Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.ended_states;
        let rows = sql.fetch(self.connection, parameters).await?;
        let ended = rows.iter().map(|row| {
            let state = match row.int("state")? {
                3 => DeliveryState::Delivered,
                4 => DeliveryState::Failed,
                5 => DeliveryState::Cancelled,
                other => return Err(Error::Corrupt(format!("a delivery ended in state {other}"))),
            };
            Ok((id(&row.bytes("id")?)?, state))
        });
        ended.collect()
    }

    /// How the deliveries of a subscription ended whose ids lie between two: delivered, failed, cancelled.
    pub(crate) async fn count_ended(
        &mut self,
        subscription: Id,
        between: Range<Id>,
        limit: u32,
    ) -> Result<[u32; 3], Error> {
        let parameters = Parameters::new()
            .bytes(*subscription.as_bytes())
            .bytes(*between.start.as_bytes())
            .bytes(*between.end.as_bytes())
            .int(limit.into());
        let sql = &self.tables.sql.count_ended;
        let Some(row) = sql.first(self.connection, parameters).await? else {
            return Ok([0; 3]);
        };
        let count = |column: &str| {
            let number = row.maybe_int(column)?.unwrap_or(0);
            Ok::<_, Error>(u32::try_from(number).unwrap_or(limit))
        };
        Ok([count("delivered")?, count("failed")?, count("cancelled")?])
    }
}

impl<D: Database> Tables<D> {
    /// How the queue of deliveries stands.
    pub(crate) async fn queue_stats(&self) -> Result<QueueStats, Error> {
        let counts = self.store.counts(DELIVERIES).await?;
        let parameters = Parameters::new().text(DELIVERIES).int(Counts::MOST.into());
        let mut connection = self.connection().await?;
        let row = self.sql.health.first(&mut connection, parameters).await?;
        let row = row.ok_or_else(|| Error::Corrupt("the queue has no counts".to_owned()))?;
        let count = |number: i64| u32::try_from(number).unwrap_or(Counts::MOST);
        let (held, seen) = (count(row.int("held")?), count(row.int("ready")?));
        Ok(QueueStats {
            // Both are at most the truth: one counts all lanes together, the other those that move.
            ready: counts.ready.saturating_sub(held).max(seen),
            held,
            scheduled: counts.scheduled,
            running: counts.running,
            oldest_ready: row
                .maybe_int("oldest_ms")?
                .map(|ms| Duration::from_millis(ms.try_into().unwrap_or(0))),
        })
    }
}
