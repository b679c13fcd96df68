//! An account: everything that can be done for one owner, and nothing that reaches another.

use std::fmt;
use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::Sender;
use super::reach::Reach;
use crate::error::Error;
use crate::model::{
    Attempt, DeliveryFilter, DeliveryId, MessageFilter, MessageId, Page, PageRequest,
    StoredDelivery, StoredMessage, StoredSubscription, Subscribed, SubscriptionFilter,
    SubscriptionId, SubscriptionRequest, SubscriptionState,
};
use crate::publish::Sent;

/// One owner's subscriptions, messages and deliveries. Made by [`Sender::of`].
///
/// Each call carries the owner in its statements. An id of another owner's is not found: the answer is
/// [`Error::NotFound`], or an empty page, as for one that does not exist, and nothing is changed. So an API can take ids
/// from a customer without looking up whose they are.
///
/// A broadcast is everyone's: an account sees its messages, and those of its deliveries that go to the account's own
/// subscriptions.
///
/// ```
/// use webhooks_sender::{Error, Sender, SubscriptionRequest};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let (acme, other) = (sender.of("acme"), sender.of(17));
/// let id = acme.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?.id;
///
/// assert_eq!(acme.subscriptions(None, 50).await?.items.len(), 1);
/// assert!(matches!(other.unsubscribe(&id).await, Err(Error::NotFound)));
/// acme.unsubscribe(&id).await?;
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Account<D: Database> {
    sender: Sender<D>,
    owner: String,
    pub(super) actor: Option<String>,
}

impl<D: Database> Sender<D> {
    /// One owner's subscriptions, messages and deliveries: what is done for a customer. An id of another owner's is not
    /// found.
    ///
    /// The owner is whatever the application calls its customers by: a text, a number, a UUID.
    #[doc(alias = "tenant")]
    #[doc(alias = "scope")]
    pub fn of(&self, owner: impl fmt::Display) -> Account<D> {
        Account {
            sender: self.clone(),
            owner: owner.to_string(),
            actor: None,
        }
    }
}

impl<D: Database> Account<D> {
    /// Whose account this is.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub(super) fn reach(&self) -> Reach<'_, D> {
        let actor = self.actor.as_deref();
        Reach::new(&self.sender.context, Some(&self.owner), actor)
    }
}

/// # Subscriptions
impl<D: Database> Account<D> {
    /// Makes a subscription in the sender's first dialect. The secret that is returned is shown only now.
    ///
    /// # Errors
    ///
    /// When it cannot work: its target, events or headers; when there is no such event; when the account has
    /// [as many](crate::SenderBuilder::subscriptions_per_owner) as it may have; or the database fails.
    ///
    /// ```
    /// use webhooks_sender::{Error, Sender, SubscriptionRequest};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let account = sender.of("acct_1");
    /// let request = SubscriptionRequest::new("https://example.com/hook").event("payment.*");
    /// let secret = account.subscribe(request).await?.secret.expect("made by the sender");
    /// assert!(secret.expose().starts_with("whsec_"));        // to be shown to the customer, once
    ///
    /// let inside = SubscriptionRequest::new("https://10.0.0.1/hook").event("*");
    /// let refused = account.subscribe(inside).await.unwrap_err();
    /// assert_eq!(refused.to_string(), "the target is not on the public internet");
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "create")]
    #[doc(alias = "endpoint")]
    pub async fn subscribe(&self, request: SubscriptionRequest) -> Result<Subscribed, Error> {
        self.reach().request(request).await
    }

    /// Makes a subscription in the application's own transaction.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub async fn subscribe_in(
        &self,
        transaction: &mut D::Connection,
        request: SubscriptionRequest,
    ) -> Result<Subscribed, Error> {
        self.reach().request_in(transaction, request).await
    }

    /// Replaces everything that a request has. Owner, state and secrets stay, and what only an operator can set.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe), when there is no such subscription, or when what was read of it is no longer
    /// true.
    #[doc(alias = "update")]
    pub async fn change(
        &self,
        id: &SubscriptionId,
        request: SubscriptionRequest,
    ) -> Result<(), Error> {
        self.reach().change_request(id, request).await
    }

    /// Changes a subscription in the application's own transaction. It takes effect from the next attempt on.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change).
    pub async fn change_in(
        &self,
        transaction: &mut D::Connection,
        id: &SubscriptionId,
        request: SubscriptionRequest,
    ) -> Result<(), Error> {
        let reach = self.reach();
        reach.change_request_in(transaction, id, request).await
    }

    /// Makes a new secret and returns it. Until `grace` has passed, requests are signed with the old ones as well.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, its dialect signs nothing, or ten secrets are in use.
    ///
    /// ```
    /// use std::time::Duration;
    /// # use webhooks_sender::{Sender, SubscriptionRequest};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// # let account = sender.of("acct_1");
    /// # let id = account.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?.id;
    /// let new = account.rotate(&id, Duration::from_secs(24 * 3600)).await?;      // a day to change over
    /// # let _ = new;
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn rotate(&self, id: &SubscriptionId, grace: Duration) -> Result<Secret, Error> {
        self.reach().rotate(id, None, grace).await
    }

    /// Ends the grace period of older secrets now: from the next attempt on, only the newest signs. Nothing happens when no
    /// older one is in use; [`older_secrets_until`](StoredSubscription::older_secrets_until) tells.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    pub async fn end_grace(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().end_grace(id).await
    }

    /// Pauses a subscription: its messages are kept, and delivered once it is activated.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or it is switched off for another reason, which stays.
    #[doc(alias = "disable")]
    pub async fn pause(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().switch(id, SubscriptionState::Paused).await
    }

    /// Switches a subscription on, with a fresh failure window. What failed meanwhile is [replayed](Self::replay) on
    /// request.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    #[doc(alias = "enable")]
    #[doc(alias = "resume")]
    pub async fn activate(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().switch(id, SubscriptionState::Active).await
    }

    /// Removes a subscription and cancels what waits for it.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    #[doc(alias = "delete")]
    #[doc(alias = "remove")]
    pub async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().unsubscribe(id).await
    }

    /// Sends the event `webhooks.test` to one subscription, whichever events it wants. The catalogue must list the
    /// [operational webhooks](crate::notices::operational_webhooks).
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or the catalogue does not list the event.
    #[doc(alias = "ping")]
    pub async fn send_test(&self, id: &SubscriptionId) -> Result<Sent, Error> {
        self.reach().send_test(id).await
    }

    /// A subscription, without its secrets.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    pub async fn subscription(&self, id: &SubscriptionId) -> Result<StoredSubscription, Error> {
        self.reach().subscription(id).await
    }

    /// The account's subscriptions in the order in which they were made: all of them (`None`), or those that a
    /// [filter](SubscriptionFilter) lets through.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    pub async fn subscriptions(
        &self,
        filter: impl Into<SubscriptionFilter>,
        page: impl Into<PageRequest>,
    ) -> Result<Page<StoredSubscription>, Error> {
        let (filter, page) = (filter.into(), page.into());
        self.reach().subscriptions(&filter, &page).await
    }
}

/// # Messages, deliveries, attempts
impl<D: Database> Account<D> {
    /// A message that was sent to this owner, or to everyone.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or no subscription wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        self.reach().message(id).await
    }

    /// The messages that were sent to this owner or to everyone, newest first: all of them (`None`), or those that a
    /// [filter](MessageFilter) lets through. A message that no subscription wanted when it was sent was not kept.
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
