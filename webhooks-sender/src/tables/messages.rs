//! The messages: one row each, however many subscriptions want it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::SystemTime;

use bytes::Bytes;
use webhooks_store::{Database, Id, Parameters, Row, SqlStatement, SqlValue, from_ms};

use super::message_content::{message_id, original};
use super::scan::{Scan, looked_at};
use super::{MessageContent, Tables, Tx, id};
use crate::error::Error;
use crate::model::{EventHint, MessageId, Owner, Scope, StoredMessage, read_labels};

/// A message that is to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    pub(crate) owner: Owner,
    /// Whether the body is the payload itself: the id is then bound to the event.
    pub(crate) bare: bool,
    /// What its requests have besides the body, unless it is the usual.
    pub(crate) wire: Option<String>,
    pub(crate) body: Bytes,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) labels: Option<String>,
}

/// A message as it is stored.
#[derive(Debug)]
pub(crate) struct MessageRow {
    pub(crate) content: MessageContent,
    pub(crate) owner: Owner,
    pub(crate) created: SystemTime,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) replay_of: Option<MessageId>,
}

/// What a list shows of a message, and what a filter looks at: no body.
#[derive(Debug)]
pub(crate) struct MessageSummary {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    pub(crate) owner: Owner,
    pub(crate) labels: Option<String>,
    /// The message that this one repeats under an id of its own.
    pub(crate) replay_of: Option<MessageId>,
}

impl From<MessageRow> for StoredMessage {
    fn from(row: MessageRow) -> Self {
        let content = row.content;
        Self {
            id: content.id,
            event: content.event,
            owner: row.owner.name().map(str::to_owned),
            body: content.body,
            created: row.created,
            expires: content.expires,
            labels: row.labels,
            replay_of: row.replay_of,
        }
    }
}

impl<D: Database> Tx<'_, D> {
    /// Inserts messages, but none whose idempotency key is known; returns how many were inserted.
    pub(crate) async fn insert_messages(&mut self, messages: &[&NewMessage]) -> Result<u64, Error> {
        if messages.is_empty() {
            return Ok(0);
        }
        let column = || messages.iter();
        let parameters = Parameters::new()
            .blobs(column().map(|message| *message.id.key().as_bytes()))
            .texts(column().map(|message| message.event.as_str()))
            .texts(column().map(|message| owner_column(&message.owner)))
            .ints(column().map(|message| i64::from(message.bare)))
            .maybe_texts(column().map(|message| message.wire.as_deref()))
            .blobs(column().map(|message| &*message.body))
            .ints(column().map(|message| message.created_ms))
            .maybe_ints(column().map(|message| message.expires_ms))
            .maybe_texts(column().map(|message| message.idempotency_key.as_deref()))
            .maybe_texts(column().map(|message| message.labels.as_deref()));
        let sql = &self.tables.sql.insert_messages;
        Ok(sql.execute(self.connection, parameters).await?)
    }

    /// Takes those locks of idempotency keys that no other transaction holds, until this one ends; returns them.
    pub(crate) async fn try_lock_keys(
        &mut self,
        keys: &HashSet<i64>,
    ) -> Result<HashSet<i64>, Error> {
        let sql = &self.tables.sql.try_lock_keys;
        let parameters = Parameters::new().ints(keys.iter().copied());
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(|row| Ok(row.int("hash")?)).collect()
    }

    /// Waits for the locks of idempotency keys.
    pub(crate) async fn lock_keys(&mut self, keys: &BTreeSet<i64>) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let sql = &self.tables.sql.lock_keys;
        let parameters = Parameters::new().ints(keys.iter().copied());
        sql.fetch(self.connection, parameters).await?;
        Ok(())
    }

    /// The message that an owner was sent with this idempotency key: its id and event.
    pub(crate) async fn message_by_key(
        &mut self,
        owner: &Owner,
        key: &str,
    ) -> Result<Option<(MessageId, String)>, Error> {
        let parameters = Parameters::new().text(owner_column(owner)).text(key);
        let sql = &self.tables.sql.message_by_key;
        let row = sql.first(self.connection, parameters).await?;
        row.map(|row| {
            let event = row.text("event")?;
            Ok((message_id(&row, &event)?, event))
        })
        .transpose()
    }

    /// Messages by their ids; those that no longer exist, or are not reached, are left out.
    pub(crate) async fn messages_by_id(
        &mut self,
        scope: Scope<'_>,
        ids: impl IntoIterator<Item = Id>,
        with_bodies: bool,
    ) -> Result<Vec<MessageRow>, Error> {
        let parameters = reached(scope, ids).int(with_bodies.into());
        let sql = &self.tables.sql.messages_by_id;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(decode).collect()
    }

    /// What a list of deliveries shows of those of these messages that are reached.
    pub(crate) async fn message_summaries(
        &mut self,
        scope: Scope<'_>,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, MessageSummary>, Error> {
        let parameters = reached(scope, ids);
        let sql = &self.tables.sql.message_summaries;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| Ok((id(&row.bytes("id")?)?, summary(row, None)?)))
            .collect()
    }

    /// Looks at so many messages below an id, newest first: at all, or at what one owner was sent. `broadcasts` tells whether
    /// that includes the broadcasts. Those of other events may be left out, but never the last one.
    pub(crate) async fn scan_messages(
        &mut self,
        owner: Option<&Owner>,
        broadcasts: bool,
        below: Vec<u8>,
        limit: u32,
        events: &EventHint,
    ) -> Result<Scan<MessageSummary>, Error> {
        let sql = &self.tables.sql;
        let (sql, of) = match owner {
            None => (&sql.scan_messages, Parameters::new()),
            Some(owner) => {
                let of = Parameters::new().text(owner_column(owner));
                let to = if broadcasts {
                    &sql.scan_messages_to
                } else {
                    &sql.scan_messages_of
                };
                (to, of)
            }
        };
        let parameters = of
            .bytes(below)
            .int(limit.into())
            .maybe_text(events.exact.as_deref())
            .maybe_text(events.beginning.as_deref());
        let rows = sql.fetch(self.connection, parameters).await?;
        let mut messages = summaries(&rows)?;
        messages.sort_unstable_by_key(|message| Reverse(message.id.key()));
        Ok(Scan {
            looked_at: looked_at(&rows)?,
            rows: messages,
        })
    }

    /// The same, upwards: what one owner was sent above an id, with the broadcasts, the oldest first.
    pub(crate) async fn scan_messages_up(
        &mut self,
        owner: &str,
        above: Vec<u8>,
        limit: u32,
    ) -> Result<Vec<MessageSummary>, Error> {
        let parameters = Parameters::new().text(owner).bytes(above).int(limit.into());
        let sql = &self.tables.sql.scan_messages_up;
        let rows = sql.fetch(self.connection, parameters).await?;
        summaries(&rows)
    }

    /// The next messages above `after` that were sent before a time, in the order of their ids.
    pub(crate) async fn window_of_messages(
        &mut self,
        after: Vec<u8>,
        before: SystemTime,
        limit: u32,
    ) -> Result<Vec<Id>, Error> {
        let oldest = *Id::at(before, [0; 10]).as_bytes();
        let parameters = Parameters::new()
            .bytes(after)
            .bytes(oldest)
            .int(limit.into());
        let sql = &self.tables.sql.window_messages;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(|row| id(&row.bytes("id")?)).collect()
    }

    /// Deletes those of these messages that have no delivery left.
    pub(crate) async fn prune_messages(&mut self, ids: &[Id]) -> Result<(), Error> {
        let sql = &self.tables.sql.prune_messages;
        sql.execute(self.connection, with_deliveries(ids)).await?;
        Ok(())
    }

    /// Deletes the payloads of those of these messages for which no delivery waits.
    pub(crate) async fn prune_payloads(&mut self, ids: &[Id]) -> Result<(), Error> {
        let sql = &self.tables.sql.prune_payloads;
        sql.execute(self.connection, with_deliveries(ids)).await?;
        Ok(())
    }
}

