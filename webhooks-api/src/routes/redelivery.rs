//! Deliveries sent again or given up.

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::job::Replay;

use crate::describe::with_body_problems;
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery};

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
