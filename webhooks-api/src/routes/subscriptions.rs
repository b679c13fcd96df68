//! Subscriptions: listed, made, read, changed and removed.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::SubscriptionFilter;
use webhooks_sender::subscription::{StoredSubscription, Subscribed, SubscriptionState};
use webhooks_sender::{Account, Error, StateError, SubscriptionRequest};

use super::subscription_patch::SubscriptionPatch;
use crate::describe::{PROBLEM, idempotency_key, paged, with_body_problems};
use crate::pages::{self, List};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::request::{
    self, Call, NoQuery, answer, etag, if_match, label, merge_patch, page, pointer,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    state: Option<SubscriptionState>,
    event: Option<String>,
    #[serde(default)]
    label: Vec<String>,
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the subscriptions")
        .description(
            "In the order in which they were made. Headers are shown without their values.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::query::<str>("state")
                .optional()
                .description("Those in this state."),
        )
        .parameter(
            Parameter::query::<str>("event")
                .optional()
                .description("Those that want this event."),
        )
        .parameter(Parameter::query::<str>("label").optional().description(
            "Those with this label, as `name=value`; repeated, those with all of them.",
        ))
        .parameter(Parameter::query::<str>("q").optional().description(
            "Those with this text in target, description, key or the value of a label.",
        ))
        .response::<List<StoredSubscription>>(200, "A page of subscriptions.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let mut filter = SubscriptionFilter::new();
    if let Some(state) = query.state {
        filter = filter.state(state);
    }
    if let Some(event) = query.event {
        filter = filter.event(event);
    }
    for text in &query.label {
        let (name, value) = label(text)?;
        filter = filter.label(name, value);
    }
    if let Some(text) = query.q {
        filter = filter.text(text);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().subscriptions(filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}

pub(crate) fn describe_create(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Make a subscription")
        .description("The secret of the answer is shown only now: requests are signed with it.")
        .tag("subscriptions")
        .parameter(idempotency_key())
        .body::<SubscriptionRequest>()
        .response::<Subscribed>(201, "The subscription was made.")
}

pub(crate) async fn create<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: SubscriptionRequest = call.json()?;
    let reach = call.reach();
    let subscribed = subscribe_once(&call, reach.account()?, request).await?;
    let location = HeaderValue::from_str(&format!("subscriptions/{}", subscribed.id));
    let mut response = answer(StatusCode::CREATED, &subscribed);
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Makes a subscription, once for each idempotency key.
pub(crate) async fn subscribe_once<D: Database>(
    call: &Call<D>,
    account: &Account<D>,
    request: SubscriptionRequest,
) -> Result<Subscribed, Problem> {
    let made = match request::idempotency_key(&call.parts.headers)? {
        Some(key) => account.subscribe(request.idempotency_key(key)).await,
        None => account.subscribe(request).await,
    };
    made.map_err(Problem::of_subscription)
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a subscription")
        .description("With an `ETag`, for a change that must not undo another's.")
        .tag("subscriptions")
        .response::<StoredSubscription>(200, "The subscription.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let stored = call.reach().subscription(&call.id("id")?).await?;
    Ok(tagged(&stored))
}

fn tagged(stored: &StoredSubscription) -> Response {
    let mut response = answer(StatusCode::OK, stored);
    response
        .headers_mut()
        .insert(header::ETAG, etag(stored.revision));
    response
}

pub(crate) fn describe_change(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Change a subscription")
        .description(
            "A merge patch (RFC 7396): members that are not sent stay. With `If-Match`, a change that another one has \
             overtaken is refused with 412.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::header::<str>("If-Match")
                .optional()
                .description("The `ETag` of what was read before."),
        )
        .body::<SubscriptionPatch>()
        .response_as::<ProblemDocument>(428, "The service asks for `If-Match`.", PROBLEM)
        .response::<StoredSubscription>(200, "The subscription as it is now.")
}

pub(crate) async fn change<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let id: SubscriptionId = call.id("id")?;
    call.check_if_match()?;
    let patch: Value = call.json()?;
    let reach = call.reach();
    // Another change may come between reading and writing. A caller who named what was read gets an error; for another one
    // the patch is applied to what is there then.
    for _ in 0..3 {
        let stored = reach.subscription(&id).await?;
        let is_guarded = if_match(&call.parts.headers, stored.revision)?;
        let request = patched(&stored, patch.clone())?;
        let account = call.account(&stored.owner);
        match account.change(&id, request).await {
            Ok(()) => return Ok(tagged(&reach.subscription(&id).await?)),
            Err(Error::State(StateError::Changed)) if !is_guarded => {}
            Err(error) => return Err(Problem::of_subscription(error)),
        }
    }
    Err(Problem::new(
        Kind::Conflict,
        "it is being changed by others; try again",
    ))
}

fn patched(stored: &StoredSubscription, patch: Value) -> Result<SubscriptionRequest, Problem> {
    if !patch.is_object() {
        let problem = Problem::new(Kind::InvalidBody, "a change is an object");
        return Err(problem.part(String::new(), "expected an object".to_owned()));
    }
    // As it is answered: times are RFC 3339 there.
    let shown = serde_json::to_value(stored).unwrap_or_default();
    let mut whole = json!({
        "expires_at": shown.get("expires_at"),
        "verification": shown.get("verification"),
        "target": stored.target,
        "events": stored.settings.events,
        "description": stored.settings.description,
        "labels": stored.settings.labels,
    });
    merge_patch(&mut whole, patch);
    let request: SubscriptionRequest =
        serde_path_to_error::deserialize(&whole).map_err(|error| {
            Problem::new(Kind::InvalidBody, "the change cannot be read")
                .part(pointer(error.path()), error.inner().to_string())
        })?;
    Ok(request.revision(stored.revision))
}

pub(crate) fn describe_remove(operation: Operation) -> Operation {
    operation
        .summary("Remove a subscription")
        .description(
            "What waits for it is cancelled. Its history is kept as long as that of others.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::header::<str>("If-Match")
                .optional()
                .description("The `ETag` of what was read before."),
        )
        .empty_response(204, "It is gone.")
        .response_as::<ProblemDocument>(412, "It was changed after it was read.", PROBLEM)
        .response_as::<ProblemDocument>(428, "The service asks for `If-Match`.", PROBLEM)
}

pub(crate) async fn remove<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.check_if_match()?;
    let (id, reach) = (call.id("id")?, call.reach());
    if call.parts.headers.contains_key(header::IF_MATCH) {
        if_match(&call.parts.headers, reach.subscription(&id).await?.revision)?;
    }
    reach.unsubscribe(&id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
