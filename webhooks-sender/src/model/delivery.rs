//! Messages, deliveries and attempts, as they are kept.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::{DeliveryId, DeliveryState, MessageId, SubscriptionId};

/// A message, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMessage {
    /// Its id, the `webhook-id` of its requests.
    pub id: MessageId,
    /// Its event.
    pub event: String,
    /// Whose subscriptions get it; none for everyone's.
    pub owner: Option<String>,
    /// The body of its requests; none when the retention has removed it.
    pub body: Option<Vec<u8>>,
    /// When it was sent.
    pub created: SystemTime,
    /// When it is no longer worth delivering.
    pub expires: Option<SystemTime>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A delivery, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// What is delivered.
    pub message: MessageId,
    /// Where it goes.
    pub subscription: SubscriptionId,
    /// Where it stands.
    pub state: DeliveryState,
    /// How many attempts have been made since it was sent or last retried by hand.
    pub attempts: u32,
    /// When the next attempt is made, while it waits.
    pub due: Option<SystemTime>,
    /// When it was made.
    pub created: SystemTime,
    /// When it ended.
    pub finished: Option<SystemTime>,
}

/// One HTTP try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it went.
    pub subscription: SubscriptionId,
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub at: SystemTime,
    /// How long it took, until the answer was read or the try was given up.
    pub duration: Duration,
    /// The status of the answer; none when there was none.
    pub status: Option<u16>,
    /// Why there was no answer: `timeout`, `host`, `connect`, `tls`, `exchange`, `request`.
    pub error: Option<String>,
    /// The first bytes of the answer's body; none when it was empty, or the retention has removed it.
    pub response: Option<Vec<u8>>,
    /// Counts the claims of the delivery: with it, the key of the row.
    pub(crate) claim: i64,
}

/// Some of many, with the cursor of what follows.
///
/// A filtered page examines a bounded number of rows, so it may be short or even empty although more results follow. It
/// is the last page only if `next` is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; none when there is nothing more.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    pub(crate) fn new(items: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> C) -> Self {
        let is_full = items.len() >= limit as usize;
        let next = items.last().filter(|_| is_full).map(cursor);
        Self { items, next }
    }
}
