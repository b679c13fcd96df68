//! What happened over all owners, or to one, as numbers over time: for the charts of those who run the service.

use axum::response::Response;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{AttemptsIn, DeliveriesIn, MessagesIn, Series};

use super::period::{in_steps, period};
use crate::problem::Problem;
use crate::request::{Call, json};

fn described(operation: Operation, what: &'static str, description: &'static str) -> Operation {
    in_steps(operation)
        .summary(what)
        .description(description)
        .tag("operations")
}

pub(crate) fn describe_messages(operation: Operation) -> Operation {
    described(
        operation,
        "Count the messages",
        "How many were sent, step by step, to all owners or to one: the last 24 hours by the hour, unless another period is \
         named.",
    )
    .response::<Series<MessagesIn>>(200, "The numbers.")
}

pub(crate) async fn messages<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let (period, operator) = (period(&call)?, call.sender.operator());
    let owner = call.owner.as_deref();
    Ok(json(&operator.messages_sent(period, owner).await?))
}

pub(crate) fn describe_deliveries(operation: Operation) -> Operation {
    described(
        operation,
        "Count the deliveries",
        "How those that have ended did so, step by step, by the time of their messages: of all owners, or of one.",
    )
    .response::<Series<DeliveriesIn>>(200, "The numbers.")
}

pub(crate) async fn deliveries<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let (period, operator) = (period(&call)?, call.sender.operator());
    let owner = call.owner.as_deref();
    Ok(json(&operator.deliveries_ended(period, owner).await?))
}

pub(crate) fn describe_attempts(operation: Operation) -> Operation {
    described(
        operation,
        "Count the attempts",
        "What was answered to them and how long they took, step by step, by the time of their messages: of all owners, or of \
         one.",
    )
    .response::<Series<AttemptsIn>>(200, "The numbers.")
}

pub(crate) async fn attempts<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let (period, operator) = (period(&call)?, call.sender.operator());
    let owner = call.owner.as_deref();
    Ok(json(&operator.attempts_made(period, owner).await?))
}
