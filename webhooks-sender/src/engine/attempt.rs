//! One HTTP try of a delivery, from the request to what is to be recorded.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tracing::Instrument;
use webhooks_store::{Database, Due, Outcome, Verdict, to_ms};

use super::decide::{Decision, NextStep, decide};
use super::lease::Lease;
use super::load::Delivery;
use super::subscription_cache::CachedSubscription;
use crate::client::{Answer, TransportError};
use crate::context::Context;
use crate::dialect::{Recipient, add_sequence_number};
use crate::entropy::{random_fraction, random_or_zero};
use crate::model::{SubscriptionId, SubscriptionState};
use crate::notices::{DeliveryEvent, FAILING_AT};
use crate::observe::{
    About, AttemptOutcome, AttemptReport, InFlightRequest, PutOffReason, attempted,
    payload_removed, put_off,
};
use crate::recent_messages::LoadedMessage;
use crate::tables::is_expired;
use crate::trace::{SpanId, TraceParent};

/// What is to be recorded of a delivery.
pub(crate) struct AttemptResult {
    pub(crate) outcome: Outcome,
    /// Missing when no request was made.
    pub(crate) attempt: Option<Attempt>,
}

/// An attempt that was made.
pub(crate) struct Attempt {
    pub(crate) delivery: Arc<Delivery>,
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
    pub(crate) decision: Decision,
    /// What is reported to the operator.
    pub(crate) event: Option<DeliveryEvent>,
}

impl Attempt {
    pub(crate) fn succeeded(&self) -> bool {
        self.decision.next == NextStep::Delivered
    }
}

/// Why no request is made.
pub(crate) enum Obstacle {
    /// There is none to be made, and this is recorded.
    Verdict(Verdict),
    /// The subscription is paused.
    Paused,
    /// This process cannot make any request of the subscription. No attempt is used: a newer version, or a person, can.
    OfLane,
    /// This process cannot make the request of this message. No attempt is used here either.
    OfMessage,
}

/// What stands in the way of a request.
pub(crate) fn obstacle<D: Database>(context: &Context<D>, delivery: &Delivery) -> Option<Obstacle> {
    let called_off = Some(Obstacle::Verdict(Verdict::Cancelled));
    let (Some(message), Some(cached)) = (&delivery.message, &delivery.cached) else {
        return called_off;
    };
    match cached.state {
        SubscriptionState::Active => {}
        SubscriptionState::Paused | SubscriptionState::Unverified => {
            return Some(Obstacle::Paused);
        }
        // Failed rather than cancelled: a replay brings them back once the subscription works again.
        _ => return Some(Obstacle::Verdict(Verdict::Failed)),
    }
    let about = about(delivery, message, cached);
    if cached.is_sealed {
        let error = "the key that encrypted the subscription's secrets is not given";
        put_off(Some(&about), PutOffReason::Key, error);
        return Some(Obstacle::OfLane);
    }
    if let Err(error) = &cached.recipient {
        // Another process may know the dialect, or allow the target.
        put_off(Some(&about), PutOffReason::Recipient, error);
        return Some(Obstacle::OfLane);
    }
    // A broadcast is fanned out to all who want the event; here it is known whose subscription it is.
    match context
        .publishing
        .may_see(Some(&cached.owner), &message.event)
    {
        Ok(true) => {}
        Ok(false) => return called_off,
        Err(error) => {
            // The rule is the application's, not the customer's.
            put_off(Some(&about), PutOffReason::Rule, &error.to_string());
            return Some(Obstacle::OfMessage);
        }
    }
    if message.body.is_none() {
        payload_removed(&about);
        return called_off;
    }
    is_expired(message.expires, context.now()).then_some(Obstacle::Verdict(Verdict::Cancelled))
}

/// Makes the request and decides what follows from the answer. [`None`]: it was too late to make it, because the lane may
/// be another process's by now.
pub(crate) async fn attempt<D: Database>(
    context: &Context<D>,
    delivery: Arc<Delivery>,
    lease: &Lease,
) -> Option<AttemptResult> {
    let (message, cached) = (delivery.message.as_ref()?, delivery.cached.as_ref()?);
    let number = delivery.entry.attempts.saturating_add(1);
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
    let result = exchange(context, &delivery, own, lease, at)
        .instrument(span)
        .await?;
    let duration = started.elapsed();
    Some(result_of(context, &delivery, &result, (at, duration)))
}

