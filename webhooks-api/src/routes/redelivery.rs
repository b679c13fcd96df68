//! Deliveries tried again or given up.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;

use crate::describe::with_state_problem;
use crate::problem::Problem;
use crate::request::{Call, NoQuery};

pub(crate) fn describe_retry(operation: Operation) -> Operation {
    with_state_problem(operation)
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
    with_state_problem(operation)
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
