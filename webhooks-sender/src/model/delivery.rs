//! Messages, deliveries and attempts, as they are stored.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{Bytes, DateTime, maybe_bytes, maybe_time, millis, time};
use super::{AttemptId, DeliveryId, DeliveryState, JobId, MessageId, SubscriptionId};

/// A message, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StoredMessage {
    /// Its id, the `webhook-id` of its requests.
    pub id: MessageId,
    /// Its event.
    pub event: String,
    /// The owner it was sent to; none for a broadcast.
    pub owner: Option<String>,
    /// The body of its requests; none when the retention has removed it.
    #[serde(with = "maybe_bytes")]
    #[schemars(with = "Option<Bytes>")]
    pub body: Option<Vec<u8>>,
    /// When it was sent.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// When it is no longer worth delivering.
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub expires: Option<SystemTime>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The message that this one repeats, when a replay gave it a new id.
    pub replay_of: Option<MessageId>,
}

/// A delivery, as it is stored, with what a list of deliveries shows of its message, its subscription and its last
/// attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StoredDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// What is delivered.
    pub message: MessageId,
    /// The message's event; none when the retention has removed the message.
    pub event: Option<String>,
    /// Where it goes.
    pub subscription: SubscriptionId,
    /// The subscription's target; none when the subscription was removed.
    pub target: Option<String>,
    /// Whose delivery it is; none when neither the subscription exists any more nor the message.
    pub owner: Option<String>,
    /// Its state.
    pub state: DeliveryState,
    /// How many attempts have been made since it was sent or last retried by hand.
    pub attempts: u32,
    /// The last attempt; none before the first one, or when the retention has removed it.
    pub last_attempt: Option<LastAttempt>,
    /// When the next attempt is made, while it waits.
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub due: Option<SystemTime>,
    /// When it was made.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// When it ended.
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub finished: Option<SystemTime>,
    /// The message that its message repeats, when a replay gave it a new id.
    pub replay_of: Option<MessageId>,
    /// The job that had it made again last.
    pub job: Option<JobId>,
}

/// What a list of deliveries shows of the last attempt of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LastAttempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub at: SystemTime,
    /// How long it took, in milliseconds in JSON.
    #[serde(rename = "duration_ms", with = "millis")]
    #[schemars(with = "u64")]
    pub duration: Duration,
    /// The status of the answer; none when there was none.
    pub status: Option<u16>,
    /// Why there was no answer, as in [`Attempt::error`].
    #[schemars(
        description = "Why there was no answer, such as `timeout`, `host`, `connect` or `tls`."
    )]
    pub error: Option<String>,
}

/// One HTTP request of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it went.
    pub subscription: SubscriptionId,
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub at: SystemTime,
    /// How long it took, until the answer was read or the attempt was given up; in milliseconds in JSON.
    #[serde(rename = "duration_ms", with = "millis")]
    #[schemars(with = "u64")]
    pub duration: Duration,
    /// The status of the answer; none when there was none.
    pub status: Option<u16>,
    /// Why there was no answer: the [name](crate::transport::TransportError::as_str) of an error, such as `timeout`,
    /// `host`, `connect`, `tls`, `exchange` or `request`. Later versions may add others.
    #[schemars(
        description = "Why there was no answer: `timeout`, `host`, `connect`, `tls`, `exchange` or `request`. Later \
                       versions may add others."
    )]
    pub error: Option<String>,
    /// The first bytes of the answer's body; none when it was empty, or the retention has removed it.
    #[serde(with = "maybe_bytes")]
    #[schemars(with = "Option<Bytes>")]
    pub response: Option<Vec<u8>>,
    /// The job that had it made: a replay. None for the schedule, and for a retry by hand.
    pub job: Option<JobId>,
    /// Counts how often the delivery had ended and was made again: with it, the key of the row.
    #[serde(skip)]
    pub(crate) generation: i64,
}

/// A message that a subscription wants and whose delivery to it was never confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MissedMessage {
    /// The message.
    pub message: MessageId,
    /// Its event.
    pub event: String,
    /// When it was sent.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// Its delivery to the subscription; none where there never was one, as before the subscription was made.
    pub delivery: Option<DeliveryId>,
    /// The delivery's state; `pending` also while it is being sent.
    pub state: Option<DeliveryState>,
}
