//! What the API counts over all owners, or for one, step by step of a period.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Answer, At, Operations, Pairs, Step};
use crate::fields::query;

#[derive(Deserialize)]
struct Series<T> {
    steps: Vec<T>,
}

/// The messages of a step.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MessagesIn {
    pub(crate) since: At,
    pub(crate) is_complete: bool,
    pub(crate) sent: u32,
}

/// The attempts at a step's messages.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AttemptsIn {
    pub(crate) since: At,
    pub(crate) is_complete: bool,
    pub(crate) answered: AnsweredIn,
    /// How many of them are of messages that are fetched: no requests, so that they took no time.
    #[serde(default)]
    pub(crate) fetched: u32,
    pub(crate) average_ms: u64,
    pub(crate) longest_ms: u64,
}

impl AttemptsIn {
    /// Those that were requests, and took their time.
    pub(crate) const fn requests(&self) -> u32 {
        self.answered.all().saturating_sub(self.fetched)
    }
}

/// Attempts by their answers.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct AnsweredIn {
    pub(crate) success: u32,
    pub(crate) redirect: u32,
    pub(crate) client_error: u32,
    pub(crate) server_error: u32,
    pub(crate) none: u32,
}

impl AnsweredIn {
    /// Those without success.
    pub(crate) const fn failed(self) -> u32 {
        self.redirect
            .saturating_add(self.client_error)
            .saturating_add(self.server_error)
            .saturating_add(self.none)
    }

    pub(crate) const fn all(self) -> u32 {
        self.success.saturating_add(self.failed())
    }
}

impl Operations {
    pub(crate) async fn messages_sent(&self, pairs: Pairs<'_>) -> Answer<Vec<MessagesIn>> {
        self.series("messages", pairs).await
    }

    /// How deliveries ended, by the time of their messages.
    pub(crate) async fn deliveries_ended(&self, pairs: Pairs<'_>) -> Answer<Vec<Step>> {
        self.series("deliveries", pairs).await
    }

    /// What was answered to attempts and how long they took, by the time of their messages.
    pub(crate) async fn attempts_made(&self, pairs: Pairs<'_>) -> Answer<Vec<AttemptsIn>> {
        self.series("attempts", pairs).await
    }

    async fn series<T: DeserializeOwned>(&self, what: &str, pairs: Pairs<'_>) -> Answer<Vec<T>> {
        let path = format!("/metrics/{what}{}", query(pairs));
        let series: Series<T> = self.get(&path).await?;
        Ok(series.steps)
    }
}
