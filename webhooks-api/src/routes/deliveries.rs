//! Deliveries and their attempts: what happened, and why.

use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{
    Attempt, DeliveryFilter, DeliveryState, MessageFilter, StoredDelivery,
};

use crate::describe::paged;
use crate::pages::{self, List};
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, json, page, time};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    subscription: Option<String>,
    #[serde(default)]
    state: Vec<DeliveryState>,
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
    let mut messages = MessageFilter::new();
    if let Some(event) = query.event {
        messages = messages.event(event);
    }
    if let Some(since) = time("since", query.since.as_deref())? {
        messages = messages.since(since);
    }
    if let Some(until) = time("until", query.until.as_deref())? {
        messages = messages.until(until);
    }
    let mut filter = DeliveryFilter::of(messages);
    if let Some(id) = query.subscription {
        let id = id.parse().map_err(|_| {
            Problem::new(
                Kind::InvalidQuery,
                "`subscription` is not the id of a subscription",
            )
        })?;
        filter = filter.subscription(id);
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

/// All attempts of a delivery.
#[derive(Serialize, JsonSchema)]
struct Attempts {
    /// First to last.
    data: Vec<Attempt>,
}

/// Leaves the bodies of answers out for callers who may not read them.
fn shown(mut attempt: Attempt, with_answer: bool) -> Attempt {
    if !with_answer {
        attempt.response = None;
    }
    attempt
}

pub(crate) fn describe_attempts(operation: Operation) -> Operation {
    operation
        .summary("List the attempts of a delivery")
        .description("First to last; bodies of answers for callers with the ability `payload`.")
        .tag("deliveries")
        .response::<Attempts>(200, "The attempts.")
}

pub(crate) async fn attempts<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let (id, reach) = (call.id("id")?, call.reach());
    // A delivery of another owner has no attempts either; it is not found.
    reach.delivery(&id).await?;
    let attempts = reach.attempts(&id).await?.into_iter();
    let with_answer = call.may_read_payloads();
    Ok(json(&Attempts {
        data: attempts
            .map(|attempt| shown(attempt, with_answer))
            .collect(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_attempts_to(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the attempts of a subscription")
        .description("Newest first; bodies of answers for callers with the ability `payload`.")
        .tag("subscriptions")
        .response::<List<Attempt>>(200, "A page of attempts.")
}

pub(crate) async fn attempts_to<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: PageQuery = call.query()?;
    let (id, reach) = (call.id("id")?, call.reach());
    reach.subscription(&id).await?;
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = reach.attempts_to(&id, page).await?;
    let with_answer = call.may_read_payloads();
    Ok(pages::list(
        found.map(|attempt| shown(attempt, with_answer)),
        &call.parts.uri,
    ))
}
