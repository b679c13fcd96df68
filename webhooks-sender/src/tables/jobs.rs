//! The jobs of the store: deliveries and fan-outs in the store's queues, and how the queue of deliveries stands.

use std::collections::HashSet;
use std::time::Duration;

use webhooks_store::{Counts, Database, Due, Id, NewJob, Outcome, Parameters, Settled};

use super::{Tables, Tx};
use crate::error::Error;
use crate::model::QueueStats;

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
