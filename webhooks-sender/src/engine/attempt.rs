//! One HTTP try of a delivery, from the request to what is to be recorded.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tracing::Instrument;
use webhooks_store::{Database, Due, Outcome, Verdict, to_ms};

use super::judge::{Fate, Judgement, judge};
use super::load::{Delivery, Loaded};
use super::recipients::Known;
use crate::chance::{random, share};
use crate::client::{Answer, TransportError};
use crate::dialect::Recipient;
use crate::model::SubscriptionState;
use crate::operations::{DeliveryOperation, FAILING_AT};
use crate::publish::is_expired;
use crate::shared::Shared;
use crate::trace::{SpanId, TraceParent};

/// How long a delivery waits for a process that can read its subscription's secrets.
const WITHOUT_KEY: Duration = Duration::from_mins(1);

/// What is to be recorded of a claimed delivery.
pub(crate) struct Finished {
    pub(crate) outcome: Outcome,
    pub(crate) made: Option<Made>,
}

/// An attempt that was made.
pub(crate) struct Made {
    pub(crate) delivery: Delivery,
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
    pub(crate) duration: Duration,
    pub(crate) result: Result<(u16, Bytes), TransportError>,
    pub(crate) judgement: Judgement,
    pub(crate) told: Option<DeliveryOperation>,
}

impl Made {
    pub(crate) fn succeeded(&self) -> bool {
        self.judgement.fate == Fate::Delivered
    }
}

/// What can be said of a delivery without a request: that there is none to be made.
pub(crate) fn without_request<D: Database>(
    shared: &Shared<D>,
    delivery: &Delivery,
) -> Option<Verdict> {
    if shared.now() >= delivery.send_before {
        // It has waited too long: by the time of an answer it may be another process's.
        return Some(Verdict::Release(Due::Now));
    }
    let (Some(message), Some(known)) = (&delivery.message, &delivery.known) else {
        return Some(Verdict::Cancelled);
    };
    match known.state {
        SubscriptionState::Active => {}
        // Looked at again when it is activated; the lane is held until then.
        SubscriptionState::Paused => return Some(Verdict::Release(Due::Now)),
        // Failed rather than cancelled: a replay brings them back once the subscription works again.
        _ => return Some(Verdict::Failed),
    }
    if known.is_sealed {
        // No try is used up: another process, or this one with the key, can send it.
        tracing::error!(
            message = message.id.as_str(),
            "the key that encrypted a subscription's secrets is not given"
        );
        return Some(Verdict::Release(Due::After(WITHOUT_KEY)));
    }
    // A broadcast reaches whoever wants the event; here it is known whose subscription it is.
    if !shared.may_see(&known.owner, &message.event) {
        return Some(Verdict::Cancelled);
    }
    if message.body.is_none() {
        // The retention leaves what waits alone, so somebody else has removed it.
        tracing::warn!(
            message = message.id.as_str(),
            "a delivery was given up: its payload is no more"
        );
        return Some(Verdict::Cancelled);
    }
    is_expired(message.expires_ms, shared.now()).then_some(Verdict::Cancelled)
}

/// Makes the request and judges what came back.
pub(crate) async fn attempt<D: Database>(shared: &Shared<D>, delivery: Delivery) -> Finished {
    let lease = delivery.job.lease();
    let verdict = without_request(shared, &delivery);
    let (Some(message), Some(known), None) = (&delivery.message, &delivery.known, verdict) else {
        let verdict = verdict.unwrap_or(Verdict::Cancelled);
        return Finished {
            outcome: Outcome { lease, verdict },
            made: None,
        };
    };
    let number = delivery.job.attempts + 1;
    let parent = message
        .wire
        .traceparent
        .as_deref()
        .and_then(TraceParent::parse);
    let own = parent.map(|_| SpanId::new(random(&*shared.chance)));
    let span = tracing::debug_span!(
        "webhook_attempt",
        message = message.id.as_str(),
        event = message.event.as_str(),
        attempt = number,
        trace_id = parent.map(|parent| parent.trace_id),
        span_id = own.map(tracing::field::display),
    );
    let (started, at) = (Instant::now(), shared.now());
    let result = exchange(shared, message, known, own).instrument(span).await;
    let duration = started.elapsed();
    let chance = if result
        .as_ref()
        .is_ok_and(|answer| answer.status.is_success())
    {
        0.0
    } else {
        share(&*shared.chance)
    };
    let judgement = judge(
        result.as_ref().map_err(|error| *error),
        number,
        &shared.rules.retries,
        shared.now(),
        chance,
    );
    note(&judgement, &result, duration, (message, known), number);
    let outcome = Outcome {
        lease,
        verdict: verdict_of(judgement.fate),
    };
    let told = told(judgement.fate, number);
    let result = result.map(|answer| (answer.status.as_u16(), answer.body));
    let made = Made {
        delivery,
        number,
        at_ms: to_ms(at),
        duration,
        result,
        judgement,
        told,
    };
    Finished {
        outcome,
        made: Some(made),
    }
}

async fn exchange<D: Database>(
    shared: &Shared<D>,
    message: &Loaded,
    known: &Known,
    span: Option<SpanId>,
) -> Result<Answer, TransportError> {
    let recipient = known
        .recipient
        .as_ref()
        .map_err(|_| TransportError::Request)?;
    let body = message.body.as_ref().ok_or(TransportError::Request)?;
    let event = message.bare.then_some(message.event.as_str());
    let request = recipient.request(&message.id, event, &message.wire, body, shared.now(), span)?;
    shared.transport.send(request).await
}

fn verdict_of(fate: Fate) -> Verdict {
    match fate {
        Fate::Delivered => Verdict::Done,
        Fate::Again(wait) => Verdict::Retry(Due::After(wait)),
        Fate::Failed => Verdict::Failed,
    }
}

fn told(fate: Fate, number: u32) -> Option<DeliveryOperation> {
    match fate {
        Fate::Delivered if number > FAILING_AT => Some(DeliveryOperation::Recovered),
        Fate::Failed => Some(DeliveryOperation::Exhausted),
        Fate::Again(_) if number == FAILING_AT => Some(DeliveryOperation::Failing),
        _ => None,
    }
}

/// Metrics, and a line for each failure. Neither holds the target's path or query, or anything of the payload.
fn note(
    judgement: &Judgement,
    result: &Result<Answer, TransportError>,
    duration: Duration,
    (message, known): (&Loaded, &Known),
    number: u32,
) {
    let outcome = match judgement.fate {
        Fate::Delivered => "delivered",
        Fate::Again(_) => "retried",
        Fate::Failed => "failed",
    };
    metrics::counter!("webhooks_attempts_total", "outcome" => outcome).increment(1);
    metrics::histogram!("webhooks_attempt_seconds").record(duration.as_secs_f64());
    if judgement.fate != Fate::Delivered {
        let reason = match result {
            Ok(answer) => answer.status.as_str().to_owned(),
            Err(error) => error.as_str().to_owned(),
        };
        let target = known
            .recipient
            .as_ref()
            .map(Recipient::origin)
            .unwrap_or_default();
        tracing::info!(
            message = message.id.as_str(),
            attempt = number,
            target,
            outcome,
            reason,
            "an attempt failed"
        );
    }
}
