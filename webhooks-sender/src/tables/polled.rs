//! What waits for subscriptions that are fetched: read, and ended, in the transaction of the caller who asks.

use webhooks_store::lanes::{Entry, Rows};
use webhooks_store::{Database, Id, LaneName};

use super::{DeliveryLane, Tx};
use crate::error::Error;

impl<D: Database> Tx<'_, D> {
    /// What is due in a lane, in its order.
    pub(crate) async fn due(&mut self, lane: DeliveryLane, limit: u32) -> Result<Rows, Error> {
        self.due_in_lane(lane.queue(), &lane.name(), limit).await
    }

    /// The same, of a lane that was found by its name.
    pub(crate) async fn due_in_lane(
        &mut self,
        queue: &str,
        lane: &LaneName,
        limit: u32,
    ) -> Result<Rows, Error> {
        let store = &self.tables.store;
        Ok(store.due_in(self.connection, queue, lane, limit).await?)
    }

    /// Those of these deliveries that wait, no other's until the transaction ends.
    pub(crate) async fn hold(
        &mut self,
        lane: DeliveryLane,
        ids: &[Id],
    ) -> Result<Vec<Entry>, Error> {
        let store = &self.tables.store;
        Ok(store.hold_in(self.connection, lane.queue(), ids).await?)
    }

    /// The first that is due of each of the next lanes of a queue.
    pub(crate) async fn lock_due_lanes(
        &mut self,
        queue: &str,
        after: Option<&LaneName>,
        limit: u32,
    ) -> Result<Vec<Entry>, Error> {
        let store = &self.tables.store;
        Ok(store
            .lock_due_in(self.connection, queue, after, limit)
            .await?)
    }
}
