//! Sending: a message and its deliveries are written in one transaction, the application's own or one of the sender's.

mod body;
mod fan_out;
mod outbound;
mod prepare;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use webhooks_store::{Database, Prefix, Store, Write};

pub(crate) use fan_out::{delivery_of, fan_out_page, first_page};
pub use outbound::{IntoOutbound, Outbound};
pub(crate) use prepare::{CheckedMessage, prepare, prepare_typed};

use crate::context::{Context, Publishing};
use crate::error::Error;
use crate::model::{MessageId, Owner};
use crate::tables::{Arrivals, DeliveryLane, Tx};

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "A message that was accepted.")]
#[non_exhaustive]
pub struct Sent {
    /// Its id, which is the `webhook-id` of its requests. Where the idempotency key was known, the first one's.
    pub id: MessageId,
    /// Whether a message with this idempotency key had been sent before, so that nothing was sent now.
    pub repeated: bool,
    /// How many deliveries were made of it: as many as subscriptions want it, often none. `None` where the engine makes
    /// them, because they are [many](crate::SenderBuilder::fan_out_inline) or the SQL is another driver's.
    pub deliveries: Option<u32>,
}

impl Sent {
    /// A message of which no delivery is made.
    fn nowhere(id: MessageId) -> Self {
        Self {
            id,
            repeated: false,
            deliveries: Some(0),
        }
    }
}

/// Writes messages and what they need to be delivered. One answer for each: a message whose idempotency key was used for
/// another event is refused by itself, and nothing of it was written. And where they went, to be woken after the commit.
pub(crate) async fn publish<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    messages: &[&CheckedMessage],
) -> Result<(Vec<Result<Sent, Error>>, Arrivals), Error> {
    let mut answers = Vec::with_capacity(messages.len());
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    let mut known: HashMap<(&Owner, &str), Vec<DeliveryLane>> = HashMap::new();
    for &message in messages {
        let row = &message.row;
        let to = (&row.owner, row.event.as_str());
        if !message.is_visible {
            answers.push(Ok(Sent::nowhere(row.id.clone())));
            continue;
        }
        if let std::collections::hash_map::Entry::Vacant(entry) = known.entry(to) {
            entry.insert(matching(publishing, tx, to).await?);
        }
        let subscriptions = &known[&to];
        let sent = |deliveries| {
            Ok(Sent {
                id: row.id.clone(),
                repeated: false,
                deliveries,
            })
        };
        if subscriptions.is_empty() {
            // No subscription wants it: one look-up is all that it cost.
            answers.push(Ok(Sent::nowhere(row.id.clone())));
            continue;
        }
        if let Some(answer) = answer_to_known_key(tx, message).await? {
            answers.push(answer);
            continue;
        }
        if row.idempotency_key.is_none() {
            rows.push(row);
        }
        if subscriptions.len() > publishing.fan_out_inline as usize {
            jobs.push(first_page(message, publishing.random()?));
            answers.push(sent(None));
        } else {
            publishing.recent_messages.keep(row, tx.now());
            jobs.extend(
                subscriptions
                    .iter()
                    .map(|&lane| fan_out::delivery(message, lane)),
            );
            answers.push(sent(u32::try_from(subscriptions.len()).ok()));
        }
    }
    let arrivals = Arrivals::of(&jobs);
    tx.insert_messages(&rows).await?;
    tx.enqueue(jobs).await?;
    Ok((answers, arrivals))
}

/// Writes a message and its delivery to one subscription, whichever events that wants.
pub(crate) async fn publish_to<D: Database>(
    tx: &mut Tx<'_, D>,
    message: &CheckedMessage,
    lane: DeliveryLane,
) -> Result<Sent, Error> {
    tx.insert_messages(&[&message.row]).await?;
    tx.enqueue(vec![fan_out::delivery(message, lane)]).await?;
    Ok(Sent {
        id: message.row.id.clone(),
        repeated: false,
        deliveries: Some(1),
    })
}

/// The subscriptions of an event, at most one more than are reached inline.
async fn matching<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    (owner, event): (&Owner, &str),
) -> Result<Vec<DeliveryLane>, Error> {
    let limit = i64::from(publishing.fan_out_inline) + 1;
    tx.matching(owner, fan_out::patterns_of(event), limit).await
}

/// The answer to a message whose idempotency key was used before: the first one's, or that it was another event's.
async fn answer_to_known_key<D: Database>(
    tx: &mut Tx<'_, D>,
    message: &CheckedMessage,
) -> Result<Option<Result<Sent, Error>>, Error> {
    match first_with_key(tx, message).await {
        Ok(first) => Ok(first.map(|first| {
            Ok(Sent {
                repeated: true,
                ..Sent::nowhere(first)
            })
        })),
        Err(error @ Error::KeyReused { .. }) => Ok(Some(Err(error))),
        Err(error) => Err(error),
    }
}