impl<D: Database> Tables<D> {
    /// The statement that inserts a message, for a driver of the application's own.
    pub(crate) fn message_statement(&self, message: &NewMessage) -> SqlStatement {
        let text = |text: &str| SqlValue::Text(Some(text.to_owned()));
        let row = vec![
            (
                "id",
                SqlValue::Bytes(Some(message.id.key().as_bytes().to_vec())),
            ),
            ("event", text(&message.event)),
            ("owner", text(owner_column(&message.owner))),
            ("bare", SqlValue::Int(Some(message.bare.into()))),
            ("wire", SqlValue::Text(message.wire.clone())),
            ("body", SqlValue::Bytes(Some(message.body.to_vec()))),
            ("created", SqlValue::Int(Some(message.created_ms))),
            ("expires", SqlValue::Int(message.expires_ms)),
            (
                "idempotency_key",
                SqlValue::Text(message.idempotency_key.clone()),
            ),
            ("labels", SqlValue::Text(message.labels.clone())),
        ];
        self.store.insert_statement("messages", row)
    }
}

/// These messages, as far as they are reached: a broadcast is everyone's.
fn reached(scope: Scope<'_>, ids: impl IntoIterator<Item = Id>) -> Parameters {
    let ids = ids.into_iter().map(|id| *id.as_bytes());
    Parameters::new().maybe_text(scope.owner()).blobs(ids)
}

/// Messages, each with the ids between which its deliveries lie.
fn with_deliveries(ids: &[Id]) -> Parameters {
    let range = |id: &Id| Id::all_about(*id);
    Parameters::new()
        .blobs(ids.iter().map(|id| *id.as_bytes()))
        .blobs(ids.iter().map(|id| *range(id).start().as_bytes()))
        .blobs(ids.iter().map(|id| *range(id).end().as_bytes()))
}

/// Everyone is stored as an empty owner, which no owner's name can be.
pub(super) fn owner_column(owner: &Owner) -> &str {
    owner.name().unwrap_or_default()
}

fn read_owner(column: String) -> Owner {
    if column.is_empty() {
        Owner::everyone()
    } else {
        Owner::of(column)
    }
}

pub(super) fn summaries<D: Database>(rows: &[Row<D>]) -> Result<Vec<MessageSummary>, Error> {
    rows.iter()
        .map(|row| summary(row, row.maybe_text("labels")?))
        .collect()
}

fn summary<D: Database>(row: &Row<D>, labels: Option<String>) -> Result<MessageSummary, Error> {
    let event = row.text("event")?;
    Ok(MessageSummary {
        id: message_id(row, &event)?,
        owner: read_owner(row.text("owner")?),
        labels,
        replay_of: row
            .maybe_bytes("replay_of")?
            .map(|bytes| original(row, &event, &bytes))
            .transpose()?,
        event,
    })
}

fn decode<D: Database>(row: &Row<D>) -> Result<MessageRow, Error> {
    let content = MessageContent::decode(row)?;
    Ok(MessageRow {
        owner: read_owner(row.text("owner")?),
        created: from_ms(row.int("created")?),
        labels: read_labels(row.maybe_text("labels")?.as_deref()),
        replay_of: row
            .maybe_slice("replay_of")?
            .map(|bytes| original(row, &content.event, bytes))
            .transpose()?,
        content,
    })
}
