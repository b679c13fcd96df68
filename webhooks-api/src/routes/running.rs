//! What those who run the service look at: owners, processes, keys, static subscriptions, how long things are kept.

use std::time::Duration;

use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{OwnerTotals, Processes, SealingKeyUse, StaticReport};
use webhooks_sender::settings::Retention;

use crate::describe::paged;
use crate::pages::{self, List};
use crate::problem::Problem;
use crate::request::{Call, NoQuery, json, page};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnersQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_owners(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the owners")
        .description("Who has subscriptions, by name, with how many, and how much waits for them.")
        .tag("operations")
        .response::<List<OwnerTotals>>(200, "A page of owners.")
}

pub(crate) async fn owners<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: OwnersQuery = call.query()?;
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.sender.operator().owners(page).await?;
    Ok(pages::list(found, &call.parts.uri))
}

pub(crate) fn describe_processes(operation: Operation) -> Operation {
    operation
        .summary("List the processes")
        .description("Which processes make deliveries, and how the 256 slots of subscriptions are shared among them.")
        .tag("operations")
        .response::<Processes>(200, "The processes.")
}

pub(crate) async fn processes<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.sender.operator().processes().await?))
}

/// The keys that seal secrets.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct SealingKeys {
    /// Each of them, with how much is sealed with it.
    pub(crate) data: Vec<SealingKeyUse>,
}

pub(crate) fn describe_sealing_keys(operation: Operation) -> Operation {
    operation
        .summary("List the sealing keys")
        .description(
            "The ids of the keys with which secrets are encrypted at rest, and never the keys.",
        )
        .tag("operations")
        .response::<SealingKeys>(200, "The keys in use.")
}

pub(crate) async fn sealing_keys<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let data = call.sender.operator().sealing_keys().await?;
    Ok(json(&SealingKeys { data }))
}

pub(crate) fn describe_static(operation: Operation) -> Operation {
    operation
        .summary("List the static subscriptions")
        .description(
            "Those of the configuration, and how what is stored differs from what the process that answers was started with.",
        )
        .tag("operations")
        .response::<StaticReport>(200, "The static subscriptions.")
}

pub(crate) async fn static_subscriptions<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.sender.operator().static_report().await?))
}

/// How long things are kept, in seconds.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "in JSON a number needs its unit")]
struct RetentionAnswer {
    /// Messages and their finished deliveries, each with its last attempt.
    messages_seconds: u64,
    /// The payloads of messages.
    payloads_seconds: u64,
    /// The attempts before the last one.
    attempts_seconds: u64,
    /// The bodies of answers.
    responses_seconds: u64,
    /// Deliveries that wait to be fetched, before they are given up.
    unfetched_seconds: u64,
    /// The audit trail.
    audit_seconds: u64,
}

impl From<Retention> for RetentionAnswer {
    fn from(retention: Retention) -> Self {
        let seconds = |time: Duration| time.as_secs();
        Self {
            messages_seconds: seconds(retention.messages),
            payloads_seconds: seconds(retention.payloads),
            attempts_seconds: seconds(retention.attempts),
            responses_seconds: seconds(retention.responses),
            unfetched_seconds: seconds(retention.unfetched),
            audit_seconds: seconds(retention.audit),
        }
    }
}

pub(crate) fn describe_retention(operation: Operation) -> Operation {
    operation
        .summary("Show the retention")
        .description("How long things are kept, by the settings of the process that answers. What still waits is kept as long as it waits.")
        .tag("operations")
        .response::<RetentionAnswer>(200, "How long, in seconds.")
}

#[expect(clippy::unused_async, reason = "every operation is")]
pub(crate) async fn retention<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&RetentionAnswer::from(
        call.sender.operator().retention(),
    )))
}
