//! Sending: a message and its deliveries are written in one transaction, the application's own or one of ours.

mod body;
mod fan_out;
mod insert;
mod outbound;
mod prepare;

use std::collections::HashMap;

use std::sync::Arc;

use webhooks_store::{Database, Id, Parameters, Store, Write};

pub(crate) use fan_out::{DELIVERIES, FAN_OUTS, fan_out_page};
pub use insert::{Insert, InsertStatement, InsertValue};
pub use outbound::Outbound;
pub(crate) use prepare::{Prepared, is_expired, prepare, prepare_typed, usual};

use crate::error::Error;
use crate::model::MessageId;
use crate::shared::{Shared, key};

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

/// Writes messages and what they need to be delivered, in the transaction of this connection.
pub(crate) async fn publish<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    messages: &[&Prepared],
) -> Result<Vec<Sent>, Error> {
    let mut answers = Vec::with_capacity(messages.len());
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    let mut known: HashMap<(&str, &str), Vec<Id>> = HashMap::new();
    for &message in messages {
        let place = (message.owner.as_str(), message.event.as_str());
        if let std::collections::hash_map::Entry::Vacant(e) = known.entry(place) {
            e.insert(visible(shared, connection, place).await?);
        }
        let subscriptions = &known[&place];
        if subscriptions.is_empty() {
            // Nobody wants it: one lookup is all that it cost.
            answers.push(Sent {
                id: message.id.clone(),
                repeated: false,
                deliveries: Some(0),
            });
            continue;
        }
        if let Some(earlier) = first_with_key(shared, connection, message).await? {
            answers.push(Sent {
                id: earlier,
                repeated: true,
                deliveries: Some(0),
            });
            continue;
        }
        if message.idempotency_key.is_none() {
            rows.push(message);
        }
        let mut deliveries = None;
        if subscriptions.len() > shared.rules.fan_out_inline as usize {
            jobs.push(fan_out::fan_out(message, shared.random()?));
        } else {
            deliveries = u32::try_from(subscriptions.len()).ok();
            jobs.extend(
                subscriptions
                    .iter()
                    .map(|&subscription| fan_out::delivery(message, subscription)),
            );
        }
        answers.push(Sent {
            id: message.id.clone(),
            repeated: false,
            deliveries,
        });
    }
    insert(shared, connection, &rows).await?;
    if !jobs.is_empty() {
        shared.store.enqueue_in(connection, jobs).await?;
    }
    Ok(answers)
}

/// Writes a message and its delivery to one subscription, whatever that wants.
pub(crate) async fn publish_to<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    message: &Prepared,
    subscription: Id,
) -> Result<Sent, Error> {
    insert(shared, connection, &[message]).await?;
    shared
        .store
        .enqueue_in(connection, vec![fan_out::delivery(message, subscription)])
        .await?;
    Ok(Sent {
        id: message.id.clone(),
        repeated: false,
        deliveries: Some(1),
    })
}

/// The subscriptions of an event, unless its owner may not see it.
async fn visible<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    (owner, event): (&str, &str),
) -> Result<Vec<Id>, Error> {
    if !owner.is_empty() && !shared.may_see(owner, event) {
        return Ok(Vec::new());
    }
    fan_out::matching(
        shared,
        connection,
        owner,
        event,
        shared.rules.fan_out_inline,
    )
    .await
}

/// With an idempotency key: inserts the message, or finds the one that was first.
async fn first_with_key<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    message: &Prepared,
) -> Result<Option<MessageId>, Error> {
    let Some(key_text) = &message.idempotency_key else {
        return Ok(None);
    };
    if insert(shared, connection, &[message]).await? == 1 {
        return Ok(None);
    }
    let parameters = Parameters::new().text(&message.owner).text(key_text);
    let row = shared
        .sql
        .message_by_key
        .first(connection, parameters)
        .await?
        .ok_or(Error::NotFound)?;
    let first = row.text(1)?;
    if first != message.event {
        return Err(Error::KeyReused { first });
    }
    Ok(Some(message_id(&row.bytes(0)?, &first, row.int(2)? == 1)?))
}

async fn insert<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    messages: &[&Prepared],
) -> Result<u64, Error> {
    if messages.is_empty() {
        return Ok(0);
    }
    let column = || messages.iter();
    let parameters = Parameters::new()
        .blobs(column().map(|message| *message.id.key().as_bytes()))
        .texts(column().map(|message| message.event.as_str()))
        .texts(column().map(|message| message.owner.as_str()))
        .ints(column().map(|message| i64::from(message.bare)))
        .maybe_texts(column().map(|message| message.wire.as_deref()))
        .blobs(column().map(|message| message.body.as_slice()))
        .ints(column().map(|message| message.created_ms))
        .maybe_ints(column().map(|message| message.expires_ms))
        .maybe_texts(column().map(|message| message.idempotency_key.as_deref()))
        .maybe_texts(column().map(|message| message.labels.as_deref()));
    Ok(shared
        .sql
        .insert_messages
        .execute(connection, parameters)
        .await?)
}

/// The id of a stored message, bound to its event where the payload is bare.
pub(crate) fn message_id(stored: &[u8], event: &str, bare: bool) -> Result<MessageId, Error> {
    let id = MessageId::from_key(key(stored)?);
    Ok(if bare { id.bound_to(event) } else { id })
}

/// What goes through the group commit: the messages of one call.
pub(crate) struct Publish<D: Database> {
    pub(crate) shared: Arc<Shared<D>>,
    pub(crate) messages: Vec<Prepared>,
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
        let mut sent = publish(&first.shared, connection, &messages)
            .await
            .map_err(in_the_database)?
            .into_iter();
        Ok(batch
            .iter()
            .map(|publish| sent.by_ref().take(publish.messages.len()).collect())
            .collect())
    }
}

/// What is no failure of the database comes through it as it is: one message of the batch is to blame.
fn in_the_database(error: Error) -> webhooks_store::Error {
    match error {
        Error::Store(error) => error,
        error => webhooks_store::Error::Refused(Box::new(error)),
    }
}
