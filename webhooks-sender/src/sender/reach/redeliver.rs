//! Trying deliveries again, giving them up, and testing a subscription.

use serde_json::Value;
use webhooks_core::Message;
use webhooks_store::Database;

use super::Reach;
use crate::error::{Error, StateError};
use crate::model::{AuditAction, DeliveryId, Owner, SubscriptionId};
use crate::publish::{Outbound, Sent, prepare, publish_to};
use crate::tables::DeliveryLane;
use crate::{notices, redelivery};

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn retry(&self, delivery: &DeliveryId) -> Result<(), Error> {
        let owner = self.own_delivery(delivery).await?;
        let entry = self.entry(&owner, AuditAction::DeliveryRetried, delivery)?;
        redelivery::retry(self.context, delivery, &entry).await
    }

    pub(crate) async fn cancel(&self, delivery: &DeliveryId) -> Result<(), Error> {
        let owner = self.own_delivery(delivery).await?;
        let entry = self.entry(&owner, AuditAction::DeliveryCancelled, delivery)?;
        if redelivery::cancel(self.context, delivery, &entry).await? {
            return Ok(());
        }
        Err(StateError::Ended.into())
    }

    pub(crate) async fn send_test(&self, id: &SubscriptionId) -> Result<Sent, Error> {
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let row = tx.subscription(self.scope()?, id).await?;
        let owner = &row.subscription.owner;
        let sent = notices::test(&self.context.publishing, &mut tx, owner, id).await?;
        let entry = self.entry(owner, AuditAction::SubscriptionTested, id)?;
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        tables.wake_deliveries();
        Ok(sent)
    }

    pub(crate) async fn send_example(
        &self,
        id: &SubscriptionId,
        event: &str,
        payload: &Value,
    ) -> Result<Sent, Error> {
        let publishing = &self.context.publishing;
        let unknown = || Error::UnknownEvent(event.to_owned());
        let entry = publishing.catalogue.get(event).ok_or_else(unknown)?;
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let row = tx.subscription(self.scope()?, id).await?;
        let owner = &row.subscription.owner;
        if !notices::may_receive(publishing, owner, event)? {
            return Err(unknown());
        }
        let outbound = Outbound::new(Message::untyped(entry.descriptor(), payload));
        let outbound = outbound.as_event(event).label("webhooks.example", "true");
        let message = prepare(publishing, tx.now(), &Owner::of(owner), &outbound)?;
        let sent = publish_to(&mut tx, &message, DeliveryLane::new(id.key(), owner)).await?;
        let audit = self.entry(owner, AuditAction::SubscriptionTested, id)?;
        tx.insert_audit(&audit).await?;
        transaction.commit().await?;
        tables.wake_deliveries();
        Ok(sent)
    }
}
