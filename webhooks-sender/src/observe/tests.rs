//! What is recorded is what is described, and the other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Recorder, SharedString, Unit};
use webhooks_store::Id;

use super::*;
use crate::client::TransportError;
use crate::model::{QueueStats, SubscriptionId, SubscriptionState};

/// Keeps the names, kinds and labels of what is recorded, and what is described.
#[derive(Default)]
struct Names {
    recorded: Mutex<BTreeMap<String, (MetricKind, BTreeSet<String>)>>,
    described: Mutex<BTreeMap<String, (MetricKind, String)>>,
}

impl Names {
    fn record(&self, key: &Key, kind: MetricKind) {
        let labels = key.labels().map(|label| label.key().to_owned()).collect();
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.insert(key.name().to_owned(), (kind, labels));
    }

    fn describe(&self, name: &KeyName, kind: MetricKind, help: &SharedString) {
        let mut described = self
            .described
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        described.insert(name.as_str().to_owned(), (kind, help.to_string()));
    }
}

impl Recorder for Names {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, MetricKind::Counter, &help);
    }
    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, MetricKind::Gauge, &help);
    }
    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, MetricKind::Histogram, &help);
    }
    fn register_counter(&self, key: &Key, _: &metrics::Metadata<'_>) -> Counter {
        self.record(key, MetricKind::Counter);
        Counter::noop()
    }
    fn register_gauge(&self, key: &Key, _: &metrics::Metadata<'_>) -> Gauge {
        self.record(key, MetricKind::Gauge);
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &metrics::Metadata<'_>) -> Histogram {
        self.record(key, MetricKind::Histogram);
        Histogram::noop()
    }
}

fn about() -> About<'static> {
    About {
        message: "msg_1",
        event: "payment.created",
        subscription: Id::from_bytes([1; 16]),
        owner: "acct_1",
    }
}

/// Calls every function of this module that records.
fn everything() {
    for outcome in [
        AttemptOutcome::Delivered,
        AttemptOutcome::Retried,
        AttemptOutcome::Failed,
    ] {
        let _request = InFlightRequest::begin();
        attempted(&AttemptReport {
            about: about(),
            number: 1,
            target: &"https://example.com",
            result: Err(TransportError::Timeout),
            outcome,
            duration: Duration::from_millis(20),
            age: Duration::from_secs(1),
            trace_id: None,
        });
    }
    sent("payment.created");
    put_off(Some(&about()), PutOffReason::Key, "no key");
    payload_removed(&about());
    let subscription = SubscriptionId::from_key(Id::from_bytes([1; 16]));
    deactivated(&subscription, "acct_1", SubscriptionState::Gone);
    taken(3);
    slots(256);
    lease_lost();
    outcomes_lost(1, "no database", &[]);
    duty_failed("pruner", None);
    duty_panicked("pruner");
    queue(&QueueStats::default());
}

#[test]
fn every_metric_is_described_and_every_description_is_of_a_metric() {
    let names = Names::default();
    metrics::with_local_recorder(&names, || {
        describe();
        everything();
    });
    let recorded = names.recorded.into_inner().expect("no panic");
    let described = names.described.into_inner().expect("no panic");
    let listed: BTreeMap<_, _> = METRICS
        .iter()
        .map(|metric| {
            let labels = metric
                .labels
                .iter()
                .map(|label| (*label).to_owned())
                .collect();
            (metric.name.to_owned(), (metric.kind, labels))
        })
        .collect();
    assert_eq!(recorded, listed);
    let helped = METRICS.iter().map(|metric| {
        (
            metric.name.to_owned(),
            (metric.kind, metric.help.to_owned()),
        )
    });
    assert_eq!(described, helped.collect());
}

#[test]
fn what_alerts_look_at_is_there_before_it_happens() {
    let names = Names::default();
    metrics::with_local_recorder(&names, || {
        engine_starts();
        duty_starts("pruner");
    });
    let recorded = names.recorded.into_inner().expect("no panic");
    // Prometheus sees no increase in what appears with its first event.
    let all: Vec<_> = recorded.keys().map(String::as_str).collect();
    for name in [
        "webhooks_deliveries_put_off_total",
        "webhooks_duty_errors_total",
        "webhooks_duty_panics_total",
        "webhooks_leases_lost_total",
        "webhooks_outcomes_lost_total",
        "webhooks_subscriptions_deactivated_total",
    ] {
        assert!(all.contains(&name), "{name} is not among {all:?}");
    }
}

#[test]
fn names_say_kind_and_unit_as_prometheus_asks_and_help_is_a_sentence() {
    for metric in METRICS {
        let ends = match metric.kind {
            MetricKind::Counter => metric.name.ends_with("_total"),
            MetricKind::Histogram => metric.name.ends_with("_seconds"),
            MetricKind::Gauge => !metric.name.ends_with("_total"),
        };
        assert!(
            ends && metric.name.starts_with("webhooks_"),
            "{}",
            metric.name
        );
        assert!(
            metric.help.ends_with('.'),
            "{}: {}",
            metric.name,
            metric.help
        );
        let is_histogram = metric.kind == MetricKind::Histogram;
        assert_eq!(is_histogram, !metric.buckets.is_empty(), "{}", metric.name);
        assert!(metric.buckets.is_sorted(), "{}", metric.name);
    }
}

#[test]
fn a_receiver_cannot_make_series_by_its_answers() {
    let reasons: BTreeSet<_> = (0..=u16::MAX)
        .map(|status| attempt::reason(Ok(status)))
        .collect();
    assert_eq!(
        reasons,
        ["2xx", "3xx", "410", "429", "4xx", "5xx", "other"].into()
    );
}
