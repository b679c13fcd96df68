//! Sending again, giving up, and sending what is due by hand.

use std::time::SystemTime;

use webhooks_store::Database;

use super::Sender;
use crate::error::{Error, StateError};
use crate::model::{DeliveryId, SubscriptionId};
use crate::{engine, replay};

/// # Sending again
impl<D: Database> Sender<D> {
    /// Tries a delivery again, now: one that waits (its pending try is brought forward), failed, was cancelled, or even
    /// succeeded. For one that had ended the schedule starts anew.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or no request can follow: it is being sent at this moment, its subscription is
    /// switched off or gone, its message has expired or is no longer kept. Its state stays what it was.
    #[doc(alias = "resend")]
    #[doc(alias = "redeliver")]
    pub async fn retry(&self, delivery: &DeliveryId) -> Result<(), Error> {
        replay::retry(&self.context.tables, delivery).await
    }

    /// Gives a delivery up. A request that is under way is not stopped, but not repeated either.
    ///
    /// # Errors
    ///
    /// When there is no such delivery, or it has ended.
    pub async fn cancel(&self, delivery: &DeliveryId) -> Result<(), Error> {
        match replay::cancel(&self.context.tables, &[delivery.key()]).await? {
            0 => Err(StateError::Ended.into()),
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
    #[doc(alias = "dead letter")]
    #[doc(alias = "recover")]
    pub async fn replay(&self, id: &SubscriptionId, since: SystemTime) -> Result<(), Error> {
        let context = &self.context;
        replay::replay(&context.tables, &context.publishing, id, since).await
    }

    /// Sends what is due now and returns how many requests were made: for programs that send in their own rhythm, and
    /// for tests. One request is made after the other.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn deliver(&self) -> Result<usize, Error> {
        engine::run_once(&self.context).await
    }

    /// Forgets what is older than its [retention](crate::Retention). The engine does so by itself.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn prune(&self) -> Result<(), Error> {
        engine::prune_all(&self.context).await
    }
}
