//! The operator: what reaches over all owners.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::Sender;
use super::reach::Reach;
use crate::engine;
use crate::error::Error;
use crate::model::{
    Attempt, DeliveryFilter, DeliveryId, MessageFilter, MessageId, Page, PageRequest, QueueStats,
    StoredDelivery, StoredMessage, StoredSubscription, Subscribed, Subscription,
    SubscriptionFilter, SubscriptionId, SubscriptionState,
};
use crate::observe;
use crate::publish::Sent;

/// The subscriptions, messages and deliveries of all owners. Made by [`Sender::operator`].
///
/// Nothing here asks whose a thing is: it is for the application itself and for the people who run it. What is done for
/// one customer belongs to an [`Account`](crate::Account).
///
/// ```
/// use webhooks_sender::{Sender, Subscription};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*").rate_limit(10);
/// sender.operator().subscribe(wanted).await?;
/// assert_eq!(sender.operator().subscriptions("acct_1", 50).await?.items.len(), 1);
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Operator<D: Database> {
    sender: Sender<D>,
    pub(super) actor: Option<String>,
}

impl<D: Database> Sender<D> {
    /// What reaches over all owners, for the application itself and for the people who run it.
    #[doc(alias = "admin")]
    pub fn operator(&self) -> Operator<D> {
        Operator {
            sender: self.clone(),
            actor: None,
        }
    }
}

impl<D: Database> Operator<D> {
    pub(super) fn reach(&self) -> Reach<'_, D> {
        Reach::new(&self.sender.context, None, self.actor.as_deref())
    }

    /// How the queue of deliveries stands: for a health check. The gauges of the [metrics](crate::metrics) take it too; a
    /// process with the engine also looks by itself, every 15 seconds.
    ///
    /// # Errors
    ///
    /// When the database fails, which is what a health check wants to know.
    ///
    /// ```
    /// # use webhooks_sender::{Error, Sender};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let stats = sender.operator().queue_stats().await?;
    /// assert_eq!((stats.ready, stats.scheduled, stats.running, stats.oldest_ready), (0, 0, 0, None));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "health")]
    pub async fn queue_stats(&self) -> Result<QueueStats, Error> {
        let stats = self.sender.context.tables.queue_stats().await?;
        observe::queue(&stats);
        Ok(stats)
    }

    /// Deletes what is older than its [retention](crate::settings::Retention). The engine does so by itself.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn prune(&self) -> Result<(), Error> {
        engine::prune_all(&self.sender.context).await
    }

    /// Removes all subscriptions of an owner that no longer exists; returns how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails; what was removed until then stays removed.
    #[doc(alias = "tenant")]
    #[doc(alias = "account")]
    pub async fn remove_owner(&self, owner: &str) -> Result<usize, Error> {
        self.reach().remove_owner(owner).await
    }
}

/// # Subscriptions
impl<D: Database> Operator<D> {
    /// Makes a subscription. The secret that is returned is shown only now.
    ///
    /// # Errors
    ///
    /// When it cannot work: its target, events, headers, secret or dialect; when there is no such event; or the database
    /// fails.
    #[doc(alias = "create")]
    #[doc(alias = "endpoint")]
    pub async fn subscribe(&self, subscription: Subscription) -> Result<Subscribed, Error> {
        self.reach().subscribe(subscription).await
    }

    /// Makes a subscription in the application's own transaction.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub async fn subscribe_in(
        &self,
        transaction: &mut D::Connection,
        subscription: Subscription,
    ) -> Result<Subscribed, Error> {
        self.reach().subscribe_in(transaction, subscription).await
    }

    /// Replaces a subscription's target and settings: all of them, so a part is changed in what is
    /// [stored](StoredSubscription). Its state stays, and its secrets where none is given. It never moves to another
    /// owner: where another one is named, there is no such subscription.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe), when there is no such subscription, or when what was read of it is no longer
    /// true.
    #[doc(alias = "update")]
    pub async fn change(
        &self,
        id: &SubscriptionId,
        subscription: Subscription,
    ) -> Result<(), Error> {
        self.reach().change(id, subscription).await
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
        subscription: Subscription,
    ) -> Result<(), Error> {
        self.reach().change_in(transaction, id, subscription).await
    }

    /// As [`rotate`](Self::rotate), with a secret of the caller's: a `whsk_` one changes over to `v1a`.
    ///
    /// # Errors
    ///
    /// As [`rotate`](Self::rotate), or when the secret cannot sign.
    pub async fn rotate_to(
        &self,
        id: &SubscriptionId,
        secret: impl Into<Option<Secret>>,
        grace: Duration,
    ) -> Result<Secret, Error> {
        self.reach().rotate(id, secret.into(), grace).await
    }

    /// Makes a new secret and returns it. Until `grace` has passed, requests are signed with the old ones as well.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, its dialect signs nothing, or ten secrets are in use.
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

    /// Subscriptions in the order in which they were made: all of them (`None`), one owner's (`"acct_1"`), or those that a
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
impl<D: Database> Operator<D> {
    /// A message.
    ///
    /// # Errors
    ///
    /// When there is no such message (any more), or no subscription wanted it when it was sent.
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, Error> {
        self.reach().message(id).await
    }

    /// Messages, newest first: all of them (`None`), those that were sent to one owner (`"acct_1"`), or those that a
    /// [filter](MessageFilter) lets through. A message that no subscription wanted when it was sent was not kept.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
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
