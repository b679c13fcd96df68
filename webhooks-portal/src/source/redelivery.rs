//! What the API tries or sends again: one delivery, or many as a job.

use http::Method;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Answer, Call, Job, Operations, segment};
use crate::fields::query;

impl Operations {
    /// Tries again what a filter finds, or counts it: of one owner, or of all that the visitor reaches.
    pub(crate) async fn retry_all(&self, owner: Option<&str>, retry: Value) -> Answer<Job> {
        let path = match owner {
            Some(owner) => format!("/deliveries/retry{}", query(&[("owner", owner)])),
            None => "/deliveries/retry".to_owned(),
        };
        self.post(&path, Some(retry)).await
    }

    /// Sends a subscription again what is asked for, or counts it.
    pub(crate) async fn replay(&self, id: &str, replay: Value) -> Answer<Job> {
        let path = format!("/subscriptions/{}/replays", segment(id));
        self.post(&path, Some(replay)).await
    }

    pub(crate) async fn cancel_job(&self, id: &str) -> Answer<IgnoredAny> {
        let path = format!("/jobs/{}", segment(id));
        self.call(Call::new(Method::DELETE, &path)).await
    }

    pub(crate) async fn retry(&self, id: &str) -> Answer<()> {
        self.post(&format!("/deliveries/{}/retry", segment(id)), None)
            .await
    }

    pub(crate) async fn cancel(&self, id: &str) -> Answer<()> {
        self.post(&format!("/deliveries/{}/cancel", segment(id)), None)
            .await
    }
}
