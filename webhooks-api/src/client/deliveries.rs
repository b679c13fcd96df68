//! Deliveries and their attempts: found, tried again, given up.

use webhooks_sender::id::{AttemptId, DeliveryId};
use webhooks_sender::job::{BulkRetry, Job};
use webhooks_sender::query::{Attempt, RebuiltRequest, StoredDelivery};

use super::Client;
use super::error::ClientError;
use super::filters::{AttemptList, DeliveryList};
use super::listing::Listing;
use super::transport::Transport;
use crate::routes::attempts::Attempts;

/// # Deliveries and attempts
impl<T: Transport> Client<T> {
    /// The deliveries, newest message first.
    pub fn deliveries(&self, list: DeliveryList) -> Listing<StoredDelivery, T> {
        self.list(&["deliveries"], list.into_pairs())
    }

    /// A delivery.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn delivery(&self, id: &DeliveryId) -> Result<StoredDelivery, ClientError> {
        self.get(&["deliveries", id.as_str()]).read().await
    }

    /// All attempts of a delivery, first to last, without the bodies of answers.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn attempts_of_delivery(&self, id: &DeliveryId) -> Result<Vec<Attempt>, ClientError> {
        let call = self.get(&["deliveries", id.as_str(), "attempts"]);
        let attempts: Attempts = call.read().await?;
        Ok(attempts.data)
    }

    /// Tries a delivery again, now, whatever its state.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn retry(&self, id: &DeliveryId) -> Result<(), ClientError> {
        self.post(&["deliveries", id.as_str(), "retry"])
            .done()
            .await
    }

    /// Tries all deliveries again that a filter finds and that have ended, as a job. One of an owner goes on at a time: of
    /// another one the [problem](ClientError::problem) names the job that has not ended.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn retry_all(&self, retry: &BulkRetry) -> Result<Job, ClientError> {
        let call = self.post(&["deliveries", "retry"]);
        call.json(retry)?.read().await
    }

    /// Gives a delivery up.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn cancel(&self, id: &DeliveryId) -> Result<(), ClientError> {
        self.post(&["deliveries", id.as_str(), "cancel"])
            .done()
            .await
    }

    /// The attempts, newest message first, without the bodies of answers.
    pub fn attempts(&self, list: AttemptList) -> Listing<Attempt, T> {
        self.list(&["attempts"], list.into_pairs())
    }

    /// An attempt without the body of its answer.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn attempt(&self, id: &AttemptId) -> Result<Attempt, ClientError> {
        self.get(&["attempts", &id.to_string()]).read().await
    }

    /// The request of an attempt, made once more from what is stored, which takes the ability `payload`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn request_of_attempt(&self, id: &AttemptId) -> Result<RebuiltRequest, ClientError> {
        self.get(&["attempts", &id.to_string(), "request"])
            .read()
            .await
    }

    /// An attempt with the body of its answer, which takes the ability `payload`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn attempt_with_response(&self, id: &AttemptId) -> Result<Attempt, ClientError> {
        let include = [("include", "response".to_owned())];
        let call = self.get(&["attempts", &id.to_string()]).query(&include);
        call.read().await
    }
}
