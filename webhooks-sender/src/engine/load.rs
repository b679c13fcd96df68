//! Reads what deliveries in hand need: their messages and subscriptions, in one statement each.
//!
//! Rows are decoded one by one. One that cannot be read is logged with its id, and the deliveries that need it are put
//! off without using an attempt; all others go on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use webhooks_store::lanes::{Entry, Moment};
use webhooks_store::{Database, Id, LaneName};

use super::number::number;
use super::subscription_cache::{CachedSubscription, SubscriptionCache};
use crate::change_log::ChangeCount;
use crate::context::Context;
use crate::dialect::Wire;
use crate::error::Error;
use crate::model::MessageId;
use crate::recent_messages::LoadedMessage;
use crate::tables::{ContentInBudget, MessageContent, Tx};

/// A delivery whose turn it is.
pub(crate) struct Delivery {
    pub(crate) entry: Entry,
    pub(crate) subscription: Id,
    /// Missing when it was pruned.
    pub(crate) message: Option<Arc<LoadedMessage>>,
    /// Missing when it was removed.
    pub(crate) cached: Option<Arc<CachedSubscription>>,
    /// Before which changes the subscription was read.
    pub(crate) changes: ChangeCount,
    /// Its number in the sequence of its subscription, where that is numbered.
    pub(crate) number: Option<i64>,
}

/// What is to be read.
pub(crate) struct Load {
    pub(crate) jobs: Vec<LoadJob>,
    /// Subscriptions that are looked at besides those of the jobs.
    pub(crate) subscriptions: Vec<Id>,
    /// Bytes of bodies that may be read; the first body is read in any case.
    pub(crate) budget: usize,
    /// When it was asked for: what is read is at least as new.
    pub(crate) asked: ReadMark,
}

/// From when on changes may be missing in what was read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReadMark {
    pub(crate) at: Moment,
    pub(crate) changes: ChangeCount,
}

/// A delivery that needs something.
pub(crate) struct LoadJob {
    pub(crate) id: Id,
    pub(crate) message: Option<Id>,
    pub(crate) subscription: Id,
    /// What was read of it a moment ago, and need not be read again.
    pub(crate) known: Option<Arc<CachedSubscription>>,
    pub(crate) lane: LaneName,
}

/// What was read.
#[derive(Default)]
pub(crate) struct LoadResult {
    /// For each delivery.
    pub(crate) found: Vec<(Id, MessageInHand)>,
    /// For those of numbered subscriptions.
    pub(crate) numbers: HashMap<Id, i64>,
    pub(crate) subscriptions: HashMap<Id, Arc<CachedSubscription>>,
    /// Subscriptions that exist and cannot be read.
    pub(crate) unreadable: HashSet<Id>,
}

/// The message of a delivery.
#[derive(Clone)]
pub(crate) enum MessageInHand {
    Message(Arc<LoadedMessage>),
    /// It was pruned.
    Missing,
    /// It exists, and this process cannot read it.
    Unreadable,
    /// Its body was beyond the budget.
    Large,
}

impl MessageInHand {
    /// What it holds in memory; a body that is shared counts for each delivery.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Message(message) => message.body.as_ref().map_or(0, Bytes::len),
            Self::Missing | Self::Unreadable | Self::Large => 0,
        }
    }
}

