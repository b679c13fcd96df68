//! Pages of messages.

use webhooks_store::{Database, Id, Parameters, from_ms};

use super::{AT_ONCE, EXAMINED, MOST};
use crate::error::Error;
use crate::model::{MessageFilter, MessageId, Page, StoredMessage, written_labels};
use crate::publish::message_id;
use crate::sender::Sender;
use crate::shared::{Shared, key};

/// # Looking at messages
impl<D: Database> Sender<D> {
    /// A message.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or nobody wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        by_id(&self.shared, &[id.key()])
            .await?
            .pop()
            .ok_or(Error::NotFound)
    }

    /// Messages, newest first, at most 1,000 at once: all of them (`None`), one owner's (`"acct_1"`), or those that a
    /// [filter](MessageFilter) lets through. A message that nobody wanted when it was sent was not kept.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{MessageFilter, Outbound, Sender, Subscription};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// # sender.subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*")).await?;
    /// for order in ["16", "17"] {
    ///     sender.send("acct_1", Outbound::new(Message::untyped(&PING, &1)).label("order", order)).await?;
    /// }
    /// let page = sender.messages(MessageFilter::new().event("ping").label("order", "17"), None, 50).await?;
    /// assert_eq!(page.items[0].labels["order"], "17");
    /// assert_eq!(page.items.len(), 1);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn messages(
        &self,
        filter: impl Into<MessageFilter>,
        before: Option<&MessageId>,
        limit: u32,
    ) -> Result<Page<StoredMessage, MessageId>, Error> {
        let Page { items, next } = found(
            &self.shared,
            &filter.into(),
            before.map(MessageId::key),
            limit.clamp(1, MOST),
        )
        .await?;
        let mut messages = by_id(
            &self.shared,
            &items.iter().map(MessageId::key).collect::<Vec<_>>(),
        )
        .await?;
        messages.sort_unstable_by(|one, other| other.id.cmp(&one.id));
        Ok(Page {
            items: messages,
            next,
        })
    }
}

/// The ids of a page of messages.
pub(super) async fn found<D: Database>(
    shared: &Shared<D>,
    filter: &MessageFilter,
    before: Option<Id>,
    limit: u32,
) -> Result<Page<MessageId, MessageId>, Error> {
    let mut connection = shared.store.connection().await?;
    let at_once = if filter.looks_inside() {
        limit.max(AT_ONCE)
    } else {
        limit
    };
    let (mut items, mut below, mut last, mut examined) =
        (Vec::new(), filter.below(before), None, 0);
    while examined < EXAMINED {
        let rows = if let Some(owner) = &filter.owner {
            let parameters = Parameters::new()
                .text(owner)
                .bytes(below)
                .int(at_once.into());
            shared
                .sql
                .scan_messages_of
                .fetch(&mut connection, parameters)
                .await?
        } else {
            let parameters = Parameters::new().bytes(below).int(at_once.into());
            shared
                .sql
                .scan_messages
                .fetch(&mut connection, parameters)
                .await?
        };
        for row in &rows {
            let (stored, event) = (row.bytes(0)?, row.text(1)?);
            if filter.is_too_old(key(&stored)?) {
                return Ok(Page { items, next: None });
            }
            let id = message_id(&stored, &event, row.int(2)? == 1)?;
            if filter.matches(&event, row.maybe_text(3)?.as_deref()) {
                items.push(id.clone());
            }
            last = Some(id);
            if items.len() == limit as usize {
                return Ok(Page { items, next: last });
            }
        }
        if rows.len() < at_once as usize {
            return Ok(Page { items, next: None });
        }
        examined += rows.len();
        below = last
            .as_ref()
            .map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
    }
    Ok(Page { items, next: last })
}

pub(super) async fn by_id<D: Database>(
    shared: &Shared<D>,
    ids: &[Id],
) -> Result<Vec<StoredMessage>, Error> {
    let mut connection = shared.store.connection().await?;
    let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
    let rows = shared
        .sql
        .messages_by_id
        .fetch(&mut connection, parameters)
        .await?;
    rows.iter().map(message).collect()
}

fn message<D: Database>(row: &webhooks_store::Row<D>) -> Result<StoredMessage, Error> {
    let (stored, event, owner) = (row.bytes(0)?, row.text(1)?, row.text(2)?);
    Ok(StoredMessage {
        id: message_id(&stored, &event, row.int(3)? == 1)?,
        event,
        owner: (!owner.is_empty()).then_some(owner),
        body: row.maybe_bytes(5)?,
        created: from_ms(row.int(6)?),
        expires: row.maybe_int(7)?.map(from_ms),
        labels: written_labels(row.maybe_text(8)?.as_deref()),
    })
}
