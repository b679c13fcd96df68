//! What a subscription can be: for a program that finds out before it asks, as the subscriptions API of CloudEvents has it.

use axum::response::Response;
use http::{HeaderValue, header};
use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::subscription::Verification;

use crate::problem::Problem;
use crate::request::{Call, NoQuery, json};

/// What the methods of the path are.
const METHODS: &str = "GET, POST, OPTIONS";

/// What a subscription can be.
#[derive(Serialize, JsonSchema)]
struct SubscriptionFeatures {
    /// How messages come to those who subscribe: `HTTP` to a target, `poll` where they are fetched.
    protocols: &'static [&'static str],
    /// How events are named in a subscription.
    events: &'static [EventMatch],
    /// How a target can prove that it wants the messages.
    verifications: &'static [Verification],
    /// The most of everything.
    limits: SubscriptionLimits,
}

/// How an event is named.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum EventMatch {
    /// By its name.
    Exact,
    /// By the beginning of its name, as in `payment.*`.
    Prefix,
    /// All of them, as `*`.
    All,
}

/// The most of everything in a subscription.
#[derive(Serialize, JsonSchema)]
struct SubscriptionLimits {
    /// Bytes of a target.
    target_bytes: u32,
    /// Events.
    events: u32,
    /// Labels.
    labels: u32,
    /// Headers.
    headers: u32,
}

const FEATURES: SubscriptionFeatures = SubscriptionFeatures {
    protocols: &["HTTP", "poll"],
    events: &[EventMatch::Exact, EventMatch::Prefix, EventMatch::All],
    verifications: &[
        Verification::HookSecret,
        Verification::CloudEvents,
        Verification::Challenge,
    ],
    limits: SubscriptionLimits {
        target_bytes: 2048,
        events: 100,
        labels: 20,
        headers: 20,
    },
};

pub(crate) fn describe_show(operation: Operation) -> Operation {
    operation
        .summary("Show what a subscription can be")
        .description(
            "Which protocols, patterns of events and proofs of a target there are, and the limits. The `Allow` header names \
             the methods. A browser's preflight is not answered here: a layer for CORS does that.",
        )
        .tag("subscriptions")
        .response::<SubscriptionFeatures>(200, "What there is.")
}

#[expect(clippy::unused_async, reason = "it stands in the table of operations")]
pub(crate) async fn show<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let mut response = json(&FEATURES);
    let methods = HeaderValue::from_static(METHODS);
    response.headers_mut().insert(header::ALLOW, methods);
    Ok(response)
}
