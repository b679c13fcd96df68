//! How the deliveries of a subscription ended, step by step.

use webhooks_store::{Database, Id};

use super::Reach;
use crate::error::Error;
use crate::model::{Period, Statistics, Step, SubscriptionId};
use crate::tables::DeliveryLane;

/// The most deliveries that are counted in one step.
const MAX_ENDED: u32 = 10_000;
/// The most waiting deliveries that are counted.
const MAX_WAITING: u32 = 1000;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn statistics(
        &self,
        id: &SubscriptionId,
        period: Period,
    ) -> Result<Statistics, Error> {
        let subscription = self.subscription(id).await?;
        let tables = &self.context.tables;
        let lane = DeliveryLane::new(id.key(), &subscription.owner);
        let store = &tables.store;
        let (queue, name) = (lane.queue(), lane.name());
        let waiting = store.unfinished(queue, &name, MAX_WAITING);
        let waiting = u32::try_from(waiting.await?.len()).unwrap_or(MAX_WAITING);
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let mut steps = Vec::new();
        for (since, until) in period.steps() {
            // The ids of deliveries begin with the time of their message.
            let between = Id::at(since, [0; 10])..Id::at(until, [0; 10]);
            let counts = tx.count_ended(id.key(), between, MAX_ENDED).await?;
            let [delivered, failed, cancelled] = counts;
            steps.push(Step {
                since,
                delivered,
                failed,
                cancelled,
            });
        }
        Ok(Statistics { waiting, steps })
    }
}
