//! Sending: a message and its deliveries are written in one transaction, the application's own or one of the sender's.

mod body;
mod fan_out;
mod outbound;
mod prepare;

use std::collections::HashMap;
use std::sync::Arc;

use webhooks_store::{Database, Id, Store, Write};

pub(crate) use fan_out::{fan_out_page, first_page};
pub use outbound::Outbound;
pub(crate) use prepare::{CheckedMessage, prepare, prepare_typed};

use crate::context::{Context, Publishing};
use crate::error::Error;
use crate::model::{MessageId, Owner};
use crate::tables::Tx;

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Writes messages and what they need to be delivered.
pub(crate) async fn publish<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    messages: &[&CheckedMessage],
) -> Result<Vec<Sent>, Error> {
    let mut answers = Vec::with_capacity(messages.len());
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    let mut known: HashMap<(&Owner, &str), Vec<Id>> = HashMap::new();
    for &message in messages {
        let row = &message.row;
        let to = (&row.owner, row.event.as_str());
        if let std::collections::hash_map::Entry::Vacant(entry) = known.entry(to) {
            entry.insert(matching(publishing, tx, to).await?);
        }
        let subscriptions = &known[&to];
        let sent = |deliveries| Sent {
            id: row.id.clone(),
            repeated: false,
            deliveries,
        };
        if subscriptions.is_empty() {
            // No subscription wants it: one look-up is all that it cost.
            answers.push(sent(Some(0)));
            continue;
        }
        if let Some(first) = first_with_key(tx, message).await? {
            answers.push(Sent {
                id: first,
                repeated: true,
                deliveries: Some(0),
            });
            continue;
        }
        if row.idempotency_key.is_none() {
            rows.push(row);
        }
        if subscriptions.len() > publishing.fan_out_inline as usize {
            jobs.push(first_page(message, publishing.random()?));
            answers.push(sent(None));
        } else {
            jobs.extend(
                subscriptions
                    .iter()
                    .map(|&subscription| fan_out::delivery(message, subscription)),
            );
            answers.push(sent(u32::try_from(subscriptions.len()).ok()));
        }
    }
    tx.insert_messages(&rows).await?;
    tx.enqueue(jobs).await?;
    Ok(answers)
}

/// Writes a message and its delivery to one subscription, whichever events that wants.
pub(crate) async fn publish_to<D: Database>(
    tx: &mut Tx<'_, D>,
    message: &CheckedMessage,
    subscription: Id,
) -> Result<Sent, Error> {
    tx.insert_messages(&[&message.row]).await?;
    tx.enqueue(vec![fan_out::delivery(message, subscription)])
        .await?;
    Ok(Sent {
        id: message.row.id.clone(),
        repeated: false,
        deliveries: Some(1),
    })
}

/// The subscriptions of an event, at most one more than are reached inline; none if the owner may not see the event.
async fn matching<D: Database>(
    publishing: &Publishing,
    tx: &mut Tx<'_, D>,
    (owner, event): (&Owner, &str),
) -> Result<Vec<Id>, Error> {
    if owner
        .name()
        .is_some_and(|owner| !publishing.may_see(owner, event))
    {
        return Ok(Vec::new());
    }
    let limit = i64::from(publishing.fan_out_inline) + 1;
    tx.matching(owner, fan_out::patterns_of(event), limit).await
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
    type Answer = Vec<Sent>;

    async fn write(
        _: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<Vec<Sent>>, webhooks_store::Error> {
        let Some(first) = batch.first() else {
            return Ok(Vec::new());
        };
        let messages: Vec<_> = batch.iter().flat_map(|publish| &publish.messages).collect();
        let Context {
            tables, publishing, ..
        } = &*first.context;
        let mut tx = tables.on(connection);
        let mut sent = publish(publishing, &mut tx, &messages)
            .await
            .map_err(in_the_database)?
            .into_iter();
        Ok(batch
            .iter()
            .map(|publish| sent.by_ref().take(publish.messages.len()).collect())
            .collect())
    }
}

/// What is not a failure of the database comes through it as it is: one message of the batch is to blame.
fn in_the_database(error: Error) -> webhooks_store::Error {
    match error {
        Error::Store(error) => error,
        error => webhooks_store::Error::Refused(Box::new(error)),
    }
}