/// With an idempotency key: inserts the message, or finds the one that was first.
async fn first_with_key<D: Database>(
    tx: &mut Tx<'_, D>,
    message: &CheckedMessage,
) -> Result<Option<MessageId>, Error> {
    let row = &message.row;
    let Some(key) = &row.idempotency_key else {
        return Ok(None);
    };
    if tx.insert_messages(&[row]).await? == 1 {
        return Ok(None);
    }
    let (id, first) = tx
        .message_by_key(&row.owner, key)
        .await?
        .ok_or_else(|| Error::Corrupt("the message of an idempotency key is missing".to_owned()))?;
    if first != row.event {
        return Err(Error::KeyReused { first });
    }
    Ok(Some(id))
}

/// The messages of one call, as they go through the group commit.
pub(crate) struct Publish<D: Database> {
    pub(crate) context: Arc<Context<D>>,
    pub(crate) messages: Vec<CheckedMessage>,
}

impl<D: Database> Write<D> for Publish<D> {
    type Answer = Result<(Vec<Sent>, Arrivals), Error>;

    fn size(&self) -> usize {
        self.messages
            .iter()
            .map(|message| message.row.body.len())
            .sum()
    }

    async fn write(
        _: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<Self::Answer>, webhooks_store::Error> {
        let Some(first) = batch.first() else {
            return Ok(Vec::new());
        };
        let Context {
            tables, publishing, ..
        } = &*first.context;
        let mut tx = tables.on(connection);
        // A key that the transaction of another caller holds: waiting for it here would hold up every other caller.
        let held = held_keys(&mut tx, batch).await.map_err(in_the_database)?;
        let is_held = |publish: &Self| {
            let mut keys = publish
                .messages
                .iter()
                .filter_map(|message| key_hash(tx.tables.store.prefix(), message));
            keys.any(|key| held.contains(&key))
        };
        let messages: Vec<_> = batch
            .iter()
            .filter(|publish| !is_held(publish))
            .flat_map(|publish| &publish.messages)
            .collect();
        let sent = publish(publishing, &mut tx, &messages).await;
        let (sent, arrivals) = sent.map_err(in_the_database)?;
        let mut sent = sent.into_iter();
        let mut answers = Vec::with_capacity(batch.len());
        for publish in batch {
            if is_held(publish) {
                answers.push(Err(Error::KeyInUse));
                continue;
            }
            let answer: Result<Vec<_>, _> = sent.by_ref().take(publish.messages.len()).collect();
            // All of a call's messages or none of them: where some were written, the transaction is given up.
            match answer {
                Err(error) if publish.messages.len() > 1 => return Err(in_the_database(error)),
                answer => answers.push(answer.map(|sent| (sent, arrivals))),
            }
        }
        Ok(answers)
    }
}

/// Takes the locks of the batch's idempotency keys, and returns those that another transaction holds.
///
/// PostgreSQL's `INSERT .. ON CONFLICT` waits for the transaction that has inserted the same key. So each transaction
/// that sends with a key holds an advisory lock of it, which can be asked for without waiting.
async fn held_keys<D: Database>(
    tx: &mut Tx<'_, D>,
    batch: &[Publish<D>],
) -> Result<HashSet<i64>, Error> {
    let messages = batch.iter().flat_map(|publish| &publish.messages);
    let prefix = tx.tables.store.prefix();
    let keys = messages.filter_map(|message| key_hash(prefix, message));
    let keys: HashSet<i64> = keys.collect();
    if keys.is_empty() {
        return Ok(keys);
    }
    let locked = tx.try_lock_keys(&keys).await?;
    Ok(keys.difference(&locked).copied().collect())
}

/// Waits for the locks of these messages' keys, in one order: in the application's own transaction waiting is its own
/// affair.
pub(crate) async fn lock_keys<D: Database>(
    tx: &mut Tx<'_, D>,
    messages: &[CheckedMessage],
) -> Result<(), Error> {
    let keys: BTreeSet<i64> = messages
        .iter()
        .filter_map(|message| key_hash(tx.tables.store.prefix(), message))
        .collect();
    tx.lock_keys(&keys).await
}

/// What a key is locked by. Locks are the database's, so that two senders in it would share them by their keys alone.
fn key_hash(prefix: &Prefix, message: &CheckedMessage) -> Option<i64> {
    let key = message.row.idempotency_key.as_ref()?;
    let owner = message.row.owner.name().unwrap_or_default();
    let digest = Sha256::new()
        .chain_update(prefix.schema().unwrap_or_default())
        .chain_update([0])
        .chain_update(prefix.as_str())
        .chain_update([0])
        .chain_update(owner)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    digest.first_chunk().copied().map(i64::from_be_bytes)
}

/// What is not a failure of the database comes through it as it is: one message of the batch is to blame.
fn in_the_database(error: Error) -> webhooks_store::Error {
    match error {
        Error::Store(error) => error,
        error => webhooks_store::Error::Refused(Box::new(error)),
    }
}
