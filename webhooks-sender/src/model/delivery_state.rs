//! The states of a delivery. The picture of what leads from one to another is in the crate's documentation.
//!
//! `sending` is not a state of the database: only the process that sends knows it. When that process dies, another one sends the
//! delivery. That is why a delivery can arrive twice, and why the message id stays the same.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of a delivery.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Waits for its first or next attempt, or is being sent by another process.
    Pending,
    /// The process that is asked is making an attempt.
    Sending,
    /// The receiver answered with a status of success.
    Delivered,
    /// Every attempt failed.
    #[doc(alias = "dead letter")]
    #[doc(alias = "exhausted")]
    Failed,
    /// Given up before the end of the retry schedule: on request, because it expired, or because its subscription was removed.
    Cancelled,
}

impl DeliveryState {
    /// The states, in the order of a delivery's life.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Sending,
        Self::Delivered,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Whether nothing more happens unless the delivery is retried or replayed.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled)
    }

    /// The state's name: `pending`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
