//! Trying deliveries again, giving them up, and testing a subscription.

use webhooks_store::Database;

use super::Reach;
use crate::error::{Error, StateError};
use crate::model::{DeliveryId, SubscriptionId};
use crate::publish::Sent;
use crate::{notices, redelivery};

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn retry(&self, delivery: &DeliveryId) -> Result<(), Error> {
        self.own_delivery(delivery).await?;
        redelivery::retry(&self.context.tables, delivery).await
    }

    pub(crate) async fn cancel(&self, delivery: &DeliveryId) -> Result<(), Error> {
        self.own_delivery(delivery).await?;
        match redelivery::cancel(&self.context.tables, &[delivery.key()]).await? {
            0 => Err(StateError::Ended.into()),
            _ => Ok(()),
        }
    }

    pub(crate) async fn send_test(&self, id: &SubscriptionId) -> Result<Sent, Error> {
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let row = tx.subscription(self.scope()?, id).await?;
        let owner = &row.subscription.owner;
        let sent = notices::test(&self.context.publishing, &mut tx, owner, id).await?;
        transaction.commit().await?;
        tables.store.wake().now();
        Ok(sent)
    }
}
