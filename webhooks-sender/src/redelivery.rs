//! Trying one delivery again on request, and giving deliveries up.

use webhooks_store::{Database, JobRecord, State};

use crate::context::Context;
use crate::error::{Error, StateError};
use crate::model::{DeliveryId, Scope, SubscriptionId, SubscriptionState};
use crate::tables::{NewAudit, Tx, id};

/// Tries one delivery again, now. A pending attempt is brought forward instead of doubled; for a delivery that had
/// ended the schedule starts anew.
pub(crate) async fn retry<D: Database>(
    context: &Context<D>,
    delivery: &DeliveryId,
    entry: &NewAudit,
) -> Result<(), Error> {
    let tables = &context.tables;
    let job = tables
        .store
        .job(delivery.key())
        .await?
        .ok_or(Error::NotFound)?;
    if context.delivering.under_way.contains(job.id) {
        return Err(StateError::BeingSent.into());
    }
    let attempts = (job.state != State::Pending).then_some(0);
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    check_sendable(&mut tx, &job).await?;
    if tx.restart(&[delivery.key()], attempts).await?.is_empty() {
        // Pruned after it was looked at.
        transaction.rollback().await?;
        return Err(Error::NotFound);
    }
    tx.insert_audit(entry).await?;
    transaction.commit().await?;
    tables.wake_deliveries();
    Ok(())
}

/// Refuses what the engine would end without a request: a delivery that succeeded would look as if it had failed. The
/// subscription is locked, so that it is not switched off before the transaction ends.
async fn check_sendable<D: Database>(tx: &mut Tx<'_, D>, job: &JobRecord) -> Result<(), Error> {
    let subscription = SubscriptionId::from_key(id(job.lane.as_bytes())?);
    match tx
        .subscription_to_change(Scope::AllOwners, &subscription)
        .await
    {
        Ok(row) => check_is_on(row.subscription.state)?,
        Err(Error::NotFound) => return Err(StateError::SubscriptionRemoved.into()),
        Err(error) => return Err(error),
    }
    let message = tx.messages_by_id(Scope::AllOwners, job.reference, true);
    let message = message.await?.pop();
    let content = message.map(|message| message.content);
    match content.filter(|content| content.body.is_some()) {
        Some(content) if content.is_expired(tx.now()) => Err(StateError::Expired.into()),
        Some(_) => Ok(()),
        None => Err(StateError::PayloadRemoved.into()),
    }
}

/// Refuses a subscription that is switched off.
pub(crate) fn check_is_on(state: SubscriptionState) -> Result<(), Error> {
    if state.gets_messages() {
        return Ok(());
    }
    Err(StateError::SwitchedOff.into())
}

/// Gives a delivery up; whether it was still pending.
pub(crate) async fn cancel<D: Database>(
    context: &Context<D>,
    delivery: &DeliveryId,
    entry: &NewAudit,
) -> Result<bool, Error> {
    let tables = &context.tables;
    let mut transaction = tables.begin().await?;
    let ids = [delivery.key()];
    let cancelled = tables.store.cancel_in(&mut transaction, &ids).await?;
    if cancelled.is_empty() {
        transaction.rollback().await?;
        return Ok(false);
    }
    tables.on(&mut transaction).insert_audit(entry).await?;
    transaction.commit().await?;
    context.changed_deliveries(&cancelled);
    Ok(true)
}
