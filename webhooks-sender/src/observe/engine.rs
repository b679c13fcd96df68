//! The engine: its duties and the queue.

use webhooks_store::{Id, LaneName};

use super::ENGINE;
use super::delivery::PutOffReason;
use super::metric::{
    DEACTIVATED, DUTY_ERRORS, DUTY_PANICS, LEASES_LOST, LOST, OLDEST, PUT_OFF, QUEUE, SLOTS, TAKEN,
};
use crate::model::{QueueStats, SubscriptionState};

/// Shows the counters that alerts look at from zero on: what appears with its first event has not grown, for Prometheus.
pub(crate) fn engine_starts() {
    for reason in PutOffReason::ALL {
        metrics::counter!(PUT_OFF, "reason" => reason.as_str()).increment(0);
    }
    for state in [SubscriptionState::Gone, SubscriptionState::Failing] {
        metrics::counter!(DEACTIVATED, "reason" => state.as_str()).increment(0);
    }
    metrics::counter!(LOST).increment(0);
    metrics::counter!(LEASES_LOST).increment(0);
    metrics::counter!(TAKEN).increment(0);
}

/// As [`engine_starts`], for one of its duties.
pub(crate) fn duty_starts(duty: &'static str) {
    metrics::counter!(DUTY_ERRORS, "duty" => duty).increment(0);
    metrics::counter!(DUTY_PANICS, "duty" => duty).increment(0);
}

/// Counts deliveries that were taken in hand.
pub(crate) fn taken(count: usize) {
    metrics::counter!(TAKEN).increment(count as u64);
}

/// Records how many slots this process owns.
pub(crate) fn slots(count: usize) {
    metrics::gauge!(SLOTS).set(u32::try_from(count).unwrap_or(u32::MAX));
}

/// Counts and logs a lease that ran out.
pub(crate) fn lease_lost() {
    metrics::counter!(LEASES_LOST).increment(1);
    tracing::warn!(
        target: ENGINE,
        "the lease ran out before it was renewed: other processes deliver what this one had"
    );
}

/// Logs deliveries that were given up because they were not fetched.
pub(crate) fn unfetched(lane: &LaneName, count: usize) {
    tracing::warn!(
        target: ENGINE,
        lane = ?lane,
        given_up = count,
        "a subscription's messages were not fetched in time"
    );
}

/// Logs a page of a fan-out that cannot be read.
pub(crate) fn fan_out_unreadable(job: Id) {
    tracing::error!(
        target: ENGINE,
        job = %job,
        "a page of a fan-out cannot be read: some subscriptions wait for a message until a process can"
    );
}

/// Counts and logs outcomes that could not be recorded; `ids` are the first deliveries of them.
pub(crate) fn outcomes_lost(count: usize, error: &str, ids: &[String]) {
    metrics::counter!(LOST).increment(count as u64);
    tracing::error!(target: ENGINE, error, lost = count, ?ids, "outcomes could not be recorded");
}

/// Counts a step of a duty that failed, and logs it unless the line would repeat the last one.
pub(crate) fn duty_failed(duty: &'static str, line: Option<&str>) {
    metrics::counter!(DUTY_ERRORS, "duty" => duty).increment(1);
    if let Some(error) = line {
        tracing::warn!(target: ENGINE, duty, error, "a duty of the sender failed");
    }
}

/// Counts and logs a part of the engine that panicked.
pub(crate) fn duty_panicked(duty: &'static str) {
    metrics::counter!(DUTY_PANICS, "duty" => duty).increment(1);
    tracing::error!(target: ENGINE, duty, "a duty of the sender panicked and is started again");
}

/// Records how the queue stands.
pub(crate) fn queue(stats: &QueueStats) {
    let counts = [
        ("ready", stats.ready),
        ("held", stats.held),
        ("scheduled", stats.scheduled),
        ("sending", stats.sending),
    ];
    for (state, count) in counts {
        metrics::gauge!(QUEUE, "state" => state).set(count);
    }
    metrics::gauge!(OLDEST).set(stats.oldest_ready.unwrap_or_default().as_secs_f64());
}
