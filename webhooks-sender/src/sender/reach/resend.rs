//! One message sent again to some subscriptions, also where no delivery of it was ever made.

use webhooks_store::{Database, Id};

use super::Reach;
use crate::error::{Error, StateError};
use crate::model::{AuditAction, DeliveryId, MessageId, Scope, SubscriptionId};
use crate::publish::delivery_of;
use crate::tables::{DeliveryLane, Tx, is_expired};

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn resend(
        &self,
        id: &MessageId,
        to: &[SubscriptionId],
    ) -> Result<Vec<DeliveryId>, Error> {
        let message = self.message(id).await?;
        if message.body.is_none() {
            return Err(StateError::PayloadRemoved.into());
        }
        if is_expired(message.expires, self.context.now()) {
            return Err(StateError::Expired.into());
        }
        // A message of one owner never goes to another's subscription, also when an operator asks.
        let scope = match message.owner.as_deref() {
            Some(owner) => Scope::Owner(owner),
            None => self.scope()?,
        };
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let mut subscriptions = Vec::new();
        let mut distinct = to.to_vec();
        // In one order, so that two who ask for the same wait for each other instead of for ever.
        distinct.sort_unstable();
        distinct.dedup();
        for id in &distinct {
            let row = tx.subscription_to_change(scope, id).await?;
            if !row.subscription.state.gets_messages() {
                return Err(StateError::SwitchedOff.into());
            }
            let mut entry = self.entry(&row.subscription.owner, AuditAction::MessageResent, id)?;
            entry.after = Some(serde_json::json!({ "message": message.id }));
            tx.insert_audit(&entry).await?;
            subscriptions.push(DeliveryLane::new(id.key(), &row.subscription.owner));
        }
        let deliveries = resend(&mut tx, message.id.key(), &subscriptions).await?;
        transaction.commit().await?;
        tables.wake_deliveries();
        Ok(deliveries)
    }
}

/// Makes the deliveries that there are not, and has the others made again.
async fn resend<D: Database>(
    tx: &mut Tx<'_, D>,
    message: Id,
    subscriptions: &[DeliveryLane],
) -> Result<Vec<DeliveryId>, Error> {
    let ids = subscriptions.iter();
    let ids: Vec<Id> = ids
        .map(|lane| DeliveryId::of(message, lane.subscription))
        .collect();
    let known = tx.known_deliveries(ids.iter().copied()).await?;
    let again: Vec<Id> = known.iter().copied().collect();
    let mut deliveries = tx.restart(&again, Some(0)).await?;
    let mut new = Vec::new();
    for (&lane, &id) in subscriptions.iter().zip(&ids) {
        if !known.contains(&id) {
            new.push(delivery_of(message, lane));
            deliveries.push(id);
        }
    }
    tx.enqueue(new).await?;
    deliveries.sort_unstable();
    Ok(deliveries.into_iter().map(DeliveryId::from_key).collect())
}
