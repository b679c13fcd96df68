//! The operator: what reaches over all owners.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::Sender;
use super::reach::Reach;
use crate::engine;
use crate::error::Error;
use crate::model::{
    AttemptsIn, DeliveriesIn, EngineHealth, MessagesIn, Period, QueueStats, Series, Subscribed,
    Subscription, SubscriptionId,
};
use crate::observe;

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
#[derive(Debug)]
pub struct Operator<D: Database> {
    pub(super) sender: Sender<D>,
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

impl<D: Database> Clone for Operator<D> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            actor: self.actor.clone(),
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
    /// assert_eq!((stats.ready, stats.scheduled, stats.sending, stats.oldest_ready), (0, 0, 0, None));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "health")]
    pub async fn queue_stats(&self) -> Result<QueueStats, Error> {
        let context = &self.sender.context;
        let sending = context.delivering.under_way.count();
        let stats = context.tables.queue_stats(sending).await?;
        observe::queue(&stats);
        Ok(stats)
    }

    /// How the engine of this process does: whether each of its duties runs, how often it was restarted, and for how long it
    /// has failed. [`None`] where it has no engine. For a health check, together with [`queue_stats`](Self::queue_stats), which
    /// tells of all processes together.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # use webhooks_sender::{Error, Sender};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir().unwrap();
    /// let sender = Sender::open(folder.path().join("webhooks.db")).start().await?;
    /// let engine = sender.operator().engine_health();
    /// assert!(engine.is_none_or(|engine| engine.is_well(Duration::from_secs(300))));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "health")]
    #[doc(alias = "readiness")]
    pub fn engine_health(&self) -> Option<EngineHealth> {
        engine::health(&self.sender.context)
    }

    /// How many messages were sent, step by step: of all owners (`None`), or to one.
    ///
    /// # Errors
    ///
    /// When the owner is invalid, or the database fails.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_sender::Sender;
    /// use webhooks_sender::query::Period;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let hour = Duration::from_secs(3600);
    /// let day = Period::new(sender.now() - hour * 24, sender.now(), hour).expect("24 steps");
    /// assert_eq!(sender.operator().messages_sent(day, None).await?.steps.len(), 24);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "throughput")]
    pub async fn messages_sent(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<MessagesIn>, Error> {
        self.reach().messages_sent(period, owner).await
    }

    /// How deliveries ended, step by step: of all owners (`None`), or of one.
    ///
    /// # Errors
    ///
    /// When the owner is invalid, or the database fails.
    pub async fn deliveries_ended(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<DeliveriesIn>, Error> {
        self.reach().deliveries_ended(period, owner).await
    }

    /// What was answered to attempts, and how long they took, step by step: of all owners (`None`), or of one.
    ///
    /// # Errors
    ///
    /// When the owner is invalid, or the database fails.
    #[doc(alias = "latency")]
    pub async fn attempts_made(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<AttemptsIn>, Error> {
        self.reach().attempts_made(period, owner).await
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
    /// [stored](crate::subscription::StoredSubscription). Its state stays, and its secrets where none is given. It never moves to another
    /// owner: where another one is named, there is no such subscription. Once this returns, no request begins to the old target; where
    /// another process makes the requests, that takes a moment.
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
}
