//! The sender: what an application holds, and all that it can do.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use webhooks_core::Catalogue;
use webhooks_store::{Database, Transaction, Writer};

use crate::engine::Engine;
use crate::error::Error;
use crate::model::{DeliveryId, Owner, SubscriptionId};
use crate::publish::{Outbound, Prepared, Publish, Sent, prepare, publish};
use crate::shared::Shared;
use crate::{engine, operations, replay, subscriptions};

/// Sends webhooks from the application's own database. Clones are the same sender.
///
/// `D` is the database: a transaction of another one does not compile. See the [crate's documentation](crate) for what
/// is guaranteed.
pub struct Sender<D: Database> {
    pub(crate) shared: Arc<Shared<D>>,
    writer: Writer<D, Publish<D>>,
    engine: Arc<Mutex<Option<Engine>>>,
}

impl<D: Database> Sender<D> {
    pub(crate) fn start(shared: Shared<D>, with_engine: bool) -> Self {
        let shared = Arc::new(shared);
        let writer = Writer::start(&shared.store);
        let engine = with_engine.then(|| Engine::start(&shared));
        Self {
            shared,
            writer,
            engine: Arc::new(Mutex::new(engine)),
        }
    }

    /// Sends a message to the subscriptions of an owner, in a transaction of its own. Durable when it returns.
    ///
    /// Many callers at once share a commit.
    ///
    /// # Errors
    ///
    /// When the message cannot be sent (see [`Error::is_input`]), or the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// sender.subscribe(Subscription::new("acct_1", "https://example.com/hook").event("ping")).await?;
    /// let sent = sender.send("acct_1", Message::untyped(&PING, &12)).await?;
    ///
    /// sender.deliver().await?;
    /// assert_eq!(sender.requests()[0].header("webhook-id"), Some(sent.id.as_str()));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn send(
        &self,
        owner: impl Into<Owner>,
        message: impl Into<Outbound>,
    ) -> Result<Sent, Error> {
        let prepared = prepare(&self.shared, &owner.into(), &message.into())?;
        let sent = self.write(vec![prepared]).await?;
        sent.into_iter().next().ok_or(Error::NotFound)
    }

    /// Sends several messages to the subscriptions of an owner: all of them or none.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_many<M: Into<Outbound>>(
        &self,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<Sent>, Error> {
        let prepared = self.prepare_all(owner, messages)?;
        if prepared.is_empty() {
            return Ok(Vec::new());
        }
        self.write(prepared).await
    }

    /// A transaction in the application's database, for its own writes and [`send_in`](Self::send_in): one of its pool.
    ///
    /// Any other transaction of the application does as well. On SQLite, which has one writer at a time, this one
    /// queues up with the sender's own and is woken when its turn comes; others look again and again, with growing
    /// pauses, and where both write much they wait longer. What is sent while it is open is sent in it: a
    /// [`send`](Self::send) would wait for its end.
    ///
    /// # Errors
    ///
    /// When no connection is to be had, or another writer held SQLite's lock beyond the pool's `busy_timeout`.
    ///
    /// ```
    /// # use webhooks_core::{Descriptor, Message, Webhooks};
    /// # use webhooks_sender::Sender;
    /// # static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    /// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir()?;
    /// # let catalogue = Webhooks::new().with(&PING).build()?;
    /// # let sender = Sender::open(folder.path().join("webhooks.db")).webhooks(catalogue).start().await?;
    /// let mut tx = sender.begin().await?;
    /// sqlx::query("CREATE TABLE payment (amount INTEGER)").execute(&mut *tx).await?;
    /// sender.send_in(&mut tx, "acct_1", Message::untyped(&PING, &10)).await?;
    /// tx.commit().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn begin(&self) -> Result<Transaction<D>, Error> {
        Ok(self.shared.store.begin_in_pool().await?)
    }

    /// Sends a message in the application's own transaction: it exists when that is committed, and never when it is
    /// rolled back.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_in(
        &self,
        transaction: &mut D::Connection,
        owner: impl Into<Owner>,
        message: impl Into<Outbound>,
    ) -> Result<Sent, Error> {
        let sent = self.send_many_in(transaction, owner, [message]).await?;
        sent.into_iter().next().ok_or(Error::NotFound)
    }

    /// Sends several messages in the application's own transaction.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); roll the transaction back then, because some of them may have been written.
    pub async fn send_many_in<M: Into<Outbound>>(
        &self,
        transaction: &mut D::Connection,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<Sent>, Error> {
        let prepared = self.prepare_all(owner, messages)?;
        let sent = publish(
            &self.shared,
            transaction,
            &prepared.iter().collect::<Vec<_>>(),
        )
        .await?;
        // The commit is the application's, which will not tell.
        self.shared.store.wake().soon();
        Ok(sent)
    }

    fn prepare_all<M: Into<Outbound>>(
        &self,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<Prepared>, Error> {
        let owner = owner.into();
        messages
            .into_iter()
            .map(|message| prepare(&self.shared, &owner, &message.into()))
            .collect()
    }

    async fn write(&self, messages: Vec<Prepared>) -> Result<Vec<Sent>, Error> {
        let sent = self
            .writer
            .write(Publish {
                shared: Arc::clone(&self.shared),
                messages,
            })
            .await?;
        self.shared.store.wake().now();
        Ok(sent)
    }

    /// Sends the event `webhooks.test` to one subscription, whatever events it wants. The catalogue must list the
    /// [operational webhooks](crate::operational_webhooks).
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or the catalogue does not list the event.
    pub async fn send_test(&self, id: &SubscriptionId) -> Result<Sent, Error> {
        let mut transaction = self.shared.store.begin().await?;
        let row = subscriptions::one(&self.shared, &mut transaction, id).await?;
        let sent =
            operations::test(&self.shared, &mut transaction, &row.subscription.owner, id).await?;
        transaction
            .commit()
            .await
            .map_err(webhooks_store::Error::from)?;
        self.shared.store.wake().now();
        Ok(sent)
    }

    /// Tries a delivery again, now: one that waits (its pending try is brought forward), failed, was cancelled, or even
    /// succeeded. For one that had ended the schedule starts anew.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or no request can follow: it is being sent at this moment, its subscription is
    /// switched off or gone, its message has expired or is no longer kept. Its state stays what it was.
    pub async fn retry(&self, delivery: &DeliveryId) -> Result<(), Error> {
        replay::retry(&self.shared, delivery).await
    }

    /// Gives a delivery up. A request that is under way is not stopped, but not repeated either.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or it has ended.
    pub async fn cancel(&self, delivery: &DeliveryId) -> Result<(), Error> {
        match replay::cancel(&self.shared, &[delivery.key()]).await? {
            0 => Err(Error::State(
                "the delivery has ended, or there is no such delivery",
            )),
            _ => Ok(()),
        }
    }

    /// Sends everything again that failed for a subscription since this time, as a durable job: every delivery whose
    /// last attempt failed at this time or later, however long before its message was sent, by the database's clock as
    /// [`StoredDelivery::finished`](crate::StoredDelivery::finished) tells it. What fails again after this
    /// call is not sent a third time.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or it is switched off.
    pub async fn replay(&self, id: &SubscriptionId, since: SystemTime) -> Result<(), Error> {
        replay::replay(&self.shared, id, since).await
    }

    /// Sends what is due now and returns how many requests were made: for programs that send in their own rhythm, and
    /// for tests. One request is made after the other.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn deliver(&self) -> Result<usize, Error> {
        engine::turn(&self.shared).await
    }

    /// Forgets what is older than its [retention](crate::Retention). The engine does so by itself.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn prune(&self) -> Result<(), Error> {
        engine::prune_all(&self.shared).await
    }

    /// Stops: no message is accepted any more ([`Error::ShutDown`]) and no delivery claimed; requests that are under way
    /// end and are recorded.
    pub async fn shut_down(&self) {
        self.shared.shut_down();
        self.writer.close().await;
        let engine = self
            .engine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(engine) = engine {
            engine.stop().await;
        }
    }

    /// The webhooks that can be sent.
    pub fn catalogue(&self) -> &Catalogue {
        &self.shared.catalogue
    }

    /// The time by this sender's clock.
    pub fn now(&self) -> SystemTime {
        self.shared.now()
    }
}

impl<D: Database> Clone for Sender<D> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            writer: self.writer.clone(),
            engine: Arc::clone(&self.engine),
        }
    }
}

impl<D: Database> fmt::Debug for Sender<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("webhooks", &self.shared.catalogue.len())
            .finish_non_exhaustive()
    }
}
