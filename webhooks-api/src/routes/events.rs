//! The events that can be subscribed to: the catalogue that the application declares in its code.

use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webhooks_core::openapi::Operation;
use webhooks_core::{CatalogueEntry, PayloadInfo};
use webhooks_sender::database::Database;

use crate::problem::Problem;
use crate::request::{Call, NoQuery, json};

/// An event that can be subscribed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Event {
    /// Its name, as in a subscription's `events`.
    pub name: String,
    /// What happened.
    pub description: String,
    /// Groups of events.
    pub tags: Vec<String>,
    /// Whether it will go away.
    pub deprecated: bool,
    /// The event that takes its place.
    pub replaced_by: Option<String>,
    /// The JSON Schema of the payload; `null` for an event without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// An example of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}

/// All events.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Events {
    /// The events, by name.
    pub(crate) data: Vec<Event>,
}

fn event(entry: &CatalogueEntry, with_schema: bool) -> Event {
    let descriptor = entry.descriptor();
    let schema = || descriptor.payload_info().and_then(PayloadInfo::json_schema);
    Event {
        name: entry.name().to_string(),
        description: descriptor.docs_text().to_owned(),
        tags: entry.tags().to_vec(),
        deprecated: entry.is_deprecated(),
        replaced_by: entry.replaced_by().map(str::to_owned),
        schema: with_schema.then(schema).flatten(),
        example: with_schema.then(|| entry.example()).flatten(),
    }
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    operation
        .summary("List the events")
        .description("The events that a subscription can name, by name, without their schemas.")
        .tag("events")
        .response::<Events>(200, "The events.")
}

#[expect(clippy::unused_async, reason = "every operation is")]
pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let reach = call.reach();
    let entries = reach.events()?.into_iter();
    Ok(json(&Events {
        data: entries.map(|entry| event(entry, false)).collect(),
    }))
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show an event")
        .description("The event with the JSON Schema of its payload, and an example.")
        .tag("events")
        .response::<Event>(200, "The event.")
}

#[expect(clippy::unused_async, reason = "every operation is")]
pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let (reach, name) = (call.reach(), call.text("name")?);
    let mut entries = reach.events()?.into_iter();
    let entry = entries.find(|entry| entry.name().as_str() == name);
    Ok(json(&event(entry.ok_or_else(Problem::not_found)?, true)))
}