/// Reads what is asked for.
pub(crate) async fn load<D: Database>(
    context: &Context<D>,
    cache: &mut SubscriptionCache,
    load: &Load,
) -> Result<LoadResult, Error> {
    let unknown = load.jobs.iter().filter(|job| job.known.is_none());
    let of_jobs = unknown.map(|job| job.subscription);
    let ids: HashSet<Id> = of_jobs.chain(load.subscriptions.iter().copied()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let mut references: Vec<Id> = load.jobs.iter().filter_map(|job| job.message).collect();
    let recent = &context.publishing.recent_messages;
    let recent = recent.take(references.iter().copied(), context.now());
    references.retain(|id| !recent.contains_key(id));
    let (mut subscriptions, mut unreadable, mut found) = Default::default();
    if !(ids.is_empty() && references.is_empty()) {
        let mut connection = context.tables.store.worker_connection().await?;
        let mut tx = context.tables.on(&mut connection);
        (subscriptions, unreadable) = cache.get(context, &mut tx, &ids).await?;
        found = messages(&mut tx, references, load.budget).await?;
        // The writer's own, on SQLite: numbers are written on it.
        connection.end();
    }
    let recent = recent.into_iter();
    found.extend(recent.map(|(id, message)| (id, MessageInHand::Message(message))));
    let deliveries = load.jobs.iter().map(|job| (job.id, job.subscription));
    let deliveries: Vec<_> = deliveries.collect();
    let known = load.jobs.iter().filter_map(|job| {
        let cached = job.known.as_ref()?;
        Some((job.subscription, Arc::clone(cached)))
    });
    let mut all: HashMap<_, _> = known.collect();
    all.extend(
        subscriptions
            .iter()
            .map(|(id, read)| (*id, Arc::clone(read))),
    );
    let numbers = number(context, &deliveries, &all).await?;
    let message = |job: &LoadJob| {
        let message = job.message.and_then(|id| found.get(&id).cloned());
        (job.id, message.unwrap_or(MessageInHand::Missing))
    };
    Ok(LoadResult {
        found: load.jobs.iter().map(message).collect(),
        numbers,
        subscriptions,
        unreadable,
    })
}

/// The messages that there are.
async fn messages<D: Database>(
    tx: &mut Tx<'_, D>,
    mut ids: Vec<Id>,
    budget: usize,
) -> Result<HashMap<Id, MessageInHand>, Error> {
    // In the order of the primary key, so that pages are read once.
    ids.sort_unstable();
    ids.dedup();
    let mut messages = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(messages);
    }
    let usual = Arc::new(Wire::usual());
    for (id, row) in tx.messages_within(ids, budget).await? {
        let message = row.and_then(|row| match row {
            ContentInBudget::Large => Ok(MessageInHand::Large),
            ContentInBudget::Content(content) => {
                Ok(MessageInHand::Message(Arc::new(loaded(content, &usual)?)))
            }
        });
        let message = message.unwrap_or_else(|error| {
            let message = MessageId::from_key(id);
            tracing::error!(
                message_id = message.as_str(),
                error = error.reason(),
                "a message cannot be read; its deliveries are put off"
            );
            MessageInHand::Unreadable
        });
        messages.insert(id, message);
    }
    Ok(messages)
}

fn loaded(content: MessageContent, usual: &Arc<Wire>) -> Result<LoadedMessage, Error> {
    Ok(LoadedMessage {
        wire: content.wire(usual)?,
        id: content.id,
        event: content.event,
        bare: content.bare,
        body: content.body.map(Bytes::from),
        expires: content.expires,
    })
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use webhooks_core::{Descriptor, Message, Webhooks};

    use super::*;
    use crate::{Sender, SubscriptionRequest};

    static NOTED: Descriptor = Descriptor::post("noted").payload::<String>();

    #[tokio::test]
    async fn bodies_are_read_up_to_the_budget_and_the_first_in_any_case() {
        let webhooks = Webhooks::new().with(&NOTED).build().expect("a catalogue");
        let sender = Sender::testing().webhooks(webhooks).start().await;
        let sender = sender.expect("a sender");
        let request = SubscriptionRequest::new("https://example.com/").event("*");
        sender.of("a").subscribe(request).await.expect("subscribed");
        let (mut ids, text) = (Vec::new(), "x".repeat(1000));
        for _ in 0..4 {
            let sent = sender.send("a", Message::untyped(&NOTED, &text)).await;
            ids.push(sent.expect("sent").id.key());
        }
        let tables = &sender.context.tables;
        for (budget, expected) in [(0, 1), (1002, 1), (1500, 2), (2100, 3), (1_000_000, 4)] {
            let mut connection = tables.connection().await.expect("a connection");
            let read = messages(&mut tables.on(&mut connection), ids.clone(), budget).await;
            let read = read.expect("read");
            let is_there = |found: &&MessageInHand| matches!(found, MessageInHand::Message(_));
            assert_eq!(read.values().filter(is_there).count(), expected, "{budget}");
            let bytes: usize = read.values().map(MessageInHand::size).sum();
            assert!(bytes <= budget + 1002, "{bytes} of {budget}");
            assert_eq!(read.len(), 4);
        }
    }
}
