//! Messages, deliveries without an attempt, and subscriptions.

use webhooks_store::Id;

use super::metric::{DEACTIVATED, MESSAGES, PUT_OFF};
use super::{DELIVERY, SUBSCRIPTION};
use crate::model::{SubscriptionId, SubscriptionState};

/// The delivery that something is about: the fields that each line has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The message's id.
    pub(crate) message: &'a str,
    pub(crate) event: &'a str,
    pub(crate) subscription: Id,
    pub(crate) owner: &'a str,
}

/// Why this process leaves a delivery to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PutOffReason {
    /// A row cannot be read. Its own line names it.
    Unreadable,
    /// The key that encrypted the secrets is not given.
    Key,
    /// The dialect, the target or a header is not accepted here.
    Recipient,
    /// The application's rule panicked.
    Rule,
}

impl PutOffReason {
    pub(super) const ALL: [Self; 4] = [Self::Unreadable, Self::Key, Self::Recipient, Self::Rule];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Key => "key",
            Self::Recipient => "recipient",
            Self::Rule => "rule",
        }
    }
}

/// Counts a message that was given to the sender.
pub(crate) fn sent(event: &str) {
    metrics::counter!(MESSAGES, "event" => event.to_owned()).increment(1);
}

/// Counts a delivery that this process cannot send, and says why.
pub(crate) fn put_off(about: Option<&About<'_>>, reason: PutOffReason, error: &str) {
    let reason = reason.as_str();
    metrics::counter!(PUT_OFF, "reason" => reason).increment(1);
    if let Some(about) = about {
        tracing::error!(
            target: DELIVERY,
            message_id = about.message,
            event = about.event,
            subscription = %SubscriptionId::from_key(about.subscription),
            owner = about.owner,
            outcome = "put off",
            reason,
            error,
            "this process cannot send a delivery and leaves it to another one"
        );
    }
}

/// Logs a subscription that this process cannot read: its deliveries wait, and lists are without it.
pub(crate) fn subscription_unreadable(subscription: Id, error: &str) {
    tracing::error!(
        target: SUBSCRIPTION,
        subscription = %SubscriptionId::from_key(subscription),
        error,
        "a subscription cannot be read; it is left to a process that can"
    );
}

/// The retention leaves alone what waits, so another program has removed the payload.
pub(crate) fn payload_removed(about: &About<'_>) {
    tracing::warn!(
        target: DELIVERY,
        message_id = about.message,
        event = about.event,
        subscription = %SubscriptionId::from_key(about.subscription),
        owner = about.owner,
        outcome = "cancelled",
        reason = "payload",
        "a delivery was cancelled: its payload has been removed"
    );
}

/// Counts and logs a subscription that was switched off.
pub(crate) fn deactivated(subscription: &SubscriptionId, owner: &str, state: SubscriptionState) {
    let reason = state.as_str();
    metrics::counter!(DEACTIVATED, "reason" => reason).increment(1);
    tracing::warn!(
        target: SUBSCRIPTION,
        subscription = subscription.as_str(),
        owner,
        reason,
        "a subscription was switched off"
    );
}
