//! A page of a message's replay: the subscriptions that were sent it, and those that want it now.

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Id};

use super::page::{advanced, progress, request, scope, write};
use crate::context::Context;
use crate::error::{Error, StateError};
use crate::model::{DeliveryId, ReplayId, Scope, StoredSubscription, SubscriptionId};
use crate::publish::delivery_of;
use crate::tables::{BulkJobRow, DeliveryLane, MessageSummary, Tx};

/// Subscriptions looked at in one page.
const PAGE: u32 = 200;

/// How far it has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Progress {
    /// The last subscription that was looked at.
    after: Option<SubscriptionId>,
    /// The message that is sent in place of the old one.
    copy: Option<[u8; 16]>,
}

pub(super) async fn page<D: Database>(context: &Context<D>, row: &BulkJobRow) -> Result<(), Error> {
    let (ids, old) = (request::<ReplayId>(row)?, row.message()?.key());
    let mut progress = progress::<Progress>(row)?;
    let tables = &context.tables;
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    if tx.sendable_messages(&[old]).await?.is_empty() {
        return Err(StateError::PayloadRemoved.into());
    }
    let mut found = tx.message_summaries(Scope::AllOwners, [old]).await?;
    let summary = found.remove(&old).ok_or(StateError::PayloadRemoved)?;
    let message = match (ids, progress.copy) {
        (ReplayId::Same, _) => old,
        (ReplayId::New, Some(copy)) => Id::from_bytes(copy),
        (ReplayId::New, None) => {
            let copy = Id::at(tx.now(), context.publishing.random()?);
            let owner = row.job.owner.as_deref().unwrap_or_default();
            tx.copy_messages(owner, tx.now(), &[(old, copy)]).await?;
            progress.copy = Some(*copy.as_bytes());
            copy
        }
    };
    let rows = tx
        .page_subscriptions(scope(row), progress.after.as_ref(), PAGE)
        .await?;
    let is_full = rows.len() == PAGE as usize;
    let next = rows.last().filter(|_| is_full).map(|(last, _)| Progress {
        after: Some(last.clone()),
        ..progress
    });
    // One that cannot be read here is left out: what it wants is not known.
    let readable = rows.into_iter().filter_map(|(_, row)| row.ok());
    let subscriptions: Vec<_> = readable.map(|row| row.subscription).collect();
    let deliveries = send(context, &mut tx, (&summary, old, message), &subscriptions).await?;
    tx.mark_replayed(&row.job.id, &deliveries).await?;
    if write(&mut tx, row, &advanced(next.as_ref(), deliveries.len())).await? {
        transaction.commit().await?;
        tables.wake_deliveries();
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

/// Makes the deliveries wait; returns them. What is under way or waits already is left alone.
async fn send<D: Database>(
    context: &Context<D>,
    tx: &mut Tx<'_, D>,
    (summary, old, message): (&MessageSummary, Id, Id),
    subscriptions: &[StoredSubscription],
) -> Result<Vec<Id>, Error> {
    let was_sent = subscriptions
        .iter()
        .map(|one| DeliveryId::of(old, one.id.key()));
    let was_sent = tx.known_deliveries(was_sent).await?;
    let wanted: Vec<DeliveryLane> = subscriptions
        .iter()
        .filter(|one| {
            let event = summary.event.as_str();
            let wants = one.wants(event) || was_sent.contains(&DeliveryId::of(old, one.id.key()));
            let owner = Some(one.owner.as_str());
            let may_see = || context.publishing.may_see(owner, event).unwrap_or(true);
            one.state.gets_messages() && wants && may_see()
        })
        .map(|one| DeliveryLane::new(one.id.key(), &one.owner))
        .collect();
    let deliveries: Vec<Id> = wanted
        .iter()
        .map(|lane| DeliveryId::of(message, lane.subscription))
        .collect();
    let known = tx.known_deliveries(deliveries.iter().copied()).await?;
    let finished = tx.finished_of(&deliveries).await?;
    let finished: Vec<Id> = finished.into_iter().collect();
    let mut made = tx.restart(&finished, Some(0)).await?;
    let new = wanted
        .iter()
        .filter(|lane| !known.contains(&DeliveryId::of(message, lane.subscription)));
    let new: Vec<DeliveryLane> = new.copied().collect();
    let jobs = new.iter().map(|&lane| delivery_of(message, lane));
    tx.enqueue(jobs.collect()).await?;
    made.extend(
        new.iter()
            .map(|lane| DeliveryId::of(message, lane.subscription)),
    );
    Ok(made)
}
