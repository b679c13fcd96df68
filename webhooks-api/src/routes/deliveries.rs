//! Deliveries: what happened to each.

use axum::response::Response;
use serde::Deserialize;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, StoredDelivery};

use crate::describe::{paged, status_parameter};
use crate::pages::{self, List};
use crate::problem::Problem;
use crate::request::{Call, NoQuery, id, json, message_filter, page, statuses};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    subscription: Option<String>,
    #[serde(default)]
    state: Vec<DeliveryState>,
    #[serde(default)]
    status: Vec<String>,
    event: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the deliveries")
        .description("Newest message first, each with its event, its target and its last attempt.")
        .tag("deliveries")
        .parameter(
            Parameter::query::<str>("subscription")
                .optional()
                .description("Those of this subscription."),
        )
        .parameter(
            Parameter::query::<str>("state")
                .optional()
                .description("Those in this state; repeated, those in one of them."),
        )
        .parameter(status_parameter(
            "Those whose last attempt had this answer: `503`, `5xx`, or `none`; repeated, one of them.",
        ))
        .parameter(
            Parameter::query::<str>("event")
                .optional()
                .description("Of these events: a name or a pattern."),
        )
        .parameter(
            Parameter::query::<str>("since")
                .optional()
                .description("Of messages sent at this time or later."),
        )
        .parameter(
            Parameter::query::<str>("until")
                .optional()
                .description("Of messages sent before this time."),
        )
        .response::<List<StoredDelivery>>(200, "A page of deliveries.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let messages = message_filter(query.event, query.since.as_deref(), query.until.as_deref())?;
    let mut filter = DeliveryFilter::of(messages);
    if let Some(id) = id("subscription", query.subscription.as_deref())? {
        filter = filter.subscription(id);
    }
    for status in statuses(&query.status)? {
        filter = filter.status(status);
    }
    for state in query.state {
        filter = filter.state(state);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().deliveries(&filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a delivery")
        .description("With its event, its target and its last attempt.")
        .tag("deliveries")
        .response::<StoredDelivery>(200, "The delivery.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.reach().delivery(&call.id("id")?).await?))
}
