//! Jobs of an account and of the operator: replays, erasures, and how they come on.

use std::fmt;

use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::model::{
    BulkRetry, Job, JobFilter, JobId, MessageId, Page, PageRequest, Replay, ReplayId,
    SubscriptionId,
};

on_both! {
    "Jobs: work over many rows, done by the engine in the background, page by page";

    /// Sends to a subscription again what failed, what it missed, or everything, as a [`Job`]. What is sent and under
    /// which ids says the [`Replay`]; its [dry run](Replay::dry_run) only counts.
    ///
    /// A paused subscription keeps what is replayed until it is activated. The job waits whenever a thousand
    /// deliveries wait for the subscription already.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, it is switched off, or [another replay](Error::JobRunning) of it has not
    /// ended.
    #[doc(alias = "dead letter")]
    #[doc(alias = "recover")]
    #[doc(alias = "backfill")]
    pub async fn replay(&self, id: &SubscriptionId, replay: Replay) -> Result<Job, Error> {
        self.reach().replay(id, &replay).await
    }

    /// Sends a message again, as a [`Job`]: to each subscription that was sent it, whatever became of that, and to each
    /// that wants it now. What is on its way already is left alone.
    ///
    /// # Errors
    ///
    /// When there is no such message, or its payload is no longer kept.
    #[doc(alias = "resend")]
    pub async fn replay_message(
        &self,
        id: &MessageId,
        ids: ReplayId,
    ) -> Result<Job, Error> {
        self.reach().replay_message(id, ids).await
    }

    /// Tries all deliveries again that a filter finds and that have ended, as a [`Job`]: subscription by subscription, the
    /// oldest message first. Its [dry run](BulkRetry::dry_run) only counts. Subscriptions that are switched off are passed
    /// over; a paused one keeps what is tried again until it is activated. Where a thousand deliveries wait for a
    /// subscription already, its next ones are put off for ten seconds at most.
    ///
    /// # Errors
    ///
    /// When a pattern of events is not a valid one, when there is no such subscription, or it is switched off, or when
    /// [another such job](Error::JobRunning) for this owner has not ended.
    #[doc(alias = "bulk")]
    #[doc(alias = "dead letter")]
    pub async fn retry_all(&self, retry: BulkRetry) -> Result<Job, Error> {
        self.reach().retry_all(&retry).await
    }

    /// Erases what a message carries: its payload, parameters, labels and idempotency key, immediately; what waits of it
    /// and the bodies of answers to it, as a [`Job`]. That it was sent, when, and with which results stays until the
    /// [retention](crate::settings::Retention) ends.
    ///
    /// # Errors
    ///
    /// When there is no such message. A broadcast is everyone's: only the operator can erase it.
    #[doc(alias = "GDPR")]
    #[doc(alias = "delete")]
    pub async fn erase_message(&self, id: &MessageId) -> Result<Job, Error> {
        self.reach().erase_message(id).await
    }

    /// Jobs, newest first: all of them (`None`), those in a state, or those that a [filter](JobFilter) lets through.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    pub async fn jobs(
        &self,
        filter: impl Into<JobFilter>,
        page: impl Into<PageRequest>,
    ) -> Result<Page<Job>, Error> {
        self.reach().jobs(&filter.into(), &page.into()).await
    }

    /// A job: how far it has come.
    ///
    /// # Errors
    ///
    /// When there is no such job (any more).
    pub async fn job(&self, id: &JobId) -> Result<Job, Error> {
        self.reach().job(id).await
    }

    /// Cancels a job. What it has done stays done; of a replay, what waits to be sent is sent.
    ///
    /// # Errors
    ///
    /// When there is no such job, or it has ended.
    pub async fn cancel_job(&self, id: &JobId) -> Result<Job, Error> {
        self.reach().cancel_job(id).await
    }
}

/// # Jobs of the operator
impl<D: Database> Operator<D> {
    /// Erases everything of an owner, as a [`Job`]: removes its subscriptions with their secrets, and what its messages
    /// carry: payloads, parameters, labels, and the bodies of answers. That they were sent, when, and with which results
    /// stays until the [retention](crate::settings::Retention) ends, under the owner's name.
    ///
    /// # Errors
    ///
    /// When the owner is invalid, or the database fails.
    #[doc(alias = "GDPR")]
    #[doc(alias = "forget")]
    pub async fn erase_owner(&self, owner: impl fmt::Display) -> Result<Job, Error> {
        self.reach().erase_owner(&owner.to_string()).await
    }

    /// Encrypts all secrets anew with the first [key](crate::SenderBuilder::seal_with), as a [`Job`]: those under older keys,
    /// and those that are not encrypted yet. When it has finished, the older keys can go.
    ///
    /// # Errors
    ///
    /// When the sender has no key, or another such job has not ended.
    ///
    /// ```
    /// use webhooks_sender::Sender;
    /// use webhooks_sender::job::JobState;
    /// use webhooks_sender::subscription::SealingKey;
    /// # use webhooks_sender::SubscriptionRequest;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let (new, old) = (SealingKey::new("2026-11", [2; 32]), SealingKey::new("2025-11", [1; 32]));
    /// let sender = Sender::testing().set(|builder| builder.seal_with(new).seal_with(old)).start().await?;
    /// let job = sender.operator().reseal().await?;
    /// # sender.deliver().await?;
    /// assert_eq!(sender.operator().job(&job.id).await?.state, JobState::Finished);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "rotate")]
    #[doc(alias = "re-encrypt")]
    pub async fn reseal(&self) -> Result<Job, Error> {
        self.reach().reseal().await
    }
}
