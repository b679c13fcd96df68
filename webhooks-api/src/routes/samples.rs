//! Samples of an event: what Zapier calls a perform-list, and what a person looks at before subscribing.

use std::cmp::Reverse;

use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json as value};
use webhooks_core::openapi::Operation;
use webhooks_core::{CatalogueEntry, Envelope, EventPattern, Parameter};
use webhooks_sender::Account;
use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{MessageFilter, PageRequest, StoredMessage};

use crate::problem::Problem;
use crate::request::{Call, NoQuery, json};

/// The most samples.
const SAMPLES: u32 = 10;
/// The patterns of a subscription that samples are looked for.
const MAX_PATTERNS: usize = 10;

pub(crate) fn describe_of_event(operation: Operation) -> Operation {
    operation
        .summary("List samples of an event")
        .description(
            "The newest messages of the event, as a bare array of their bodies, exactly as requests carry them: what \
             Zapier calls a perform-list. Before the first one was sent it holds the documented example.",
        )
        .tag("events")
        .response::<Vec<Value>>(200, "Bodies, newest first.")
}

pub(crate) async fn of_event<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let (reach, name) = (call.reach(), call.text("name")?);
    let account = reach.account()?;
    let mut entries = reach.events()?.into_iter();
    let entry = entries.find(|entry| entry.name().as_str() == name);
    let entry = entry.ok_or_else(Problem::not_found)?;
    let found = newest(account, name).await?;
    let mut bodies = bodies(&found);
    if bodies.is_empty() {
        bodies.extend(example(entry, call.sender.now()));
    }
    Ok(json(&bodies))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplesQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    event: Option<String>,
}

pub(crate) fn describe_of_subscription(operation: Operation) -> Operation {
    operation
        .summary("List samples")
        .description(
            "The newest messages of an event that the subscription wants, as a bare array of their bodies. Before the \
             first one was sent it holds the documented examples. Without `event`, the first ten patterns of the \
             subscription are looked for.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::query::<str>("event")
                .optional()
                .description("An event; the subscription's own without it."),
        )
        .response::<Vec<Value>>(200, "Bodies, newest first.")
}

pub(crate) async fn of_subscription<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: SamplesQuery = call.query()?;
    let id: SubscriptionId = call.id("id")?;
    let subscription = call.reach().subscription(&id).await?;
    let account = call.account(&subscription.owner);
    let events = match query.event {
        Some(event) => vec![event],
        None => subscription.settings.events.clone(),
    };
    let mut samples = Vec::new();
    // Each is a search of its own: a subscription with a hundred patterns must not cost a hundred.
    for event in events.iter().take(MAX_PATTERNS) {
        samples.extend(newest(&account, event).await?);
    }
    samples.retain(|message| subscription.wants(&message.event));
    samples.sort_by(|one, other| {
        (Reverse(one.created), &one.id).cmp(&(Reverse(other.created), &other.id))
    });
    samples.dedup_by(|one, other| one.id == other.id);
    samples.truncate(SAMPLES as usize);
    let mut bodies = bodies(&samples);
    if bodies.is_empty() {
        let is_asked = |name: &str| {
            let mut patterns = events.iter();
            patterns.any(|text| EventPattern::of_provider(text).matches(name))
        };
        let wanted = account.events()?.into_iter().filter(|entry| {
            let name = entry.name().as_str();
            entry.is_documented() && is_asked(name) && subscription.wants(name)
        });
        let examples = wanted.filter_map(|entry| example(entry, call.sender.now()));
        bodies.extend(examples.take(SAMPLES as usize));
    }
    Ok(json(&bodies))
}

async fn newest<D: Database>(
    account: &Account<D>,
    event: &str,
) -> Result<Vec<StoredMessage>, Problem> {
    let page = PageRequest::first(SAMPLES);
    let filter = MessageFilter::new().event(event);
    Ok(account.messages(filter, page).await?.items)
}

fn bodies(messages: &[StoredMessage]) -> Vec<Value> {
    let bodies = messages
        .iter()
        .filter_map(|message| message.body.as_deref());
    bodies
        .filter_map(|body| serde_json::from_slice(body).ok())
        .collect()
}

/// The documented example, in the envelope in which messages travel.
fn example(entry: &CatalogueEntry, now: std::time::SystemTime) -> Option<Value> {
    let payload = entry.example()?;
    if entry.envelope() == Envelope::Bare {
        return Some(payload);
    }
    let timestamp = Timestamp::try_from(now).ok()?;
    Some(value!({
        "type": entry.name().as_str(),
        "timestamp": timestamp.to_string(),
        "data": payload,
    }))
}
