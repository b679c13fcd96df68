//! Subscriptions once they are made: looked at, switched off and on, with a new secret, removed.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::model::{
    Page, PageRequest, StoredSubscription, SubscriptionFilter, SubscriptionId, SubscriptionState,
};
use crate::publish::Sent;

on_both! {
    "Subscriptions that exist";

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

    /// Asks the target of a subscription once more for the [proof](crate::subscription::Verification) that it wants the
    /// messages.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or nothing is to be proved.
    pub async fn verify(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().verify(id).await
    }

    /// Pauses a subscription: its messages are kept, and delivered once it is activated. Once this returns, no request begins.
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
    /// When there is no such subscription, its time is over, or its target has yet to prove that it wants the messages.
    #[doc(alias = "enable")]
    #[doc(alias = "resume")]
    pub async fn activate(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.reach().switch(id, SubscriptionState::Active).await
    }

    /// Removes a subscription and cancels what waits for it. Once this returns, no request to its target begins; one that is
    /// under way may end.
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

    /// Subscriptions in the order in which they were made: all of them (`None`), or those that a
    /// [filter](SubscriptionFilter) lets through. The operator can name one owner (`"acct_1"`).
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
