//! How the deliveries of a subscription ended, and what it missed.

use std::time::SystemTime;

use axum::response::Response;
use serde::Deserialize;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{MissedMessage, Statistics};

use super::period::{in_steps, period};
use crate::describe::paged;
use crate::pages::{self, List};
use crate::problem::Problem;
use crate::request::{Call, json, page, time};

pub(crate) fn describe_show(operation: Operation) -> Operation {
    in_steps(operation)
        .summary("Show statistics")
        .description(
            "How the deliveries of a subscription ended, step by step, by the time of their messages: the last 24 hours by \
             the hour, unless another period is named.",
        )
        .tag("subscriptions")
        .response::<Statistics>(200, "The numbers.")
}

pub(crate) async fn show<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let period = period(&call)?;
    Ok(json(
        &call.reach().statistics(&call.id("id")?, period).await?,
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MissedQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    since: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_missed(operation: Operation) -> Operation {
    paged(operation)
        .summary("List what was missed")
        .description(
            "The messages that the subscription wants and whose delivery was never confirmed, oldest first: failed, \
             cancelled or still waiting, and those of which no delivery was ever made. Nothing is sent.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::query::<str>("since")
                .optional()
                .description("Sent at this time or later, in RFC 3339."),
        )
        .response::<List<MissedMessage>>(200, "A page of messages.")
}

pub(crate) async fn missed<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: MissedQuery = call.query()?;
    let since = time("since", query.since.as_deref())?.unwrap_or(SystemTime::UNIX_EPOCH);
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().missed(&call.id("id")?, since, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}
