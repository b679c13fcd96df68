//! How the queue of deliveries stands.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_store::Counts;

use super::json::maybe_millis;

/// How the queue of deliveries stands, for a health check. Each number is counted up to [`QueueStats::MAX`], so that
/// the query stays cheap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    description = "How the queue of deliveries stands, for a health check. A large number means \"at least as many\"."
)]
#[non_exhaustive]
pub struct QueueStats {
    /// Deliveries that could be sent now. Where there are many, those of the first 1,000 subscriptions are counted.
    pub ready: u32,
    /// Deliveries that are due and held back: their subscription is paused, or one in their order was given up and waits for
    /// a person. That one is counted too.
    pub held: u32,
    /// Deliveries that wait for their time, and those that stand behind one in their order that does.
    pub scheduled: u32,
    /// Deliveries that the process that answers is sending. What others are sending is ready.
    pub sending: u32,
    /// How long the oldest of those that are ready has been due, over the first 1,000 subscriptions: what to alert on.
    /// What is held back does not count. In milliseconds in JSON.
    #[serde(rename = "oldest_ready_ms", with = "maybe_millis")]
    #[schemars(with = "Option<u64>")]
    pub oldest_ready: Option<Duration>,
}

impl QueueStats {
    /// A number that reaches this one means "at least as many".
    pub const MAX: u32 = Counts::MOST;
}
