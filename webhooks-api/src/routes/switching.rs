//! A subscription switched off and on, tested, and given a new secret.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use webhooks_core::CatalogueEntry;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;

use crate::describe::{with_body_problems, with_state_problem};
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer, json};

pub(crate) fn describe_pause(operation: Operation) -> Operation {
    with_state_problem(operation)
        .summary("Pause a subscription")
        .description("Messages are kept for it, and delivered once it is activated.")
        .tag("subscriptions")
        .empty_response(204, "It is paused.")
}

pub(crate) async fn pause<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().pause(&call.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) fn describe_activate(operation: Operation) -> Operation {
    with_state_problem(operation)
        .summary("Activate a subscription")
        .description("It gets messages again, with a fresh failure window. What failed meanwhile is replayed on request.")
        .tag("subscriptions")
        .empty_response(204, "It is active.")
}

pub(crate) async fn activate<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().activate(&call.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// How a secret is rotated.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// For how many seconds requests are signed with the old secrets as well; a day by default, a week at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 604_800))]
    pub(crate) grace_seconds: Option<u64>,
}

/// The grace where none is named, in seconds.
const DEFAULT_GRACE: u64 = 86_400;
/// The longest grace, in seconds.
const MAX_GRACE: u64 = 604_800;

/// A new secret.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct NewSecret {
    /// The secret. It is shown only now.
    pub(crate) secret: String,
}

pub(crate) fn describe_rotate(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Rotate the secret")
        .description("Makes a new secret and answers it, once. Until the grace has passed, the old ones sign as well.")
        .tag("subscriptions")
        .body::<Rotation>()
        .response::<NewSecret>(200, "The new secret.")
}

pub(crate) async fn rotate<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let rotation: Rotation = call.json()?;
    let grace = rotation.grace_seconds.unwrap_or(DEFAULT_GRACE);
    if grace > MAX_GRACE {
        let detail = format!("{grace} is more than {MAX_GRACE}");
        let problem = Problem::new(Kind::InvalidBody, "the grace is longer than a week");
        return Err(problem.part("/grace_seconds".to_owned(), detail));
    }
    let grace = Duration::from_secs(grace);
    let secret = call.reach().rotate(&call.id("id")?, grace).await?;
    Ok(json(&NewSecret {
        secret: secret.expose().to_owned(),
    }))
}

/// A test that was sent.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct TestSent {
    /// The id of the test message.
    pub(crate) message: String,
}

pub(crate) fn describe_end_grace(operation: Operation) -> Operation {
    operation
        .summary("End the grace of older secrets")
        .description(
            "From the next request on only the newest secret signs: for a secret that has leaked.",
        )
        .tag("subscriptions")
        .empty_response(204, "Only the newest secret is in use.")
}

pub(crate) async fn end_grace<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().end_grace(&call.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What is sent as a test.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestRequest {
    /// The event of which an example is sent; `webhooks.test` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<String>,
    /// The payload that is sent instead of the documented example of the event: it must fit its schema.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) payload: Option<Value>,
}

/// A payload that is there, `null` too: serde would take that for a missing one.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

pub(crate) fn describe_test(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send a test event")
        .description(
            "Sends `webhooks.test`, or an example of another event, to this subscription, whichever events it wants. The \
             payload of an example can be edited. An example's message has the label `webhooks.example`.",
        )
        .optional_body::<TestRequest>()
        .tag("subscriptions")
        .response::<TestSent>(202, "The test is on its way.")
}

pub(crate) async fn test<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: TestRequest = call.maybe_json()?;
    let (id, reach) = (call.id("id")?, call.reach());
    let sent = match request.event {
        Some(event) => {
            let entry = reach
                .events()?
                .into_iter()
                .find(|entry| entry.name().as_str() == event);
            let documented = || entry.and_then(CatalogueEntry::example).unwrap_or_default();
            let payload = request.payload.unwrap_or_else(documented);
            reach.send_example(&id, &event, &payload).await?
        }
        None if request.payload.is_some() => {
            let detail = "a payload is one of an event; say of which";
            let problem = Problem::new(Kind::InvalidBody, detail);
            return Err(problem.part("/event".to_owned(), "it is missing".to_owned()));
        }
        None => reach.send_test(&id).await?,
    };
    let sent = TestSent {
        message: sent.id.to_string(),
    };
    Ok(answer(StatusCode::ACCEPTED, &sent))
}
