//! The pause of all deliveries, for those who run the service.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::PauseOfAll;

use crate::problem::Problem;
use crate::request::{Call, NoQuery, json};

/// Whether all deliveries are paused.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Pause {
    /// Since when, and by whom. Null: they are not paused.
    pub(crate) pause: Option<PauseOfAll>,
}

pub(crate) fn describe_show(operation: Operation) -> Operation {
    operation
        .summary("Show whether all deliveries are paused")
        .description("Since when, and by whom.")
        .tag("operations")
        .response::<Pause>(200, "Whether they are.")
}

pub(crate) async fn show<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let pause = call.sender.operator().pause_of_all().await?;
    Ok(json(&Pause { pause }))
}

pub(crate) fn describe_pause(operation: Operation) -> Operation {
    operation
        .summary("Pause all deliveries")
        .description(
            "Those of all owners. Messages are still accepted and kept, but no request is made until deliveries are resumed. \
             It is in the audit trail. Customers with the target `poll` still fetch: that is their request, and none to their \
             servers.",
        )
        .tag("operations")
        .empty_response(204, "They are paused.")
}

pub(crate) async fn pause<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.operator().pause_all().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) fn describe_resume(operation: Operation) -> Operation {
    operation
        .summary("Resume all deliveries")
        .description("Subscriptions that are paused themselves stay so.")
        .tag("operations")
        .empty_response(204, "They are resumed.")
}

pub(crate) async fn resume<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.operator().resume_all().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
