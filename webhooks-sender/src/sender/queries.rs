//! What an account and the operator are asked in the same words: who changed what, which attempts were made, what was
//! missed, and one message sent again.

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;
use webhooks_core::CatalogueEntry;
use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::model::{
    Attempt, AttemptFilter, AttemptId, AuditEntry, AuditFilter, DeliveryId, MessageId,
    MissedMessage, Page, PageRequest, Period, RebuiltRequest, Statistics, SubscriptionId,
    actor_name,
};
use crate::publish::Sent;

on_both! {
    "Audit trail, attempts, what was missed";

    /// Says who makes the changes that follow, for the audit trail: a user, a key, a program. Of a longer name the first
    /// 256 bytes are kept.
    pub fn by(mut self, actor: impl fmt::Display) -> Self {
        self.actor = Some(actor_name(&actor.to_string()));
        self
    }

    /// Who changed subscriptions and deliveries, made grants and took them back, newest first. What is changed through an account
    /// or the operator is written down in the transaction that changes it; static subscriptions and what the engine switches
    /// off are not.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        page: impl Into<PageRequest>,
    ) -> Result<Page<AuditEntry>, Error> {
        self.reach().audit(filter, &page.into()).await
    }

    /// The events that can be subscribed to: for an account those that its owner may see.
    ///
    /// # Errors
    ///
    /// When the rule given to [`visible`](crate::SenderBuilder::visible) panics.
    pub fn events(&self) -> Result<Vec<&CatalogueEntry>, Error> {
        self.reach().events()
    }

    /// Sends an example of an event to one subscription, whichever events it wants. The payload must fit the event's schema;
    /// the message has the label `webhooks.example`.
    ///
    /// # Errors
    ///
    /// When there is no such subscription or event, or the payload does not fit.
    pub async fn send_example(
        &self,
        id: &SubscriptionId,
        event: &str,
        payload: &Value,
    ) -> Result<Sent, Error> {
        self.reach().send_example(id, event, payload).await
    }

    /// One attempt.
    ///
    /// # Errors
    ///
    /// When there is no such attempt (any more), or the database fails.
    pub async fn attempt(&self, id: &AttemptId) -> Result<Attempt, Error> {
        self.reach().attempt(id).await
    }

    /// The request of an attempt, made once more from what is stored, with its signature: for those who look for why a
    /// receiver refused it. Credentials are left out.
    ///
    /// # Errors
    ///
    /// When there is no such attempt (any more), its subscription or message was removed, its payload is no longer kept, or
    /// the database fails.
    #[doc(alias = "signature")]
    #[doc(alias = "curl")]
    pub async fn rebuilt_request(&self, id: &AttemptId) -> Result<RebuiltRequest, Error> {
        self.reach().rebuilt_request(id).await
    }

    /// Whether a target would be accepted for a subscription: the target as it would be stored. Nothing is looked up and
    /// nothing requested.
    ///
    /// # Errors
    ///
    /// When it would be refused.
    pub fn check_target(&self, target: &str) -> Result<String, Error> {
        self.reach().check_target(target)
    }

    /// The attempts that a filter lets through, without the bodies of answers: message by message, the newest one first, and
    /// of each delivery the last attempt first.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    #[doc(alias = "troubleshoot")]
    #[doc(alias = "debug")]
    pub async fn find_attempts(
        &self,
        filter: &AttemptFilter,
        page: impl Into<PageRequest>,
    ) -> Result<Page<Attempt>, Error> {
        self.reach().find_attempts(filter, &page.into()).await
    }

    /// How the deliveries of a subscription ended, for a chart.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, or the database fails.
    pub async fn statistics(
        &self,
        id: &SubscriptionId,
        period: Period,
    ) -> Result<Statistics, Error> {
        self.reach().statistics(id, period).await
    }

    /// The messages that a subscription wants and whose delivery to it was never confirmed, the oldest first, from a time
    /// on: those that failed, were cancelled or still wait, and those of which no delivery was ever made. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, the cursor is not one of this list, or the database fails.
    #[doc(alias = "reconcile")]
    pub async fn missed(
        &self,
        id: &SubscriptionId,
        since: SystemTime,
        page: impl Into<PageRequest>,
    ) -> Result<Page<MissedMessage>, Error> {
        self.reach().missed(id, since, &page.into()).await
    }

    /// Sends one message again to some subscriptions, also where no delivery of it was ever made. It keeps its id and body.
    /// Returns the deliveries; one that is being sent at this moment is not among them.
    ///
    /// # Errors
    ///
    /// When there is no such message or subscription, a subscription is switched off, or the message has expired or no
    /// payload any more.
    #[doc(alias = "redeliver")]
    pub async fn resend(
        &self,
        id: &MessageId,
        to: &[SubscriptionId],
    ) -> Result<Vec<DeliveryId>, Error> {
        self.reach().resend(id, to).await
    }
}