/// What follows from an attempt whose code panicked: a transport of the application's. It counts, or it would be made for
/// ever.
pub(crate) fn panicked<D: Database>(
    context: &Context<D>,
    delivery: &Arc<Delivery>,
) -> AttemptResult {
    let made = (context.now(), Duration::ZERO);
    result_of(context, delivery, &Err(TransportError::Panic), made)
}

/// What is recorded of a delivery that has ended each process that made its request: it is given up, and its subscription
/// has no part in that.
pub(crate) fn deadly<D: Database>(context: &Context<D>, delivery: &Arc<Delivery>) -> AttemptResult {
    let made = (context.now(), Duration::ZERO);
    result_of(context, delivery, &Err(TransportError::Crash), made)
}

fn result_of<D: Database>(
    context: &Context<D>,
    delivery: &Arc<Delivery>,
    result: &Result<Answer, TransportError>,
    (at, duration): (SystemTime, Duration),
) -> AttemptResult {
    let number = delivery.entry.attempts.saturating_add(1);
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
    report(context, delivery, result, (&decision, number, duration));
    let made = webhooks_store::Attempt::new(at, duration);
    let made = match result {
        Ok(answer) => made
            .status(answer.status.as_u16())
            .answer(answer.body.to_vec()),
        Err(error) => made.error(error.as_str()),
    };
    let outcome = delivery.entry.tried(verdict_of(&decision, delivery), made);
    AttemptResult {
        outcome,
        attempt: Some(Attempt {
            delivery: Arc::clone(delivery),
            number,
            at_ms: to_ms(at),
            decision,
            event: reported(decision.next, number),
        }),
    }
}

async fn exchange<D: Database>(
    context: &Context<D>,
    delivery: &Delivery,
    span: Option<SpanId>,
    lease: &Lease,
    at: SystemTime,
) -> Option<Result<Answer, TransportError>> {
    let (message, cached) = (delivery.message.as_ref()?, delivery.cached.as_ref()?);
    let (Ok(recipient), Some(body)) = (&cached.recipient, &message.body) else {
        return Some(Err(TransportError::Request));
    };
    let event = message.bare.then_some(message.event.as_str());
    let log = &context.delivering.change_log;
    // Signed for the time that is recorded, so that the signature can be made once more.
    let request = recipient.request(&message.id, event, &message.wire, body, at, span);
    match request {
        // The process may have been stopped since this delivery was begun.
        Ok(_) if !lease.is_held() => None,
        // All deliveries are held back.
        Ok(_) if context.delivering.is_paused() => None,
        // Changed or removed through this process since it was read.
        Ok(_) if !log.is_current(delivery.subscription, delivery.changes) => None,
        Ok(mut request) => {
            if let Some(number) = delivery.number {
                add_sequence_number(&mut request, number);
            }
            let _in_flight = InFlightRequest::begin();
            let (transport, now) = (&*context.delivering.transport, context.now());
            Some(recipient.send(transport, request, now).await)
        }
        Err(error) => Some(Err(error)),
    }
}

/// A delivery that is in an order keeps its place until its next try.
fn verdict_of(decision: &Decision, delivery: &Delivery) -> Verdict {
    let cached = delivery.cached.as_ref();
    let is_in_order =
        delivery.entry.order_key.is_some() || cached.is_some_and(|cached| cached.is_fifo);
    let stops = cached.is_some_and(|cached| cached.stops);
    match decision.next {
        NextStep::Delivered => Verdict::Done,
        NextStep::Again(wait) if is_in_order => Verdict::Hold(Due::After(wait)),
        NextStep::Again(wait) => Verdict::Retry(Due::After(wait)),
        // Where the target is gone, nothing stands behind it that could be delivered.
        NextStep::Failed if is_in_order && !decision.gone && stops => Verdict::Stop,
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

/// Metrics, and a line for each failure. Neither holds the target's path or query, or anything of the payload.
fn report<D: Database>(
    context: &Context<D>,
    delivery: &Delivery,
    result: &Result<Answer, TransportError>,
    (decision, number, duration): (&Decision, u32, Duration),
) {
    let (Some(message), Some(cached)) = (&delivery.message, &delivery.cached) else {
        return;
    };
    let origin = cached.recipient.as_ref().map(Recipient::origin);
    let target: &dyn fmt::Display = match &origin {
        Ok(origin) => origin,
        Err(_) => &"",
    };
    let parent = message.wire.traceparent.as_deref();
    attempted(&AttemptReport {
        about: about(delivery, message, cached),
        number,
        target,
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
        trace_id: parent
            .and_then(TraceParent::parse)
            .map(|parent| parent.trace_id),
    });
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
