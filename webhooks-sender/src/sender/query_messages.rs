//! Pages of messages.

use webhooks_store::{Database, Id};

use super::{BATCH_SIZE, MAX_EXAMINED, MAX_ITEMS, Sender};
use crate::error::Error;
use crate::model::{MessageFilter, MessageId, Owner, Page, StoredMessage};
use crate::tables::Tables;

/// # Querying messages
impl<D: Database> Sender<D> {
    /// A message.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or nobody wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        by_id(&self.context.tables, &[id.key()])
            .await?
            .pop()
            .ok_or(Error::NotFound)
    }

    /// Messages, newest first, at most 1,000 a page: all of them (`None`), one owner's (`"acct_1"`), or those that a
    /// [filter](MessageFilter) lets through. A message that nobody wanted when it was sent was not kept.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Outbound, Sender, Subscription};
    /// use webhooks_sender::query::MessageFilter;
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
            &self.context.tables,
            &filter.into(),
            before.map(MessageId::key),
            limit.clamp(1, MAX_ITEMS),
        )
        .await?;
        let mut messages = by_id(
            &self.context.tables,
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
    tables: &Tables<D>,
    filter: &MessageFilter,
    before: Option<Id>,
    limit: u32,
) -> Result<Page<MessageId, MessageId>, Error> {
    let mut connection = tables.connection().await?;
    let mut tx = tables.on(&mut connection);
    let batch_size = if filter.looks_inside() {
        limit.max(BATCH_SIZE)
    } else {
        limit
    };
    // An empty owner in a filter stands for the broadcasts.
    let owner = filter.owner.as_ref().map(|owner| match owner.as_str() {
        "" => Owner::everyone(),
        owner => Owner::from(owner),
    });
    let (mut items, mut below, mut last, mut examined) =
        (Vec::new(), filter.below(before), None, 0);
    while examined < MAX_EXAMINED {
        let rows = tx.scan_messages(owner.as_ref(), below, batch_size).await?;
        let is_last = rows.len() < batch_size as usize;
        examined += rows.len();
        for row in rows {
            if filter.is_too_old(row.id.key()) {
                return Ok(Page { items, next: None });
            }
            if filter.matches(&row.event, row.labels.as_deref()) {
                items.push(row.id.clone());
            }
            last = Some(row.id);
            if items.len() == limit as usize {
                return Ok(Page { items, next: last });
            }
        }
        if is_last {
            return Ok(Page { items, next: None });
        }
        below = last
            .as_ref()
            .map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
    }
    Ok(Page { items, next: last })
}

pub(super) async fn by_id<D: Database>(
    tables: &Tables<D>,
    ids: &[Id],
) -> Result<Vec<StoredMessage>, Error> {
    let mut connection = tables.connection().await?;
    let rows = tables
        .on(&mut connection)
        .messages_by_id(ids.iter().copied())
        .await?;
    Ok(rows.into_iter().map(StoredMessage::from).collect())
}
