//! Attempts: each HTTP request, what came back, and why it failed.

use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{Attempt, AttemptFilter, DeliveryFilter, RebuiltRequest};

use crate::describe::{PROBLEM, paged, status_parameter, timed};
use crate::pages::{self, List};
use crate::problem::{Problem, ProblemDocument};
use crate::request::{
    Call, NoQuery, id, includes, json, message_filter, page, statuses, with_bodies,
};

/// All attempts of a delivery.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Attempts {
    /// First to last.
    pub(crate) data: Vec<Attempt>,
}

/// The bodies of answers are shown on request.
fn shown(mut attempt: Attempt, with_answer: bool) -> Attempt {
    if !with_answer {
        attempt.response = None;
    }
    attempt
}

/// What shows the bodies of answers.
const INCLUDE: Parameter = Parameter::query::<str>("include")
    .optional()
    .description("`response` for the bodies of answers, which takes the ability `payload`.");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    #[serde(default)]
    include: Vec<String>,
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show an attempt")
        .description("One HTTP request of a delivery.")
        .tag("deliveries")
        .parameter(INCLUDE)
        .response::<Attempt>(200, "The attempt.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: OneQuery = call.query()?;
    let with_answer = includes(&call, &query.include, "response")?;
    let attempt = call.reach().attempt(&call.id("id")?).await?;
    Ok(json(&shown(attempt, with_answer)))
}

pub(crate) fn describe_request(operation: Operation) -> Operation {
    operation
        .summary("Show the request of an attempt")
        .description(
            "Made once more from what is stored, with its signature: for the time of the attempt, and with the target, the \
             headers and the secrets that the subscription has now. `is_certain` says whether they were the same then. \
             Credentials are left out.",
        )
        .tag("deliveries")
        .response::<RebuiltRequest>(200, "The request.")
        .response_as::<ProblemDocument>(409, "Its payload is no longer kept.", PROBLEM)
}

pub(crate) async fn request<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.reach().rebuilt_request(&call.id("id")?).await?))
}

pub(crate) fn describe_of_delivery(operation: Operation) -> Operation {
    operation
        .summary("List the attempts of a delivery")
        .description("First to last.")
        .tag("deliveries")
        .parameter(INCLUDE)
        .response::<Attempts>(200, "The attempts.")
}

pub(crate) async fn of_delivery<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: OneQuery = call.query()?;
    let with_answer = includes(&call, &query.include, "response")?;
    let (id, reach) = (call.id("id")?, call.reach());
    // A delivery of another owner has no attempts either; it is not found.
    reach.delivery(&id).await?;
    let attempts = reach.attempts(&id).await?.into_iter();
    let shown = attempts.map(|attempt| shown(attempt, with_answer));
    Ok(json(&Attempts {
        data: shown.collect(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    #[serde(default)]
    include: Vec<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_of_subscription(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the attempts of a subscription")
        .description("Those of the newest message first, and of each delivery the last one first.")
        .tag("subscriptions")
        .parameter(INCLUDE)
        .response::<List<Attempt>>(200, "A page of attempts.")
}

pub(crate) async fn of_subscription<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: PageQuery = call.query()?;
    let with_answer = includes(&call, &query.include, "response")?;
    let (id, reach) = (call.id("id")?, call.reach());
    let page = page(query.limit, query.cursor.as_deref())?;
    let page = with_bodies(page, with_answer);
    let found = reach.attempts_to(&id, page).await?;
    if found.items.is_empty() {
        // It may have seen nothing, or not exist. What a removed one saw, the operator may read.
        reach.subscription(&id).await?;
    }
    Ok(pages::list(found, &call.parts.uri))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    subscription: Option<String>,
    message: Option<String>,
    event: Option<String>,
    #[serde(default)]
    status: Vec<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    timed(paged(operation))
        .summary("List the attempts")
        .description(
            "Those of the newest message first, and of each delivery the last one first, without the bodies of answers. \
             Times are those of the messages.",
        )
        .tag("deliveries")
        .parameter(
            Parameter::query::<str>("subscription")
                .optional()
                .description("Those of this subscription."),
        )
        .parameter(
            Parameter::query::<str>("message")
                .optional()
                .description("Those of this message."),
        )
        .parameter(
            Parameter::query::<str>("event")
                .optional()
                .description("Of these events: a name or a pattern."),
        )
        .parameter(status_parameter(
            "Those with this answer: `503`, `5xx`, or `none`; repeated, one of them.",
        ))
        .response::<List<Attempt>>(200, "A page of attempts.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let messages = message_filter(query.event, query.since.as_deref(), query.until.as_deref())?;
    let mut deliveries = DeliveryFilter::of(messages);
    if let Some(id) = id("subscription", query.subscription.as_deref())? {
        deliveries = deliveries.subscription(id);
    }
    if let Some(id) = id("message", query.message.as_deref())? {
        deliveries = deliveries.message(id);
    }
    let mut filter = AttemptFilter::of(deliveries);
    for status in statuses(&query.status)? {
        filter = filter.status(status);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().find_attempts(&filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}
