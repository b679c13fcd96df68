//! Querying subscriptions.

use webhooks_store::Database;

use super::{BATCH_SIZE, Reach};
use crate::error::Error;
use crate::model::{
    Cursor, Page, PageRequest, Scope, StoredSubscription, SubscriptionFilter, SubscriptionId,
};
use crate::observe::subscription_unreadable;
use crate::tables::Tx;

/// The letter of its cursors.
const LIST: char = 's';
/// The most subscriptions that a page examines: each is read with its settings.
const MAX_EXAMINED: usize = 2000;

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<StoredSubscription, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        Ok(tx.subscription(self.scope()?, id).await?.subscription)
    }

    pub(crate) async fn subscriptions(
        &self,
        filter: &SubscriptionFilter,
        page: &PageRequest,
    ) -> Result<Page<StoredSubscription>, Error> {
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        self.subscriptions_on(&mut tx, filter, page).await
    }

    /// The same, on the caller's connection.
    pub(super) async fn subscriptions_on(
        &self,
        tx: &mut Tx<'_, D>,
        filter: &SubscriptionFilter,
        page: &PageRequest,
    ) -> Result<Page<StoredSubscription>, Error> {
        let limit = page.limit();
        let batch_size = if filter.looks_inside() {
            limit.max(BATCH_SIZE)
        } else {
            limit
        };
        let scope = self.scope()?;
        let scope = match (scope, filter.owner.as_deref()) {
            (scope, None) => scope,
            (Scope::AllOwners, Some(owner)) => Scope::Owner(owner),
            (Scope::Owner(own), Some(owner)) if own == owner => scope,
            // Another owner's: there are none.
            (Scope::Owner(_), Some(_)) => return Ok(Page::empty()),
        };
        let next = |after: Option<SubscriptionId>| after.map(|after| Cursor::new(LIST, after));
        let (mut items, mut after, mut examined) =
            (Vec::new(), page.position::<SubscriptionId>(LIST)?, 0);
        let (inactive, settings) = (filter.inactive_state(), filter.hint());
        while examined < MAX_EXAMINED {
            let looked =
                tx.look_at_subscriptions(scope, inactive, after.as_ref(), batch_size, &settings);
            let looked = looked.await?;
            let is_last = looked.looked_at < batch_size;
            examined += looked.looked_at as usize;
            for (id, row) in looked.rows {
                after = Some(id.clone());
                let row = match row {
                    Ok(row) => row,
                    // It hides no other.
                    Err(error) => {
                        subscription_unreadable(id.key(), &error.reason());
                        continue;
                    }
                };
                if filter.matches(&row.subscription) {
                    items.push(row.subscription);
                }
                if items.len() == limit as usize {
                    let next = next(after);
                    return Ok(Page { items, next });
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
        }
        let next = next(after);
        Ok(Page { items, next })
    }
}
