//! The audit trail: each change is written down in its own transaction, and read page by page.

use std::fmt;

use webhooks_store::{Database, Id};

use super::{BATCH_SIZE, MAX_EXAMINED, Reach};
use crate::error::Error;
use crate::model::{
    AuditAction, AuditEntry, AuditFilter, AuditId, Cursor, Page, PageRequest, Scope,
    StoredSubscription, SubscriptionId, difference,
};
use crate::tables::{NewAudit, Tx};

/// The letter of its cursors.
const LIST: char = 'u';

impl<D: Database> Reach<'_, D> {
    /// What the trail keeps of a change by this caller, without what was different.
    pub(crate) fn entry(
        &self,
        owner: &str,
        action: AuditAction,
        subject: &dyn fmt::Display,
    ) -> Result<NewAudit, Error> {
        Ok(NewAudit {
            id: AuditId::new(self.context.now(), self.context.publishing.random()?),
            owner: owner.to_owned(),
            actor: self.actor.map(str::to_owned),
            action,
            subject: subject.to_string(),
            before: None,
            after: None,
        })
    }

    /// Writes a change of a subscription down: what it was, and what it is now. Its revision, where it is still there.
    pub(super) async fn record(
        &self,
        tx: &mut Tx<'_, D>,
        action: AuditAction,
        id: &SubscriptionId,
        before: Option<&StoredSubscription>,
    ) -> Result<Option<i64>, Error> {
        let after = match tx.subscription(Scope::AllOwners, id).await {
            Ok(row) => Some(row.subscription),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let Some(owner) = after.as_ref().or(before).map(|known| known.owner.as_str()) else {
            return Ok(None);
        };
        let mut entry = self.entry(owner, action, id)?;
        (entry.before, entry.after) = difference(before, after.as_ref());
        tx.insert_audit(&entry).await?;
        Ok(after.map(|stored| stored.revision))
    }

    pub(crate) async fn audit(
        &self,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>, Error> {
        let scope = match (self.scope()?, filter.owner.as_deref()) {
            (scope, None) => scope,
            (Scope::AllOwners, Some(owner)) => Scope::Owner(owner),
            (Scope::Owner(own), Some(owner)) if own == owner => Scope::Owner(own),
            // Another owner's: there are none.
            (Scope::Owner(_), Some(_)) => return Ok(Page::empty()),
        };
        let limit = page.limit();
        let batch_size = if filter.looks_inside() {
            limit.max(BATCH_SIZE)
        } else {
            limit
        };
        let cursor = page.position::<AuditId>(LIST)?;
        let mut below = filter.below(cursor.as_ref().map(AuditId::key));
        let next = |last: Option<Id>| last.map(|id| Cursor::new(LIST, AuditId::from_key(id)));
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        let (mut items, mut last, mut examined) = (Vec::new(), None, 0);
        while examined < MAX_EXAMINED {
            let subject = filter.subject.as_deref();
            let rows = tx.page_audit(scope, subject, below, batch_size).await?;
            let is_last = rows.len() < batch_size as usize;
            examined += rows.len();
            for entry in rows {
                if filter.is_too_old(&entry) {
                    return Ok(Page { items, next: None });
                }
                last = Some(entry.id.key());
                if filter.matches(&entry) {
                    items.push(entry);
                }
                if items.len() == limit as usize {
                    let next = next(last);
                    return Ok(Page { items, next });
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
            below = last.map_or_else(Vec::new, |id: Id| id.as_bytes().to_vec());
        }
        let next = next(last);
        Ok(Page { items, next })
    }
}
