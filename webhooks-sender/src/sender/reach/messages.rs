//! Querying messages.

use webhooks_core::CatalogueEntry;
use webhooks_store::Database;

use super::{BATCH_SIZE, Reach};
use crate::error::Error;
use crate::model::{
    Cursor, MessageFilter, MessageId, Owner, Page, PageRequest, Scope, StoredMessage,
};
use crate::notices::may_receive;
use crate::tables::{MessageSummary, Tx};

/// The letter of its cursors.
const LIST: char = 'm';
/// The messages that a filter examines for one page.
const MAX_EXAMINED: u32 = 5000;

impl<'s, D: Database> Reach<'s, D> {
    pub(crate) async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        let scope = self.scope()?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let message = tx.messages_by_id(scope, [id.key()], true).await?.pop();
        let message = message.ok_or(Error::NotFound)?;
        if !self.may_see(scope, &message.content.event)? {
            return Err(Error::NotFound);
        }
        Ok(message.into())
    }

    pub(crate) async fn messages(
        &self,
        filter: &MessageFilter,
        page: &PageRequest,
    ) -> Result<Page<StoredMessage>, Error> {
        let before = page.position::<MessageId>(LIST)?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let found = self.found(&mut tx, filter, before.as_ref(), page.limit());
        let (found, next) = found.await?;
        let ids = found.iter().map(|summary| summary.id.key());
        let rows = tx.messages_by_id(self.scope()?, ids, page.has_bodies());
        let mut rows = rows.await?;
        rows.sort_unstable_by(|one, other| other.content.id.cmp(&one.content.id));
        Ok(Page {
            items: rows.into_iter().map(StoredMessage::from).collect(),
            next: next.map(|next| Cursor::new(LIST, next)),
        })
    }

    /// A page of messages below an id, without their bodies, and the id at which the next one begins.
    pub(super) async fn found(
        &self,
        tx: &mut Tx<'_, D>,
        filter: &MessageFilter,
        before: Option<&MessageId>,
        limit: u32,
    ) -> Result<(Vec<MessageSummary>, Option<MessageId>), Error> {
        let scope = self.scope()?;
        let (owner, broadcasts) = match (scope, filter.owner.as_deref()) {
            (Scope::AllOwners, None) => (None, true),
            // An empty owner in a filter stands for the broadcasts.
            (_, Some("")) => (Some(Owner::everyone()), false),
            (Scope::AllOwners, Some(owner)) => (Some(Owner::from(owner)), false),
            (Scope::Owner(own), None) => (Some(Owner::from(own)), true),
            (Scope::Owner(own), Some(owner)) if own == owner => (Some(Owner::from(own)), false),
            // Another owner's: there are none.
            (Scope::Owner(_), Some(_)) => return Ok((Vec::new(), None)),
        };
        let mut batch_size = if filter.looks_inside() {
            limit.max(BATCH_SIZE)
        } else {
            limit
        };
        let (mut items, mut last, mut examined) = (Vec::new(), None, 0);
        let mut below = filter.below(before.map(MessageId::key));
        let events = filter.event_hint();
        while examined < MAX_EXAMINED {
            let looked = tx.scan_messages(owner.as_ref(), broadcasts, below, batch_size, &events);
            let looked = looked.await?;
            let is_last = looked.looked_at < batch_size;
            examined += looked.looked_at;
            for row in looked.rows {
                if filter.is_too_old(row.id.key()) {
                    return Ok((items, None));
                }
                last = Some(row.id.clone());
                if filter.matches(&row.event, row.labels.as_deref())
                    && self.may_see(scope, &row.event)?
                {
                    items.push(row);
                }
                if items.len() == limit as usize {
                    return Ok((items, last));
                }
            }
            if is_last {
                return Ok((items, None));
            }
            below = last
                .as_ref()
                .map_or_else(Vec::new, |id: &MessageId| id.key().as_bytes().to_vec());
            // What is seldom is looked for in larger steps.
            let left = MAX_EXAMINED.saturating_sub(examined).max(1);
            batch_size = batch_size.saturating_mul(4).min(left);
        }
        Ok((items, last))
    }

    pub(super) fn may_see(&self, scope: Scope<'_>, event: &str) -> Result<bool, Error> {
        let publishing = &self.context.publishing;
        publishing.may_see(scope.owner(), event)
    }

    pub(crate) fn events(&self) -> Result<Vec<&'s CatalogueEntry>, Error> {
        let publishing = &self.context.publishing;
        let scope = self.scope()?;
        let mut events = Vec::new();
        for entry in publishing.catalogue.iter() {
            let owner = scope.owner();
            let name = entry.name().as_str();
            let is_seen = owner.map_or(Ok(true), |owner| may_receive(publishing, owner, name))?;
            if is_seen {
                events.push(entry);
            }
        }
        Ok(events)
    }
}
