//! Turns claimed jobs into deliveries: with their messages and subscriptions, read in one statement each.
//!
//! Rows are decoded one by one. One that cannot be read is logged with its id, and the deliveries that need it are put
//! off without using an attempt; all others go on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use webhooks_store::{Database, Id, Job};

use super::subscription_cache::{CachedSubscription, SubscriptionCache};
use crate::context::Context;
use crate::dialect::Wire;
use crate::error::Error;
use crate::model::MessageId;
use crate::tables::{MessageRow, Tx, id};

/// A message as the engine needs it.
pub(crate) struct LoadedMessage {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    pub(crate) bare: bool,
    pub(crate) wire: Arc<Wire>,
    /// Missing when the retention has removed it.
    pub(crate) body: Option<Bytes>,
    pub(crate) expires: Option<SystemTime>,
}

/// A delivery that was claimed.
pub(crate) struct Delivery {
    pub(crate) job: Job,
    pub(crate) subscription: Id,
    /// Missing when it was pruned.
    pub(crate) message: Option<Arc<LoadedMessage>>,
    /// Missing when it was removed.
    pub(crate) cached: Option<Arc<CachedSubscription>>,
    /// Whether its message or subscription exists and cannot be read.
    pub(crate) is_unreadable: bool,
    /// Later than this a request might outlast the lease.
    pub(crate) send_before: SystemTime,
    /// When the lease ends, by the sender's clock: until then an outcome can be recorded.
    pub(crate) lease_until: SystemTime,
}

impl Delivery {
    /// What it holds in memory; shared bodies count for each delivery.
    pub(crate) fn size(&self) -> usize {
        let body = self
            .message
            .as_ref()
            .and_then(|message| message.body.as_ref());
        body.map_or(0, Bytes::len)
    }
}

/// Reads what the jobs need.
pub(crate) async fn load<D: Database>(
    context: &Context<D>,
    cache: &mut SubscriptionCache,
    jobs: Vec<Job>,
    send_before: SystemTime,
) -> Result<Vec<Delivery>, Error> {
    let subscription = |job: &Job| id(job.lane.as_bytes());
    let ids: HashSet<Id> = jobs.iter().map(subscription).collect::<Result<_, _>>()?;
    let ids: Vec<_> = ids.into_iter().collect();
    let references: HashSet<Id> = jobs.iter().filter_map(|job| job.reference).collect();
    let mut connection = context.tables.store.worker_connection().await?;
    let mut tx = context.tables.on(&mut connection);
    let (cached, mut unreadable) = cache.get(context, &mut tx, &ids).await?;
    let (messages, unreadable_messages) = messages(&mut tx, references).await?;
    unreadable.extend(unreadable_messages);
    let deliveries = jobs.into_iter().map(|job| {
        let subscription = subscription(&job)?;
        let message = job
            .reference
            .and_then(|reference| messages.get(&reference).cloned());
        let is_unreadable = unreadable.contains(&subscription)
            || job.reference.is_some_and(|id| unreadable.contains(&id));
        Ok(Delivery {
            subscription,
            message,
            cached: cached.get(&subscription).cloned(),
            is_unreadable,
            job,
            send_before,
            lease_until: send_before + context.delivering.transport.timeout(),
        })
    });
    deliveries.collect()
}

/// The messages that can be read, and the ids of those that cannot.
async fn messages<D: Database>(
    tx: &mut Tx<'_, D>,
    ids: HashSet<Id>,
) -> Result<(HashMap<Id, Arc<LoadedMessage>>, HashSet<Id>), Error> {
    let mut sorted: Vec<_> = ids.iter().copied().collect();
    // In the order of the primary key, so that pages are read once.
    sorted.sort_unstable();
    let usual = Arc::new(Wire::usual());
    let (mut messages, mut unreadable) = (HashMap::new(), HashSet::new());
    for (id, row) in tx.message_results(sorted).await? {
        match row.and_then(|row| loaded(row, &usual)) {
            Ok(message) => _ = messages.insert(id, Arc::new(message)),
            Err(error) => {
                let message = MessageId::from_key(id);
                tracing::error!(
                    message_id = message.as_str(),
                    error = error.reason(),
                    "a message cannot be read; its deliveries are put off"
                );
                unreadable.insert(id);
            }
        }
    }
    Ok((messages, unreadable))
}

fn loaded(row: MessageRow, usual: &Arc<Wire>) -> Result<LoadedMessage, Error> {
    Ok(LoadedMessage {
        wire: row.wire(usual)?,
        id: row.id,
        event: row.event,
        bare: row.bare,
        body: row.body.map(Bytes::from),
        expires: row.expires,
    })
}
