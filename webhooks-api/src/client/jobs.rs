//! Jobs: asked for, watched, cancelled.

use http::Method;
use webhooks_sender::id::{JobId, SubscriptionId};
use webhooks_sender::job::{Job, Replay};

use super::Client;
use super::error::ClientError;
use super::filters::JobList;
use super::listing::Listing;
use super::transport::Transport;

/// # Jobs
impl<T: Transport> Client<T> {
    /// Sends again what a subscription did not get, as a job. One goes on at a time: of another one the
    /// [problem](ClientError::problem) names the job that has not ended.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn replay(&self, id: &SubscriptionId, replay: &Replay) -> Result<Job, ClientError> {
        let call = self.post(&["subscriptions", id.as_str(), "replays"]);
        call.json(replay)?.read().await
    }

    /// The jobs, newest first.
    pub fn jobs(&self, list: JobList) -> Listing<Job, T> {
        self.list(&["jobs"], list.into_pairs())
    }

    /// How far a job has come.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn job(&self, id: &JobId) -> Result<Job, ClientError> {
        self.get(&["jobs", id.as_str()]).read().await
    }

    /// Cancels a job. What it has done stays done.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn cancel_job(&self, id: &JobId) -> Result<Job, ClientError> {
        self.call(Method::DELETE, &["jobs", id.as_str()])
            .read()
            .await
    }
}
