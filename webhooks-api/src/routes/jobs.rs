//! Work over many deliveries: asked for, counted first, watched and cancelled. And one message sent again.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::id::{DeliveryId, SubscriptionId};
use webhooks_sender::job::{BulkRetry, Job, JobFilter, JobKind, JobState, Replay, ReplayId};

use crate::describe::{paged, with_body_problems, with_state_problem};
use crate::pages::{self, List};
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer, id, json, page};

/// A job that was asked for, with the place where it is watched. `up` leads from the request's path to the API's root.
fn accepted(job: &Job, up: &str) -> Response {
    let mut response = answer(StatusCode::ACCEPTED, job);
    if let Ok(location) = HeaderValue::from_str(&format!("{up}jobs/{}", job.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

pub(crate) fn describe_replay(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send again what a subscription did not get")
        .description(
            "What failed, what was missed, or everything, of a time and of some events: in the background, as a job. With \
             `dry_run` it only counts. One replay of a subscription goes on at a time; another one is refused with 409 and \
             the id of the first.",
        )
        .tag("subscriptions")
        .body::<Replay>()
        .response::<Job>(202, "The job; its `Location` is where it is watched.")
}

pub(crate) async fn replay<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let replay: Replay = call.json()?;
    let job = call.reach().replay(&call.id("id")?, replay).await?;
    Ok(accepted(&job, "../../"))
}

pub(crate) fn describe_retry_all(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Try many deliveries again")
        .description(
            "All that the filter finds and that have ended, the failed ones unless other states are named: in the background, as a job. With \
             `dry_run` it only counts. Each is tried once. One such job of an owner goes on at a time; another one is refused \
             with 409 and the id of the first.",
        )
        .tag("deliveries")
        .body::<BulkRetry>()
        .response::<Job>(202, "The job; its `Location` is where it is watched.")
}

pub(crate) async fn retry_all<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let retry: BulkRetry = call.json()?;
    let job = call.reach().retry_all(retry).await?;
    Ok(accepted(&job, "../"))
}

/// How a message is sent again.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageReplay {
    /// The subscriptions that get it: at most 100 ids. Without them, all that want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) subscriptions: Option<Vec<SubscriptionId>>,
    /// Under which id; only where no subscription is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ids: Option<ReplayId>,
}

/// What was begun: deliveries to the subscriptions that were named, or a job for all that want the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MessageReplayed {
    /// The deliveries that were made, or made again; one that is being sent at this moment is left alone.
    pub deliveries: Option<Vec<DeliveryId>>,
    /// The job.
    pub job: Option<Job>,
}

/// The most subscriptions that get a message again in one request.
const MAX_SUBSCRIPTIONS: usize = 100;

pub(crate) fn describe_replay_message(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send a message again")
        .description(
            "To the subscriptions that are named, also where no delivery of it was ever made; without names, as a job, to \
             all that want it. It keeps its body, and its id unless a new one is asked for.",
        )
        .tag("messages")
        .optional_body::<MessageReplay>()
        .response::<MessageReplayed>(202, "It will be sent again.")
}

pub(crate) async fn replay_message<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: MessageReplay = call.maybe_json()?;
    let (id, reach) = (call.id("id")?, call.reach());
    let Some(subscriptions) = request.subscriptions else {
        let job = reach
            .replay_message(&id, request.ids.unwrap_or_default())
            .await?;
        let mut response = accepted(&job, "../../");
        let replayed = MessageReplayed {
            deliveries: None,
            job: Some(job),
        };
        *response.body_mut() = answer(StatusCode::ACCEPTED, &replayed).into_body();
        return Ok(response);
    };
    let refused = |pointer: &str, detail: String| {
        let problem = Problem::new(Kind::InvalidBody, "the message cannot be sent again so");
        Err(problem.part(pointer.to_owned(), detail))
    };
    let count = subscriptions.len();
    if !(1..=MAX_SUBSCRIPTIONS).contains(&count) {
        let detail = format!("{count} are named; name 1 to {MAX_SUBSCRIPTIONS}");
        return refused("/subscriptions", detail);
    }
    if request.ids == Some(ReplayId::New) {
        let detail =
            "subscriptions that are named get it under its old id; leave one of the two out";
        return refused("/ids", detail.to_owned());
    }
    let deliveries = reach.resend(&id, &subscriptions).await?;
    let replayed = MessageReplayed {
        deliveries: Some(deliveries),
        job: None,
    };
    Ok(answer(StatusCode::ACCEPTED, &replayed))
}

pub(crate) fn describe_erase(operation: Operation) -> Operation {
    with_state_problem(operation)
        .summary("Remove the payload of a message")
        .description(
            "For good, with its labels and headers and the bodies of the answers to it; what waits is cancelled. That it was \
             sent, and how that went, stays known.",
        )
        .tag("messages")
        .response::<Job>(202, "The job; its `Location` is where it is watched.")
}

pub(crate) async fn erase<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let job = call.reach().erase_message(&call.id("id")?).await?;
    Ok(accepted(&job, "../../"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    kind: Option<JobKind>,
    state: Option<JobState>,
    subscription: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the jobs")
        .description("Newest first.")
        .tag("jobs")
        .parameter(
            Parameter::query::<JobKind>("kind")
                .optional()
                .description("Those of this kind."),
        )
        .parameter(
            Parameter::query::<JobState>("state")
                .optional()
                .description("Those in this state."),
        )
        .parameter(
            Parameter::query::<str>("subscription")
                .optional()
                .description("Those of this subscription."),
        )
        .response::<List<Job>>(200, "A page of jobs.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let mut filter = JobFilter::new();
    if let Some(kind) = query.kind {
        filter = filter.kind(kind);
    }
    if let Some(state) = query.state {
        filter = filter.state(state);
    }
    if let Some(id) = id("subscription", query.subscription.as_deref())? {
        filter = filter.subscription(id);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().jobs(filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a job")
        .description("How far it has come; of a dry run, how many there are.")
        .tag("jobs")
        .response::<Job>(200, "The job.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.reach().job(&call.id("id")?).await?))
}

pub(crate) fn describe_cancel(operation: Operation) -> Operation {
    with_state_problem(operation)
        .summary("Cancel a job")
        .description("What it has done stays done.")
        .tag("jobs")
        .response::<Job>(200, "The job as it is now.")
}

pub(crate) async fn cancel<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    Ok(json(&call.reach().cancel_job(&call.id("id")?).await?))
}
