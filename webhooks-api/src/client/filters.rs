//! What of a list is wanted: the filters of each, as the API takes them.

use std::time::SystemTime;

use jiff::Timestamp;
use webhooks_sender::id::{MessageId, SubscriptionId};
use webhooks_sender::job::{JobKind, JobState};
use webhooks_sender::query::DeliveryState;
use webhooks_sender::subscription::SubscriptionState;

use super::call::Pairs;

/// A filter: a type, and a method for each parameter of its list.
macro_rules! filters {
    ($($(#[$doc:meta])* $name:ident { $($(#[$method_doc:meta])* $method:ident($argument:ty) = $write:path;)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name(Pairs);

        impl $name {
            /// All of them.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$method_doc])*
                pub fn $method(mut self, value: $argument) -> Self {
                    self.0.push((stringify!($method), $write(value).to_string()));
                    self
                }
            )*

            pub(super) fn into_pairs(self) -> Pairs {
                self.0
            }
        }
    )*};
}

filters! {
    /// Which subscriptions are listed, in the order in which they were made.
    SubscriptionList {
        /// Those in this state.
        state(SubscriptionState) = SubscriptionState::as_str;
        /// Those that want this event.
        event(&str) = str::to_owned;
        /// Those with this text in target, description, key or the value of a label.
        q(&str) = str::to_owned;
    }
    /// Which messages are listed, newest first.
    MessageList {
        /// Of these events: a name or a pattern.
        event(&str) = str::to_owned;
        /// Sent at this time or later.
        since(SystemTime) = time;
        /// Sent before this time.
        until(SystemTime) = time;
    }
    /// Which deliveries are listed, newest message first.
    DeliveryList {
        /// Those of this subscription.
        subscription(&SubscriptionId) = ToString::to_string;
        /// Those in this state; said several times, those in one of them.
        state(DeliveryState) = DeliveryState::as_str;
        /// Those whose last attempt had this answer: `503`, `5xx`, or `none`; said several times, one of them.
        status(&str) = str::to_owned;
        /// Of these events: a name or a pattern.
        event(&str) = str::to_owned;
        /// Of messages sent at this time or later.
        since(SystemTime) = time;
        /// Of messages sent before this time.
        until(SystemTime) = time;
    }
    /// Which attempts are listed, newest message first, without the bodies of answers.
    AttemptList {
        /// Those of this subscription.
        subscription(&SubscriptionId) = ToString::to_string;
        /// Those of this message.
        message(&MessageId) = ToString::to_string;
        /// Those with this answer: `503`, `5xx`, or `none`; said several times, one of them.
        status(&str) = str::to_owned;
        /// Of these events: a name or a pattern.
        event(&str) = str::to_owned;
        /// Of messages sent at this time or later.
        since(SystemTime) = time;
        /// Of messages sent before this time.
        until(SystemTime) = time;
    }
    /// Which changes are listed, newest first.
    AuditList {
        /// Those of the subscription, message or delivery with this id.
        subject(&str) = str::to_owned;
        /// Those by this actor.
        actor(&str) = str::to_owned;
        /// Those of this kind, such as `subscription.changed`.
        action(&str) = str::to_owned;
        /// Made at this time or later.
        since(SystemTime) = time;
        /// Made before this time.
        until(SystemTime) = time;
    }
    /// Which jobs are listed, newest first.
    JobList {
        /// Those of this kind.
        kind(JobKind) = JobKind::as_str;
        /// Those in this state.
        state(JobState) = JobState::as_str;
        /// Those of this subscription.
        subscription(&SubscriptionId) = ToString::to_string;
    }
}

impl SubscriptionList {
    /// Those with this label; said several times, those with all of them.
    pub fn label(mut self, name: &str, value: &str) -> Self {
        self.0.push(("label", format!("{name}={value}")));
        self
    }
}

impl MessageList {
    /// Those with this label; said several times, those with all of them.
    pub fn label(mut self, name: &str, value: &str) -> Self {
        self.0.push(("label", format!("{name}={value}")));
        self
    }

    /// With their bodies, which takes the ability `payload`.
    pub fn with_payloads(mut self) -> Self {
        self.0.push(("include", "payload".to_owned()));
        self
    }
}

/// A time that RFC 3339 cannot say is written so that the API refuses it.
pub(super) fn time(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(|_| "beyond RFC 3339".to_owned(), |time| time.to_string())
}
