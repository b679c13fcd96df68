//! How the queue of deliveries stands, for those who run the service.

use axum::response::Response;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::QueueStats;

use crate::problem::Problem;
use crate::request::{Call, NoQuery, json};

pub(crate) fn describe_show(operation: Operation) -> Operation {
    operation
        .summary("Show the queue")
        .description("How many deliveries wait, run and failed lately, over all owners.")
        .tag("operations")
        .response::<QueueStats>(200, "How the queue stands.")
}

pub(crate) async fn show<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.sender.operator().queue_stats().await?))
}
