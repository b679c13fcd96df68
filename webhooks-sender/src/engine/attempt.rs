//! One HTTP try of a delivery, from the request to what is to be recorded.

use std::time::{Duration, Instant};

use tracing::Instrument;
use webhooks_store::{Database, Due, Outcome, Verdict, to_ms};

use super::decide::{Decision, NextStep, decide};
use super::load::{Delivery, LoadedMessage};
use super::subscription_cache::CachedSubscription;
use crate::client::{Answer, TransportError};
use crate::context::Context;
use crate::dialect::Recipient;
use crate::entropy::{random_fraction, random_or_zero};
use crate::model::{Owner, SubscriptionId, SubscriptionState};
use crate::notices::{DeliveryEvent, FAILING_AT};
use crate::observe::{
    About, AttemptOutcome, AttemptReport, InFlightRequest, PutOffReason, attempted,
    payload_removed, put_off,
};
use crate::tables::is_expired;
use crate::trace::{SpanId, TraceParent};

/// How long a delivery waits for a process that can read its message, its subscription and that one's secrets.
const UNREADABLE_PAUSE: Duration = Duration::from_mins(1);

/// What is to be recorded of a claimed delivery.
pub(crate) struct AttemptResult {
    pub(crate) outcome: Outcome,
    /// Missing when no request was made.
    pub(crate) attempt: Option<Attempt>,
}

/// An attempt that was made.
pub(crate) struct Attempt {
    pub(crate) delivery: Delivery,
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
    pub(crate) duration: Duration,
    pub(crate) decision: Decision,
    /// What is reported to the operator.
    pub(crate) event: Option<DeliveryEvent>,
}

impl Attempt {
    pub(crate) fn succeeded(&self) -> bool {
        self.decision.next == NextStep::Delivered
    }
}

/// What can be said of a delivery without a request: that there is none to be made.
pub(crate) fn without_request<D: Database>(
    context: &Context<D>,
    delivery: &Delivery,
) -> Option<Verdict> {
    if context.now() >= delivery.send_before {
        // It has waited too long: by the time of an answer it may be another process's.
        return Some(Verdict::Release(Due::Now));
    }
    if delivery.is_unreadable {
        // No attempt is used: a newer version, or a person, can repair it.
        put_off(None, PutOffReason::Unreadable, "");
        return Some(Verdict::Release(Due::After(UNREADABLE_PAUSE)));
    }
    let (Some(message), Some(cached)) = (&delivery.message, &delivery.cached) else {
        return Some(Verdict::Cancelled);
    };
    match cached.state {
        SubscriptionState::Active => {}
        // Looked at again when it is activated; the lane is held until then.
        SubscriptionState::Paused | SubscriptionState::Unverified => {
            return Some(Verdict::Release(Due::Now));
        }
        // Failed rather than cancelled: a replay brings them back once the subscription works again.
        _ => return Some(Verdict::Failed),
    }
    let about = about(delivery, message, cached);
    if cached.is_sealed {
        // No attempt is used: another process, or this one with the key, can send it.
        let error = "the key that encrypted the subscription's secrets is not given";
        put_off(Some(&about), PutOffReason::Key, error);
        return Some(Verdict::Release(Due::After(UNREADABLE_PAUSE)));
    }
    if let Err(error) = &cached.recipient {
        // No attempt is used: another process may know the dialect, or allow the target.
        put_off(Some(&about), PutOffReason::Recipient, error);
        return Some(Verdict::Release(Due::After(UNREADABLE_PAUSE)));
    }
    // A broadcast is fanned out to all who want the event; here it is known whose subscription it is.
    match context
        .publishing
        .may_see(&Owner::of(cached.owner.as_str()), &message.event)
    {
        Ok(true) => {}
        Ok(false) => return Some(Verdict::Cancelled),
        Err(error) => {
            // No attempt is used: the rule is the application's, not the customer's.
            put_off(Some(&about), PutOffReason::Rule, &error.to_string());
            return Some(Verdict::Release(Due::After(UNREADABLE_PAUSE)));
        }
    }
    if message.body.is_none() {
        payload_removed(&about);
        return Some(Verdict::Cancelled);
    }
    is_expired(message.expires, context.now()).then_some(Verdict::Cancelled)
}

