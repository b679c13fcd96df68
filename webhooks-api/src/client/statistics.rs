//! How the deliveries of a subscription ended.

use std::time::{Duration, SystemTime};

use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::Statistics;

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

/// # Statistics
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
}
