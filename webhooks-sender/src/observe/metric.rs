//! Every metric of the sender: its name, what it is for, its labels.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

pub(super) const MESSAGES: &str = "webhooks_messages_total";
pub(super) const ATTEMPTS: &str = "webhooks_attempts_total";
pub(super) const ATTEMPT_SECONDS: &str = "webhooks_attempt_seconds";
pub(super) const DELIVERY_SECONDS: &str = "webhooks_delivery_seconds";
pub(super) const PUT_OFF: &str = "webhooks_deliveries_put_off_total";
pub(super) const IN_FLIGHT: &str = "webhooks_requests_in_flight";
pub(super) const QUEUE: &str = "webhooks_queue_deliveries";
pub(super) const OLDEST: &str = "webhooks_queue_oldest_ready_seconds";
pub(super) const DEACTIVATED: &str = "webhooks_subscriptions_deactivated_total";
pub(super) const TAKEN: &str = "webhooks_taken_total";
pub(super) const SLOTS: &str = "webhooks_slots";
pub(super) const LEASES_LOST: &str = "webhooks_leases_lost_total";
pub(super) const LOST: &str = "webhooks_outcomes_lost_total";
pub(super) const DUTY_ERRORS: &str = "webhooks_duty_errors_total";
pub(super) const DUTY_PANICS: &str = "webhooks_duty_panics_total";

/// A metric that the sender records through the facade of the crate `metrics`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Metric {
    /// Its name, as an exporter shows it.
    pub name: &'static str,
    /// Whether it is counted, measured, or a distribution.
    pub kind: MetricKind,
    /// What it says: the HELP text of an exporter.
    pub help: &'static str,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// Bounds that fit its values, for an exporter of histograms; empty for other kinds.
    pub buckets: &'static [f64],
}

/// The kind of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// It only grows.
    Counter,
    /// It is what it was when last recorded.
    Gauge,
    /// A distribution, in seconds.
    Histogram,
}

const fn counter(
    name: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    of(name, MetricKind::Counter, labels, help, &[])
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    of(name, MetricKind::Gauge, labels, help, &[])
}

const fn of(
    name: &'static str,
    kind: MetricKind,
    labels: &'static [&'static str],
    help: &'static str,
    buckets: &'static [f64],
) -> Metric {
    Metric {
        name,
        kind,
        help,
        labels,
        buckets,
    }
}

/// From a receiver in the same data centre to the longest that a request takes.
const REQUEST_BUCKETS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0,
];
/// From the first attempt to the last one of the usual schedule.
const DELIVERY_BUCKETS: &[f64] = &[
    0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0, 1800.0, 7200.0, 25_200.0, 86_400.0,
    270_000.0,
];

/// Every metric of the sender. Labels have few values: none names a customer.
///
/// An exporter that renders histograms needs their bounds, for instance `metrics-exporter-prometheus`:
///
/// ```
/// use webhooks_sender::metrics::METRICS;
///
/// for metric in METRICS.iter().filter(|metric| !metric.buckets.is_empty()) {
///     // builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), metric.buckets)?;
///     assert!(metric.name.ends_with("_seconds"));
/// }
/// ```
pub const METRICS: &[Metric] = &[
    counter(
        MESSAGES,
        &["event"],
        "Messages that were given to the sender, also in transactions that were rolled back afterwards.",
    ),
    counter(
        ATTEMPTS,
        &["outcome", "reason"],
        "Requests to receivers. The outcome is delivered, retried or failed (given up); the reason is the status (2xx, 3xx, \
         4xx, 5xx, 410, 429, other) or why there was none (timeout, host, connect, tls, exchange, request, panic).",
    ),
    of(
        ATTEMPT_SECONDS,
        MetricKind::Histogram,
        &[],
        "How long a request took, from the lookup of the name to the end of the answer.",
        REQUEST_BUCKETS,
    ),
    of(
        DELIVERY_SECONDS,
        MetricKind::Histogram,
        &[],
        "How long it took from the send of a message to its successful delivery, with all retries.",
        DELIVERY_BUCKETS,
    ),
    counter(
        PUT_OFF,
        &["reason"],
        "Deliveries that this process could not send and left to another one, without using an attempt: unreadable (a row), \
         key (not given), recipient (a dialect or target that it does not accept), rule (the application's rule panicked).",
    ),
    gauge(
        IN_FLIGHT,
        &[],
        "Requests that are under way in this process.",
    ),
    gauge(
        QUEUE,
        &["state"],
        "Deliveries in the database, of all processes: ready, held (their subscription is paused), scheduled; and sending: those that \
         this process is sending.",
    ),
    gauge(
        OLDEST,
        &[],
        "How long the oldest ready delivery has been due; 0 when there is none.",
    ),
    counter(
        DEACTIVATED,
        &["reason"],
        "Subscriptions that were switched off: gone (the receiver said 410), failing (for too long).",
    ),
    counter(
        TAKEN,
        &[],
        "Deliveries that this process has taken in hand.",
    ),
    gauge(
        SLOTS,
        &[],
        "Of the 256 parts that all deliveries are divided into, those that this process owns. Over all processes the sum is \
         256, but for the moments in which one is handed over.",
    ),
    counter(
        LEASES_LOST,
        &[],
        "How often this process could not renew its lease in time; its deliveries were another one's then, and what it was \
         sending is sent again.",
    ),
    counter(
        LOST,
        &[],
        "Outcomes of requests that could not be recorded; those requests are made again.",
    ),
    counter(
        DUTY_ERRORS,
        &["duty"],
        "Steps of the engine that failed, mostly because the database did.",
    ),
    counter(
        DUTY_PANICS,
        &["duty"],
        "Parts of the engine that panicked and were started again.",
    ),
];

/// Gives the HELP texts to the recorder. A sender does so when it starts; call it for a recorder that was installed later.
pub fn describe() {
    for metric in METRICS {
        match metric.kind {
            MetricKind::Counter => describe_counter!(metric.name, metric.help),
            MetricKind::Gauge => describe_gauge!(metric.name, metric.help),
            MetricKind::Histogram => describe_histogram!(metric.name, Unit::Seconds, metric.help),
        }
    }
}
