//! What a message has that its requests need. The engine reads nothing else of it.

use std::sync::Arc;
use std::time::SystemTime;

use webhooks_store::{Database, Id, Parameters, Row, from_ms};

use super::{Tx, id};
use crate::dialect::Wire;
use crate::error::Error;
use crate::model::MessageId;

/// The content of a message.
#[derive(Debug)]
pub(crate) struct MessageContent {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    /// Whether the body is the payload itself: the id is then bound to the event.
    pub(crate) bare: bool,
    wire: Option<String>,
    /// Missing when the retention has removed it.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) expires: Option<SystemTime>,
}

/// The content of a message that is about to be sent, or that there is one.
#[derive(Debug)]
pub(crate) enum ContentInBudget {
    Content(MessageContent),
    /// There is a body that was not read, because it was beyond the budget.
    Large,
}

impl MessageContent {
    /// What its requests have besides the body; `usual` where nothing is stored.
    pub(crate) fn wire(&self, usual: &Arc<Wire>) -> Result<Arc<Wire>, Error> {
        let Some(wire) = &self.wire else {
            return Ok(Arc::clone(usual));
        };
        let wire = serde_json::from_str(wire).map_err(|_| {
            Error::Corrupt(format!("the request parameters of the message {}", self.id))
        })?;
        Ok(Arc::new(wire))
    }

    /// Whether it is no longer worth delivering.
    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        is_expired(self.expires, now)
    }

    pub(super) fn decode<D: Database>(row: &Row<D>) -> Result<Self, Error> {
        let event = row.text("event")?;
        Ok(Self {
            id: message_id(row, &event)?,
            bare: row.int("bare")? == 1,
            wire: row.maybe_text("wire")?,
            body: row.maybe_bytes("body")?,
            expires: row.maybe_int("expires")?.map(from_ms),
            event,
        })
    }
}

/// Whether what expires at this time has expired.
pub(crate) fn is_expired(expires: Option<SystemTime>, now: SystemTime) -> bool {
    expires.is_some_and(|expires| expires <= now)
}

impl<D: Database> Tx<'_, D> {
    /// The contents of messages that are about to be sent. Each row is decoded by itself, so that one that cannot be read does
    /// not take the others with it, and bodies are read up to so many bytes together, the first one in any case.
    pub(crate) async fn messages_within(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
        budget: usize,
    ) -> Result<Vec<(Id, Result<ContentInBudget, Error>)>, Error> {
        let budget = i64::try_from(budget.max(1)).unwrap_or(i64::MAX);
        let parameters = Parameters::new()
            .int(budget)
            .blobs(ids.into_iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.messages_within;
        let rows = sql.fetch(self.connection, parameters).await?;
        let read = rows.iter().map(|row| {
            let content = if row.int("beyond")? == 1 {
                Ok(ContentInBudget::Large)
            } else {
                MessageContent::decode(row).map(ContentInBudget::Content)
            };
            Ok((id(row.slice("id")?)?, content))
        });
        read.collect()
    }
}

/// The id, bound to the event where the payload is bare.
pub(super) fn message_id<D: Database>(row: &Row<D>, event: &str) -> Result<MessageId, Error> {
    original(row, event, row.slice("id")?)
}

/// The id of a message with the same event and envelope as this row's.
pub(super) fn original<D: Database>(
    row: &Row<D>,
    event: &str,
    bytes: &[u8],
) -> Result<MessageId, Error> {
    let id = MessageId::from_key(id(bytes)?);
    Ok(if row.int("bare")? == 1 {
        id.bound_to(event)
    } else {
        id
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_expires_at_its_time_and_one_without_never() {
        let at = |seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let now = at(10);
        assert!(is_expired(Some(at(10)), now));
        assert!(!is_expired(Some(at(11)), now) && !is_expired(None, now));
    }
}
