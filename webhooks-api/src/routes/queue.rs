//! How the queue of deliveries stands and whether it moves, for those who run the service.

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{EngineHealth, PauseOfAll, QueueStats};

use crate::problem::Problem;
use crate::request::{Call, NoQuery, answer, json};

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

/// Whether deliveries are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Health {
    /// Whether they are: no delivery that could be sent has been due for longer than five minutes, unless all are held back
    /// on purpose, and no duty of the engine has stopped, or failed for as long.
    pub ok: bool,
    /// Whether all deliveries are held back, since when and by whom; null where they are not.
    pub pause: Option<PauseOfAll>,
    /// How the queue of deliveries stands.
    pub queue: QueueStats,
    /// How the engine of the process that answers does; null where it has none.
    pub engine: Option<EngineHealth>,
}

/// How long a delivery can be due before the service does not count as healthy any more.
const STALLED: Duration = Duration::from_mins(5);

pub(crate) fn describe_health(operation: Operation) -> Operation {
    operation
        .summary("Show the health")
        .description("Answers 503 when deliveries are due and none is made, or when a part of the engine has stopped: for a health check.")
        .tag("operations")
        .response::<Health>(200, "Deliveries are made.")
        .response::<Health>(503, "Deliveries are due, and none is made.")
}

pub(crate) async fn health<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let queue = call.sender.operator().queue_stats().await?;
    let engine = call.sender.operator().engine_health();
    let pause = call.sender.operator().pause_of_all().await?;
    let moves = pause.is_some() || queue.oldest_ready.is_none_or(|age| age < STALLED);
    let ok = moves && engine.as_ref().is_none_or(|engine| engine.is_well(STALLED));
    let status = if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let health = Health {
        ok,
        pause,
        queue,
        engine,
    };
    Ok(answer(status, &health))
}
