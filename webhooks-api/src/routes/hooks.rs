//! Subscriptions in the words of REST Hooks, as Zapier and its kind speak them: one event, `target_url`, bare arrays.

use std::fmt;
use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{PageRequest, SubscriptionFilter};
use webhooks_sender::subscription::StoredSubscription;

use super::subscriptions::subscribe_once;
use crate::describe::{idempotency_key, paged, with_body_problems};
use crate::pages;
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer, json, page};

/// A hook that is asked for. The target is called `target_url`, and also `hookUrl` or `url`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HookRequest {
    /// Where requests go: an absolute URL.
    #[serde(alias = "hookUrl", alias = "url")]
    pub(crate) target_url: String,
    /// The event, or a pattern such as `payment.*`.
    pub(crate) event: String,
    /// When the hook ends by itself, in RFC 3339. Without it, it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub(crate) expiration_date: Option<String>,
    /// What Zapier's older integrations send as well; it means nothing here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subscription_url: Option<String>,
}

/// A hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Hook {
    /// Its id, the same as that of the subscription.
    pub id: SubscriptionId,
    /// Where requests go.
    pub target_url: String,
    /// The event, or the first of several.
    pub event: String,
    /// Whether it gets messages.
    pub active: bool,
}

/// A hook that was made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct HookMade {
    /// Its id: what is needed to remove it.
    pub id: SubscriptionId,
    /// Where requests go.
    pub target_url: String,
    /// The event.
    pub event: String,
    /// What requests are signed with. It is shown only now.
    pub secret: Option<String>,
    /// When it ends by itself; a client then makes another one.
    pub expiration_date: Option<String>,
}

impl fmt::Debug for HookMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookMade")
            .field("id", &self.id)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

fn hook(stored: StoredSubscription) -> Hook {
    Hook {
        id: stored.id,
        target_url: stored.target,
        event: stored
            .settings
            .events
            .into_iter()
            .next()
            .unwrap_or_default(),
        active: stored.state.is_active(),
    }
}

pub(crate) fn describe_subscribe(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Make a hook")
        .description(
            "A subscription in the words of REST Hooks. A target that answers 410 is left alone from then on. Samples of \
             what arrives are under `/events/{name}/samples`.",
        )
        .tag("hooks")
        .parameter(idempotency_key())
        .body::<HookRequest>()
        .response::<HookMade>(201, "The hook was made.")
}

pub(crate) async fn subscribe<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: HookRequest = call.json()?;
    let reach = call.reach();
    let mut wanted = SubscriptionRequest::new(&request.target_url).event(&request.event);
    if let Some(text) = &request.expiration_date {
        let end: Timestamp = text.parse().map_err(|_| {
            let detail = "it is not a time; write it as in `2026-11-28T12:00:00Z`";
            let problem = Problem::new(Kind::InvalidBody, "the time cannot be read");
            problem.part("/expiration_date".to_owned(), detail.to_owned())
        })?;
        wanted = wanted.expires_at(SystemTime::from(end));
    }
    let made = subscribe_once(&call, reach.account()?, wanted).await?;
    let location = HeaderValue::from_str(&format!("hooks/{}", made.id));
    let mut response = answer(
        StatusCode::CREATED,
        &HookMade {
            id: made.id,
            target_url: request.target_url,
            event: request.event,
            expiration_date: request.expiration_date,
            secret: made.secret.map(|secret| secret.expose().to_owned()),
        },
    );
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the hooks")
        .description(
            "All subscriptions, as a bare array. Where there are more, the `Link` header leads on.",
        )
        .tag("hooks")
        .response::<Vec<Hook>>(200, "The hooks.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let page: PageRequest = page(query.limit, query.cursor.as_deref())?;
    let reach = call.reach();
    let found = reach.subscriptions(SubscriptionFilter::new(), page).await?;
    Ok(pages::bare(&found.map(hook), &call.parts.uri))
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a hook")
        .description("A subscription in the words of REST Hooks.")
        .tag("hooks")
        .response::<Hook>(200, "The hook.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let stored = call.reach().subscription(&call.id("id")?).await?;
    Ok(json(&hook(stored)))
}

pub(crate) fn describe_unsubscribe(operation: Operation) -> Operation {
    operation
        .summary("Remove a hook")
        .description("What waits for it is cancelled.")
        .tag("hooks")
        .empty_response(204, "It is gone.")
}

pub(crate) async fn unsubscribe<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    call.reach().unsubscribe(&call.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
