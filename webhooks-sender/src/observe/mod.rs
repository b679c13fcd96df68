//! What the sender shows of itself: metrics and log lines. Everything that is counted or logged of a delivery goes through
//! here, so that names, fields and levels stay as documented.
//!
//! Nothing here holds a target's path or query, a secret, or anything of a payload.

mod attempt;
mod delivery;
mod engine;
mod metric;
#[cfg(test)]
mod tests;

pub(crate) use attempt::{AttemptOutcome, AttemptReport, InFlightRequest, attempted};
pub(crate) use delivery::{
    About, PutOffReason, deactivated, payload_removed, put_off, sent, subscription_unreadable,
};
pub(crate) use engine::{
    duty_failed, duty_panicked, duty_starts, engine_starts, fan_out_unreadable, lease_lost,
    outcomes_lost, queue, slots, taken, unfetched,
};
pub use metric::{METRICS, Metric, MetricKind, describe};

/// Where lines about attempts are logged.
const ATTEMPT: &str = "webhooks_sender::attempt";
/// Where lines about deliveries without an attempt are logged.
const DELIVERY: &str = "webhooks_sender::delivery";
/// Where lines about subscriptions are logged.
pub(crate) const SUBSCRIPTION: &str = "webhooks_sender::subscription";
/// Where lines about the duties of the engine are logged.
pub(crate) const ENGINE: &str = "webhooks_sender::engine";
