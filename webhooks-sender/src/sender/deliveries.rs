//! Messages, their deliveries, and the attempts at these; what is done for one delivery.

use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::model::{
    Attempt, DeliveryFilter, DeliveryId, MessageFilter, MessageId, Page, PageRequest,
    StoredDelivery, StoredMessage, SubscriptionId,
};

on_both! {
    "Messages, deliveries, attempts";

    /// A message. An account has those that were sent to its owner or to everyone.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or no subscription wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        self.reach().message(id).await
    }

    /// Messages, newest first: all of them (`None`), or those that a [filter](MessageFilter) lets through. The operator can
    /// name one owner (`"acct_1"`). A message that no subscription wanted when it was sent was not kept.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::query::MessageFilter;
    /// use webhooks_sender::{Outbound, Sender, SubscriptionRequest};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// # let account = sender.of("acct_1");
    /// # account.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?;
    /// for order in ["16", "17"] {
    ///     sender.send("acct_1", Outbound::new(Message::untyped(&PING, &1)).label("order", order)).await?;
    /// }
    /// let page = account.messages(MessageFilter::new().event("ping").label("order", "17"), 50).await?;
    /// assert_eq!(page.items[0].labels["order"], "17");
    /// assert_eq!(page.items.len(), 1);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn messages(
        &self,
        filter: impl Into<MessageFilter>,
        page: impl Into<PageRequest>,
    ) -> Result<Page<StoredMessage>, Error> {
        let (filter, page) = (filter.into(), page.into());
        self.reach().messages(&filter, &page).await
    }

    /// A delivery, with its event, its target and its last attempt.
    ///
    /// # Errors
    ///
    /// When there is no such delivery.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, Error> {
        self.reach().delivery(id).await
    }

    /// The deliveries that a filter lets through, each with its event, its target and its last attempt: message by
    /// message, the newest one first.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::query::{DeliveryFilter, DeliveryState};
    /// use webhooks_sender::{Sender, SubscriptionRequest};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// # let account = sender.of("acct_1");
    /// # account.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?;
    /// sender.send("acct_1", Message::untyped(&PING, &1)).await?;
    /// sender.deliver().await?;
    ///
    /// let delivered = DeliveryFilter::new().state(DeliveryState::Delivered);
    /// let delivery = &account.deliveries(&delivered, 50).await?.items[0];
    /// assert_eq!(delivery.event.as_deref(), Some("ping"));
    /// assert_eq!(delivery.last_attempt.as_ref().and_then(|last| last.status), Some(204));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        page: impl Into<PageRequest>,
    ) -> Result<Page<StoredDelivery>, Error> {
        self.reach().deliveries(filter, &page.into()).await
    }

    /// The attempts of a delivery, first to last; none that the [retention](crate::settings::Retention) has removed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        self.reach().attempts(delivery).await
    }

    /// The attempts of a subscription, newest first.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    pub async fn attempts_to(
        &self,
        id: &SubscriptionId,
        page: impl Into<PageRequest>,
    ) -> Result<Page<Attempt>, Error> {
        self.reach().attempts_to(id, &page.into()).await
    }

    /// Tries a delivery again, now: one that waits (its pending attempt is brought forward), failed, was cancelled, or
    /// even succeeded. For one that had ended the schedule starts anew.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or no request can follow: it is being sent at this moment, its subscription is
    /// switched off or gone, its message has expired or is no longer kept. Its state stays what it was.
    #[doc(alias = "resend")]
    #[doc(alias = "redeliver")]
    pub async fn retry(&self, delivery: &DeliveryId) -> Result<(), Error> {
        self.reach().retry(delivery).await
    }

    /// Gives a delivery up. A request that is under way is not stopped, but not repeated either.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or it has ended.
    pub async fn cancel(&self, delivery: &DeliveryId) -> Result<(), Error> {
        self.reach().cancel(delivery).await
    }
}
