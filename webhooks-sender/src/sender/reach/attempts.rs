//! Querying attempts: of a delivery, and pages of what a subscription saw.

use webhooks_store::Database;

use super::Reach;
use crate::error::Error;
use crate::model::{Attempt, AttemptCursor, Cursor, DeliveryId, Page, PageRequest, SubscriptionId};

/// The letter of its cursors.
const LIST: char = 'a';

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        tx.attempts_of(self.scope()?, delivery).await
    }

    pub(crate) async fn attempts_to(
        &self,
        id: &SubscriptionId,
        page: &PageRequest,
    ) -> Result<Page<Attempt>, Error> {
        let (tables, limit) = (&self.context.tables, page.limit());
        let before = page.position::<AttemptCursor>(LIST)?;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let items = tx
            .page_attempts(self.scope()?, id, before.as_ref(), limit)
            .await?;
        let cursor = |last: &Attempt| AttemptCursor {
            delivery: last.delivery.clone(),
            generation: last.generation,
            number: last.number,
        };
        Ok(Page::new(items, limit, |last| {
            Cursor::new(LIST, cursor(last))
        }))
    }
}
