//! An attempt: a request that was made.

use std::fmt;
use std::time::Duration;

use super::ATTEMPT;
use super::delivery::About;
use super::metric::{ATTEMPT_SECONDS, ATTEMPTS, DELIVERY_SECONDS, IN_FLIGHT};
use crate::client::TransportError;
use crate::model::SubscriptionId;

/// What became of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    Delivered,
    Retried,
    Failed,
}

impl AttemptOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retried => "retried",
            Self::Failed => "failed",
        }
    }
}

/// An attempt that has ended.
pub(crate) struct AttemptReport<'a> {
    pub(crate) about: About<'a>,
    /// From 1.
    pub(crate) number: u32,
    /// Scheme, host and port.
    pub(crate) target: &'a dyn fmt::Display,
    /// The status, or why there is none.
    pub(crate) result: Result<u16, TransportError>,
    pub(crate) outcome: AttemptOutcome,
    pub(crate) duration: Duration,
    /// Since the message was sent.
    pub(crate) age: Duration,
    pub(crate) trace_id: Option<&'a str>,
}

/// Counts an attempt and logs it: a success at DEBUG, a failure that is tried again at INFO, one that is given up at WARN.
pub(crate) fn attempted(attempt: &AttemptReport<'_>) {
    let (outcome, reason) = (attempt.outcome.as_str(), reason(attempt.result));
    metrics::counter!(ATTEMPTS, "outcome" => outcome, "reason" => reason).increment(1);
    metrics::histogram!(ATTEMPT_SECONDS).record(attempt.duration.as_secs_f64());
    if attempt.outcome == AttemptOutcome::Delivered {
        metrics::histogram!(DELIVERY_SECONDS).record(attempt.age.as_secs_f64());
    }
    macro_rules! line {
        ($level:ident, $text:literal) => {
            tracing::$level!(
                target: ATTEMPT,
                message_id = attempt.about.message,
                event = attempt.about.event,
                subscription = %SubscriptionId::from_key(attempt.about.subscription),
                owner = attempt.about.owner,
                attempt = attempt.number,
                origin = %attempt.target,
                outcome,
                reason,
                status = attempt.result.ok(),
                duration_ms = u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
                trace_id = attempt.trace_id,
                $text
            )
        };
    }
    match attempt.outcome {
        AttemptOutcome::Delivered => line!(debug, "a delivery arrived"),
        AttemptOutcome::Retried => line!(info, "an attempt failed and will be repeated"),
        AttemptOutcome::Failed => line!(warn, "a delivery was given up"),
    }
}

/// A receiver can answer with any number, so it is not taken as it is: each value of a label is a series of its own.
pub(super) fn reason(result: Result<u16, TransportError>) -> &'static str {
    match result {
        Ok(410) => "410",
        Ok(429) => "429",
        Ok(200..300) => "2xx",
        Ok(300..400) => "3xx",
        Ok(400..500) => "4xx",
        Ok(500..600) => "5xx",
        Ok(_) => "other",
        Err(error) => error.as_str(),
    }
}

/// A request that is under way; it ends when this is dropped, also by a panic.
pub(crate) struct InFlightRequest(());

impl InFlightRequest {
    pub(crate) fn begin() -> Self {
        metrics::gauge!(IN_FLIGHT).increment(1.0);
        Self(())
    }
}

impl Drop for InFlightRequest {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1.0);
    }
}