/// Makes the request and decides what follows from the answer.
pub(crate) async fn attempt<D: Database>(
    context: &Context<D>,
    delivery: Delivery,
) -> AttemptResult {
    let verdict = without_request(context, &delivery);
    let (Some(message), Some(cached), None) = (&delivery.message, &delivery.cached, verdict) else {
        let verdict = verdict.unwrap_or(Verdict::Cancelled);
        return AttemptResult {
            outcome: delivery.job.outcome(verdict),
            attempt: None,
        };
    };
    let number = delivery.job.attempts + 1;
    let parent = message
        .wire
        .traceparent
        .as_deref()
        .and_then(TraceParent::parse);
    let own = parent.map(|_| SpanId::new(random_or_zero(&*context.publishing.entropy)));
    let span = tracing::debug_span!(
        "webhook_attempt",
        message_id = message.id.as_str(),
        event = message.event.as_str(),
        subscription = %SubscriptionId::from_key(delivery.subscription),
        owner = cached.owner.as_str(),
        attempt = number,
        trace_id = parent.map(|parent| parent.trace_id),
        span_id = own.map(tracing::field::display),
    );
    let (started, at) = (Instant::now(), context.now());
    let result = exchange(context, message, cached, own)
        .instrument(span)
        .await;
    let duration = started.elapsed();
    let random = if result
        .as_ref()
        .is_ok_and(|answer| answer.status.is_success())
    {
        0.0
    } else {
        random_fraction(&*context.publishing.entropy)
    };
    let decision = decide(
        result.as_ref().map_err(|error| *error),
        number,
        &context.delivering.rules.retries,
        context.now(),
        random,
    );
    let target = cached.recipient.as_ref().map(Recipient::origin);
    attempted(&AttemptReport {
        about: about(&delivery, message, cached),
        number,
        target: &target.unwrap_or_default(),
        result: result
            .as_ref()
            .map(|answer| answer.status.as_u16())
            .map_err(|error| *error),
        outcome: outcome_of(decision.next),
        duration,
        age: context
            .now()
            .duration_since(message.id.time())
            .unwrap_or_default(),
        trace_id: parent.map(|parent| parent.trace_id),
    });
    let made = webhooks_store::Attempt::new(at, duration);
    let made = match &result {
        Ok(answer) => made
            .status(answer.status.as_u16())
            .answer(answer.body.to_vec()),
        Err(error) => made.error(error.as_str()),
    };
    let outcome = delivery.job.tried(verdict_of(decision.next), made);
    let event = reported(decision.next, number);
    let attempt = Attempt {
        delivery,
        number,
        at_ms: to_ms(at),
        duration,
        decision,
        event,
    };
    AttemptResult {
        outcome,
        attempt: Some(attempt),
    }
}

async fn exchange<D: Database>(
    context: &Context<D>,
    message: &LoadedMessage,
    cached: &CachedSubscription,
    span: Option<SpanId>,
) -> Result<Answer, TransportError> {
    let recipient = cached
        .recipient
        .as_ref()
        .map_err(|_| TransportError::Request)?;
    let body = message.body.as_ref().ok_or(TransportError::Request)?;
    let event = message.bare.then_some(message.event.as_str());
    let request =
        recipient.request(&message.id, event, &message.wire, body, context.now(), span)?;
    let _in_flight = InFlightRequest::begin();
    context.delivering.transport.send(request).await
}

fn verdict_of(next: NextStep) -> Verdict {
    match next {
        NextStep::Delivered => Verdict::Done,
        NextStep::Again(wait) => Verdict::Retry(Due::After(wait)),
        NextStep::Failed => Verdict::Failed,
    }
}

/// What is reported to the operator.
fn reported(next: NextStep, number: u32) -> Option<DeliveryEvent> {
    match next {
        NextStep::Delivered if number > FAILING_AT => Some(DeliveryEvent::Recovered),
        NextStep::Failed => Some(DeliveryEvent::Exhausted),
        NextStep::Again(_) if number == FAILING_AT => Some(DeliveryEvent::Failing),
        _ => None,
    }
}

/// What lines about a delivery say.
fn about<'d>(
    delivery: &Delivery,
    message: &'d LoadedMessage,
    cached: &'d CachedSubscription,
) -> About<'d> {
    About {
        message: message.id.as_str(),
        event: &message.event,
        subscription: delivery.subscription,
        owner: &cached.owner,
    }
}

fn outcome_of(next: NextStep) -> AttemptOutcome {
    match next {
        NextStep::Delivered => AttemptOutcome::Delivered,
        NextStep::Again(_) => AttemptOutcome::Retried,
        NextStep::Failed => AttemptOutcome::Failed,
    }
}
