//! An account: everything that can be done for one owner, and nothing that reaches another.

use std::fmt;

use webhooks_store::Database;

use super::Sender;
use super::reach::Reach;
use crate::context::Context;
use crate::error::Error;
use crate::model::{StoredSubscription, Subscribed, SubscriptionId, SubscriptionRequest};

/// One owner's subscriptions, messages and deliveries. Made by [`Sender::of`].
///
/// Each call carries the owner in its statements. An id of another owner's is not found: the answer is
/// [`Error::NotFound`], or an empty page, as for one that does not exist, and nothing is changed. Nor has the database more to
/// do for it, so that the time of an answer tells nothing. So an API can take ids from a customer without looking up whose
/// they are.
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
#[derive(Debug)]
pub struct Account<D: Database> {
    pub(super) sender: Sender<D>,
    owner: String,
    pub(super) actor: Option<String>,
}

impl<D: Database> Sender<D> {
    /// One owner's subscriptions, messages and deliveries: what is done for a customer. An id of another owner's is not
    /// found.
    ///
    /// The owner is whatever the application calls its customers by: a text, a number, a UUID.
    ///
    /// What a sender does for an owner begins here: `sender.of("acct_1").subscribe(..)`.
    #[doc(alias = "subscribe")]
    #[doc(alias = "unsubscribe")]
    #[doc(alias = "subscriptions")]
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

impl<D: Database> Clone for Account<D> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            owner: self.owner.clone(),
            actor: self.actor.clone(),
        }
    }
}

impl<D: Database> Account<D> {
    /// Whose account this is.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub(super) fn context(&self) -> &Context<D> {
        &self.sender.context
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

    /// Keeps a subscription under a key of the application's own: makes it the first time, and later changes what differs. So
    /// what sets an account up can be run again, and changes nothing the second time. The key has 1 to 256 bytes and is the
    /// owner's; the subscription's state, and what the request does not name of headers and
    /// credentials, stay.
    ///
    /// [`Subscribed::repeated`] says whether it was there before; its secret is shown when it is made.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe), or when what was read of it is no longer true.
    ///
    /// ```
    /// use webhooks_sender::{Error, Sender, SubscriptionRequest};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let account = sender.of("acct_1");
    /// let request = || SubscriptionRequest::new("https://example.com/hook").event("*");
    /// let made = account.keep("crm", request()).await?;
    /// let again = account.keep("crm", request()).await?;
    /// assert!(again.repeated && again.id == made.id);
    /// assert_eq!(account.kept("crm").await?.revision, 1, "nothing was changed");
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "upsert")]
    #[doc(alias = "put")]
    pub async fn keep(&self, key: &str, request: SubscriptionRequest) -> Result<Subscribed, Error> {
        self.reach().keep(key, request).await
    }

    /// The subscription that is [kept](Self::keep) under this key.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when no subscription of the owner has this key.
    pub async fn kept(&self, key: &str) -> Result<StoredSubscription, Error> {
        self.reach().kept(key).await
    }

    /// Replaces everything that a request has. Owner, state and secrets stay, and what only an operator can set. Once this
    /// returns, no request begins to the old target; where another process makes the requests, that takes a moment.
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

    /// Changes a subscription in the application's own transaction. Requests that begin a quarter of a second after the
    /// commit, or later, are made by the change.
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
        let changed = reach.change_request_in(transaction, id, request);
        changed.await.map(drop)
    }
}
