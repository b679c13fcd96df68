//! Attempts: of a delivery, and pages of what a subscription saw.

use webhooks_store::{Database, to_ms};

use super::{MAX_ITEMS, Sender};
use crate::error::Error;
use crate::model::{Attempt, AttemptCursor, DeliveryId, Page, SubscriptionId};

/// # Querying attempts
impl<D: Database> Sender<D> {
    /// The attempts of a delivery, first to last; none that the [retention](crate::Retention) has removed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        let mut connection = self.context.tables.connection().await?;
        self.context
            .tables
            .on(&mut connection)
            .attempts_of(delivery)
            .await
    }

    /// What a subscription saw, newest first, at most 1,000 attempts a page.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription};
    /// use webhooks_sender::testing::TestAnswer;
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    /// let id = sender.subscribe(wanted).await?.id;
    /// sender.send("acct_1", Message::untyped(&PING, &1)).await?;
    /// sender.answer(TestAnswer::status(503).body("later"));
    /// sender.deliver().await?;
    ///
    /// let page = sender.attempts_to(&id, None, 50).await?;
    /// assert_eq!(page.items[0].status, Some(503));
    /// assert_eq!(page.items[0].response.as_deref(), Some(&b"later"[..]));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn attempts_to(
        &self,
        id: &SubscriptionId,
        before: Option<&AttemptCursor>,
        limit: u32,
    ) -> Result<Page<Attempt, AttemptCursor>, Error> {
        let (tables, limit) = (&self.context.tables, limit.clamp(1, MAX_ITEMS));
        let mut connection = tables.connection().await?;
        let items = tables
            .on(&mut connection)
            .page_attempts(id, before, limit)
            .await?;
        Ok(Page::new(items, limit, |last| AttemptCursor {
            at_ms: to_ms(last.at),
            delivery: last.delivery.clone(),
            claim: last.claim,
        }))
    }
}
