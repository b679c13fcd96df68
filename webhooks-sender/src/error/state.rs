//! Why something cannot be done now.

use std::fmt;

/// Why something cannot be done with a subscription, delivery or job now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The delivery is being sent at this moment.
    BeingSent,
    /// The delivery has ended.
    Ended,
    /// The job has ended.
    JobEnded,
    /// The delivery's message has expired.
    Expired,
    /// The retention has removed the payload of the delivery's message.
    PayloadRemoved,
    /// The delivery's subscription was removed.
    SubscriptionRemoved,
    /// The subscription is switched off.
    SwitchedOff,
    /// The subscription's time is over.
    SubscriptionExpired,
    /// The subscription's target has not proved that it wants the messages.
    Unverified,
    /// The subscription is not to be verified.
    NothingToVerify,
    /// The subscription was changed after it was read.
    Changed,
    /// The subscription's dialect signs nothing, so it has no secret.
    Unsigned,
    /// The subscription has as many valid secrets as it may have.
    TooManySecrets,
    /// The subscription's messages are sent to its target, and not fetched.
    NotPolled,
    /// Another engine works on the same tables.
    OtherEngine,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeingSent => "the delivery is being sent at this moment",
            Self::Ended => "the delivery has ended",
            Self::JobEnded => "the job has ended",
            Self::Expired => "the delivery's message has expired",
            Self::PayloadRemoved => {
                "the message's payload has been removed, so it cannot be sent again"
            }
            Self::SubscriptionRemoved => "the delivery's subscription has been removed",
            Self::SwitchedOff => "the subscription is switched off; activate it first",
            Self::SubscriptionExpired => {
                "the subscription's time is over; change it, with a later `expires_at` or none"
            }
            Self::Unverified => {
                "the subscription's target has not proved that it wants the messages; see the job of its verification"
            }
            Self::NothingToVerify => {
                "the subscription's target need not prove anything, or has done so"
            }
            Self::Changed => {
                "the subscription was changed meanwhile; read it again and repeat the change"
            }
            Self::Unsigned => {
                "the subscription's dialect signs nothing, so there is no secret to rotate"
            }
            Self::TooManySecrets => {
                "ten secrets are in use already; wait until the grace period of older ones has ended"
            }
            Self::NotPolled => {
                "the subscription's messages are sent to its target; only one with the target `poll` is fetched"
            }
            Self::OtherEngine => {
                "an engine works on these tables, or did so until a moment ago; leave the deliveries to it, or start no \
                 process with an engine"
            }
        })
    }
}

impl std::error::Error for StateError {}
