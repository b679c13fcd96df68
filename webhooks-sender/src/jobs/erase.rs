//! Erasures: what a message carries, and everything of an owner. That something was sent, when and with which result, stays
//! until the retention ends; what was in it does not.

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Id};

use super::page::{advanced, progress, scope, write};
use crate::context::Context;
use crate::error::Error;
use crate::model::{Scope, SubscriptionId};
use crate::subscriptions::{Subscribing, call_off};
use crate::tables::{BulkJobRow, DeliveryLane, Tx};

/// Deliveries looked at in one page.
const DELIVERIES: u32 = 500;
/// Messages looked at in one page.
const MESSAGES: u32 = 50;

/// How far the erasure of a message has come: the last delivery that was looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct MessageProgress {
    after: Option<[u8; 16]>,
}

/// The message itself was erased when the job was made; this is what waits, and what came back.
pub(super) async fn message_page<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
) -> Result<(), Error> {
    let progress = progress::<MessageProgress>(row)?;
    let (tables, message) = (&context.tables, row.message()?.key());
    let after = progress.after.map(Id::from_bytes);
    let deliveries = tables
        .store
        .jobs_about(message, None, after, DELIVERIES)
        .await?;
    let ids: Vec<Id> = deliveries.iter().map(|delivery| delivery.id).collect();
    let last = ids.last().filter(|_| ids.len() == DELIVERIES as usize);
    let next = last.map(|last| MessageProgress {
        after: Some(*last.as_bytes()),
    });
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    erase_deliveries(&mut tx, &ids).await?;
    let done = usize::from(next.is_none());
    if write(&mut tx, row, &advanced(next.as_ref(), done)).await? {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

async fn erase_deliveries<D: Database>(tx: &mut Tx<'_, D>, ids: &[Id]) -> Result<(), Error> {
    let store = &tx.tables.store;
    if !ids.is_empty() {
        store.cancel_in(tx.connection, ids).await?;
    }
    tx.erase_answers(ids).await
}

/// How far the erasure of an owner has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
enum OwnerProgress {
    /// Its subscriptions are removed, one after the other.
    #[default]
    Subscriptions,
    /// What came back from one that was removed, behind a delivery.
    Answers {
        subscription: SubscriptionId,
        after: [u8; 16],
    },
    /// Its messages, behind one.
    Messages { after: [u8; 16] },
}

pub(super) async fn owner_page<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
) -> Result<(), Error> {
    let Scope::Owner(owner) = scope(row) else {
        return Err(Error::Corrupt("an erasure names no owner".to_owned()));
    };
    match progress::<OwnerProgress>(row)? {
        OwnerProgress::Subscriptions => remove_subscription(context, row, owner).await,
        OwnerProgress::Answers {
            subscription,
            after,
        } => erase_answers(context, row, (subscription, Id::from_bytes(after))).await,
        OwnerProgress::Messages { after } => {
            erase_messages(context, row, owner, Id::from_bytes(after)).await
        }
    }
}

async fn remove_subscription<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    owner: &str,
) -> Result<(), Error> {
    let tables = &context.tables;
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let scope = Scope::Owner(owner);
    let first = tx.page_subscriptions(scope, None, 1).await?.pop();
    let removed = first.map(|(id, _)| id);
    let next = if let Some(id) = &removed {
        tx.lock_subscription(scope, id).await?;
        Subscribing::new(context).remove(&mut tx, owner, id).await?;
        OwnerProgress::Answers {
            subscription: id.clone(),
            after: [0; 16],
        }
    } else {
        OwnerProgress::Messages { after: [0; 16] }
    };
    if !write(&mut tx, row, &advanced(Some(&next), 0)).await? {
        transaction.rollback().await?;
        return Ok(());
    }
    transaction.commit().await?;
    if let Some(id) = removed {
        context.changed(id.key());
        // After a crash the engine calls off what is left, delivery by delivery.
        call_off(tables, DeliveryLane::new(id.key(), owner)).await?;
    }
    Ok(())
}

async fn erase_answers<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    (subscription, after): (SubscriptionId, Id),
) -> Result<(), Error> {
    let tables = &context.tables;
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let range = (after, Id::from_bytes([0xff; 16]));
    let ended = tx
        .ended_deliveries(subscription.key(), range, DELIVERIES)
        .await?;
    let ids: Vec<Id> = ended.iter().map(|ended| ended.id).collect();
    tx.erase_answers(&ids).await?;
    let next = match ids.last() {
        Some(last) if ids.len() == DELIVERIES as usize => OwnerProgress::Answers {
            subscription,
            after: *last.as_bytes(),
        },
        _ => OwnerProgress::Subscriptions,
    };
    if write(&mut tx, row, &advanced(Some(&next), 0)).await? {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

async fn erase_messages<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    owner: &str,
    after: Id,
) -> Result<(), Error> {
    let tables = &context.tables;
    let mut connection = tables.connection().await?;
    let range = (after, Id::from_bytes([0xff; 16]));
    let mut tx = tables.on(&mut connection);
    let messages = tx.messages_between(owner, false, range, MESSAGES).await?;
    drop(connection);
    let ids: Vec<Id> = messages.iter().map(|message| message.id.key()).collect();
    let mut deliveries = Vec::new();
    for &message in &ids {
        let mut after = None;
        loop {
            let page = tables
                .store
                .jobs_about(message, None, after, DELIVERIES)
                .await?;
            deliveries.extend(page.iter().map(|delivery| delivery.id));
            after = page.last().map(|delivery| delivery.id);
            if page.len() < DELIVERIES as usize {
                break;
            }
        }
    }
    let last = ids.last().filter(|_| ids.len() == MESSAGES as usize);
    let next = last.map(|last| OwnerProgress::Messages {
        after: *last.as_bytes(),
    });
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    tx.erase_messages(&ids).await?;
    erase_deliveries(&mut tx, &deliveries).await?;
    if write(&mut tx, row, &advanced(next.as_ref(), ids.len())).await? {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}
