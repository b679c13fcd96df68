//! Making, changing, switching and removing subscriptions. Each call is one transaction: the sender's, or the
//! application's own.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::Sender;
use crate::error::Error;
use crate::model::{Subscribed, Subscription, SubscriptionId, SubscriptionState};
use crate::subscriptions::{Subscribing, call_off, remove_owner};

/// # Subscriptions
impl<D: Database> Sender<D> {
    /// Makes a subscription. The secret that is returned is shown only now.
    ///
    /// # Errors
    ///
    /// When it cannot work: its target, events, headers, secret or dialect; or the database fails.
    ///
    /// ```
    /// use webhooks_sender::{Error, Sender, Subscription};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let wanted = Subscription::new("acct_1", "https://example.com/hook").event("payment.*");
    /// let subscribed = sender.subscribe(wanted).await?;
    /// let secret = subscribed.secret.expect("made by the sender");      // to be shown to the account, once
    /// assert!(secret.expose().starts_with("whsec_"));
    ///
    /// let inside = Subscription::new("acct_1", "https://10.0.0.1/hook").event("*");
    /// let refused = sender.subscribe(inside).await.unwrap_err();
    /// assert_eq!(refused.to_string(), "the target is not on the public internet");
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "create")]
    #[doc(alias = "endpoint")]
    pub async fn subscribe(&self, subscription: Subscription) -> Result<Subscribed, Error> {
        let mut transaction = self.context.tables.begin().await?;
        let subscribed = self.subscribe_in(&mut transaction, subscription).await?;
        transaction.commit().await?;
        Ok(subscribed)
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
        let mut tx = self.context.tables.on(transaction);
        self.subscribing().add(&mut tx, subscription, None).await
    }

    /// Replaces a subscription's target and settings: all of them, so a part is changed in what is
    /// [stored](crate::StoredSubscription). Its owner and state stay, and its secrets where none is given.
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
        let mut transaction = self.context.tables.begin().await?;
        self.change_in(&mut transaction, id, subscription).await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(())
    }

    /// Changes a subscription in the application's own transaction. It counts from the next attempt on.
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
        let mut tx = self.context.tables.on(transaction);
        let row = tx.subscription_to_change(id).await?;
        self.subscribing().change(&mut tx, &row, subscription).await
    }

    /// Makes a new secret and returns it. Until `grace` has passed, requests are signed with the old ones as well.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, its dialect signs nothing, or ten secrets are in use.
    ///
    /// ```
    /// use std::time::Duration;
    /// # use webhooks_sender::{Sender, Subscription};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// # let id = sender.subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*")).await?.id;
    /// let new = sender.rotate(&id, Duration::from_secs(24 * 3600)).await?;      // a day to change over
    /// # let _ = new;
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn rotate(&self, id: &SubscriptionId, grace: Duration) -> Result<Secret, Error> {
        self.rotate_to(id, None, grace).await
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
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(id).await?;
        let secret = secret.into();
        let secret = self
            .subscribing()
            .rotate(&mut tx, &row, secret, grace)
            .await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(secret)
    }

    /// Pauses a subscription: its messages are kept, and delivered once it is activated.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    #[doc(alias = "disable")]
    pub async fn pause(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.switch(id, SubscriptionState::Paused).await
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
        self.switch(id, SubscriptionState::Active).await
    }

    async fn switch(&self, id: &SubscriptionId, state: SubscriptionState) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(id).await?;
        self.subscribing().switch(&mut tx, &row, state).await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(())
    }

    /// Removes a subscription and calls off what waits for it.
    ///
    /// # Errors
    ///
    /// When there is no such subscription.
    #[doc(alias = "delete")]
    #[doc(alias = "remove")]
    pub async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(id).await?;
        self.subscribing().remove(&mut tx, &row).await?;
        transaction.commit().await?;
        call_off(&self.context.tables, id).await
    }

    /// Removes all subscriptions of an owner that is no more; returns how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails; what was removed until then stays removed.
    #[doc(alias = "tenant")]
    #[doc(alias = "account")]
    pub async fn remove_owner(&self, owner: &str) -> Result<usize, Error> {
        remove_owner(&self.context, owner).await
    }
    fn subscribing(&self) -> Subscribing<'_> {
        Subscribing::new(&self.context)
    }
}
