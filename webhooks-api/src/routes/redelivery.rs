//! Messages and deliveries sent again or given up.

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::id::{DeliveryId, SubscriptionId};
use webhooks_sender::job::Replay;

use crate::describe::with_body_problems;
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer};

pub(crate) fn describe_retry(operation: Operation) -> Operation {
    operation
        .summary("Try a delivery again")
        .description(
            "Now, whatever its state. The message keeps its id and body; the request gets a new timestamp and the \
             secrets of now. For a delivery that had ended the schedule starts anew.",
        )
        .tag("deliveries")
        .empty_response(202, "It will be tried.")
}

pub(crate) async fn retry<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().retry(&call.id("id")?).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(crate) fn describe_cancel(operation: Operation) -> Operation {
    operation
        .summary("Give a delivery up")
        .description("A request that is under way is not stopped, but not repeated either.")
        .tag("deliveries")
        .empty_response(204, "It is cancelled.")
}

pub(crate) async fn cancel<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().cancel(&call.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Who gets a message again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResendRequest {
    /// The subscriptions: 1 to 100 ids.
    #[schemars(length(min = 1, max = 100))]
    subscriptions: Vec<SubscriptionId>,
}

/// Deliveries that were made, or made again.
#[derive(Serialize, JsonSchema)]
struct Resent {
    /// Their ids.
    deliveries: Vec<DeliveryId>,
}

/// The most subscriptions that get a message again in one request.
const MAX_SUBSCRIPTIONS: usize = 100;

pub(crate) fn describe_resend(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send a message again")
        .description(
            "To the subscriptions that are named, also where no delivery of it was ever made. It keeps its id and body; a \
             delivery that is being sent at this moment is left alone.",
        )
        .tag("messages")
        .body::<ResendRequest>()
        .response::<Resent>(202, "It will be sent again.")
}

pub(crate) async fn resend<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: ResendRequest = call.json()?;
    let count = request.subscriptions.len();
    if !(1..=MAX_SUBSCRIPTIONS).contains(&count) {
        let detail = format!("{count} are named; name 1 to {MAX_SUBSCRIPTIONS}");
        let problem = Problem::new(Kind::InvalidBody, "too many or too few subscriptions");
        return Err(problem.part("/subscriptions".to_owned(), detail));
    }
    let (id, reach) = (call.id("id")?, call.reach());
    let deliveries = reach.resend(&id, &request.subscriptions).await?;
    Ok(answer(StatusCode::ACCEPTED, &Resent { deliveries }))
}

/// What is to be sent again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayRequest {
    /// Every delivery that failed at this time or later, in RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    since: String,
}

pub(crate) fn describe_replay(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send again what failed")
        .description(
            "Everything that failed for the subscription since a time, in the background, once.",
        )
        .tag("subscriptions")
        .body::<ReplayRequest>()
        .empty_response(202, "It will be sent again.")
}

pub(crate) async fn replay<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: ReplayRequest = call.json()?;
    let since: Timestamp = request.since.parse().map_err(|_| {
        let detail = "it is not a time; write it as in `2026-11-28T12:00:00Z`";
        Problem::new(Kind::InvalidBody, "the time cannot be read")
            .part("/since".to_owned(), detail.to_owned())
    })?;
    call.reach()
        .replay(
            &call.id("id")?,
            Replay::failed().since(SystemTime::from(since)),
        )
        .await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
