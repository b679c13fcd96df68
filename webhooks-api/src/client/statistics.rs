//! Numbers over time: of one subscription, of an owner, of all.

use std::time::{Duration, SystemTime};

use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{AttemptsIn, DeliveriesIn, MessagesIn, Series, Statistics};

use super::Client;
use super::call::Pairs;
use super::error::ClientError;
use super::filters::time;
use super::transport::Transport;

/// Which period is counted, and in which steps: the last 24 hours by the hour, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatisticsRequest(Pairs);

impl StatisticsRequest {
    /// The last 24 hours by the hour.
    pub fn new() -> Self {
        Self::default()
    }

    /// From this time on.
    pub fn since(mut self, at: SystemTime) -> Self {
        self.0.push(("since", time(at)));
        self
    }

    /// Before this time.
    pub fn until(mut self, at: SystemTime) -> Self {
        self.0.push(("until", time(at)));
        self
    }

    /// In steps of this length, in whole seconds; there are at most 100.
    pub fn step(mut self, length: Duration) -> Self {
        self.0.push(("step", length.as_secs().to_string()));
        self
    }
}

/// # Numbers over time
impl<T: Transport> Client<T> {
    /// How the deliveries of a subscription ended, step by step.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn statistics(
        &self,
        id: &SubscriptionId,
        request: StatisticsRequest,
    ) -> Result<Statistics, ClientError> {
        let call = self.get(&["subscriptions", id.as_str(), "stats"]);
        call.query(&request.0).read().await
    }

    /// How many messages were sent, step by step: for operators, of all owners or of [one](Client::of).
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn messages_sent(
        &self,
        request: StatisticsRequest,
    ) -> Result<Series<MessagesIn>, ClientError> {
        let call = self.get(&["metrics", "messages"]);
        call.query(&request.0).read().await
    }

    /// How deliveries ended, step by step, by the time of their messages: for operators.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn deliveries_ended(
        &self,
        request: StatisticsRequest,
    ) -> Result<Series<DeliveriesIn>, ClientError> {
        let call = self.get(&["metrics", "deliveries"]);
        call.query(&request.0).read().await
    }

    /// What was answered to attempts and how long they took, step by step: for operators.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn attempts_made(
        &self,
        request: StatisticsRequest,
    ) -> Result<Series<AttemptsIn>, ClientError> {
        let call = self.get(&["metrics", "attempts"]);
        call.query(&request.0).read().await
    }
}
