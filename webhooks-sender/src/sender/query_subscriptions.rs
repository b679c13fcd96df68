//! Pages of subscriptions.

use webhooks_store::Database;

use super::{BATCH_SIZE, MAX_EXAMINED, MAX_ITEMS, Sender};
use crate::error::Error;
use crate::model::{Page, StoredSubscription, SubscriptionFilter, SubscriptionId};

/// # Querying subscriptions
impl<D: Database> Sender<D> {
    /// A subscription, without its secrets.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    pub async fn subscription(&self, id: &SubscriptionId) -> Result<StoredSubscription, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let row = tables.on(&mut connection).subscription(id).await?;
        Ok(row.subscription)
    }

    /// Subscriptions in the order in which they were made, at most 1,000 a page: all of them (`None`), one owner's
    /// (`"acct_1"`), or those that a [filter](SubscriptionFilter) lets through.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_sender::{Sender, Subscription};
    /// use webhooks_sender::query::SubscriptionFilter;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// for plan in ["free", "pro"] {
    ///     let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*").label("plan", plan);
    ///     sender.subscribe(wanted).await?;
    /// }
    /// let page = sender.subscriptions(SubscriptionFilter::new().label("plan", "pro"), None, 50).await?;
    /// assert_eq!(page.items.len(), 1);
    /// assert!(page.next.is_none());
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn subscriptions(
        &self,
        filter: impl Into<SubscriptionFilter>,
        after: Option<&SubscriptionId>,
        limit: u32,
    ) -> Result<Page<StoredSubscription, SubscriptionId>, Error> {
        let (filter, limit) = (filter.into(), limit.clamp(1, MAX_ITEMS));
        let batch_size = if filter.looks_inside() {
            limit.max(BATCH_SIZE)
        } else {
            limit
        };
        let (mut items, mut after, mut examined) = (Vec::new(), after.cloned(), 0);
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        while examined < MAX_EXAMINED {
            let rows = tx
                .page_subscriptions(filter.owner.as_deref(), after.as_ref(), batch_size)
                .await?;
            let is_last = rows.len() < batch_size as usize;
            examined += rows.len();
            for row in rows {
                after = Some(row.subscription.id.clone());
                if filter.matches(&row.subscription) {
                    items.push(row.subscription);
                }
                if items.len() == limit as usize {
                    return Ok(Page { items, next: after });
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
        }
        Ok(Page { items, next: after })
    }
}
