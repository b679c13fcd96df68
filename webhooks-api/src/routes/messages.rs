//! Messages: listed, read, and sent for producers in other languages.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webhooks_core::Message;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::id::MessageId;
use webhooks_sender::query::{DeliveryFilter, StoredDelivery, StoredMessage};
use webhooks_sender::{Error, Outbound};

use crate::describe::{paged, with_body_problems};
use crate::pages::{self, List};
use crate::problem::Problem;
use crate::request::{
    Call, NoQuery, answer, idempotency_key, includes, json, label, message_filter, page,
    with_bodies,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    event: Option<String>,
    #[serde(default)]
    label: Vec<String>,
    since: Option<String>,
    until: Option<String>,
    #[serde(default)]
    include: Vec<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Payloads are large, and the customers' data: they are shown on request.
fn without_body(mut message: StoredMessage) -> StoredMessage {
    message.body = None;
    message
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the messages")
        .description("Newest first, without their bodies unless they are asked for. A message that no subscription wanted was not kept.")
        .tag("messages")
        .parameter(Parameter::query::<str>("event").optional().description("Of these events: a name or a pattern."))
        .parameter(
            Parameter::query::<str>("label")
                .optional()
                .description("Those with this label, as `name=value`; repeated, those with all of them."),
        )
        .parameter(Parameter::query::<str>("since").optional().description("Sent at this time or later."))
        .parameter(Parameter::query::<str>("until").optional().description("Sent before this time."))
        .parameter(INCLUDE)
        .response::<List<StoredMessage>>(200, "A page of messages.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let mut filter = message_filter(query.event, query.since.as_deref(), query.until.as_deref())?;
    for text in &query.label {
        let (name, value) = label(text)?;
        filter = filter.label(name, value);
    }
    let with_body = includes(&call, &query.include, "payload")?;
    let page = page(query.limit, query.cursor.as_deref())?;
    let page = with_bodies(page, with_body);
    let found = call.reach().messages(filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    #[serde(default)]
    include: Vec<String>,
}

/// What shows bodies.
const INCLUDE: Parameter = Parameter::query::<str>("include")
    .optional()
    .description("`payload` for the bodies, which takes the ability `payload`.");

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a message")
        .description("With its body, byte for byte, where it is asked for.")
        .tag("messages")
        .parameter(INCLUDE)
        .response::<StoredMessage>(200, "The message.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: OneQuery = call.query()?;
    let with_body = includes(&call, &query.include, "payload")?;
    let message = call.reach().message(&call.id("id")?).await?;
    Ok(json(&if with_body {
        message
    } else {
        without_body(message)
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

pub(crate) fn describe_deliveries(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the deliveries of a message")
        .description("One for each subscription that wanted it.")
        .tag("messages")
        .response::<List<StoredDelivery>>(200, "A page of deliveries.")
}

pub(crate) async fn deliveries<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: PageQuery = call.query()?;
    let (id, reach): (MessageId, _) = (call.id("id")?, call.reach());
    reach.message(&id).await?;
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = reach
        .deliveries(&DeliveryFilter::new().message(id), page)
        .await?;
    Ok(pages::list(found, &call.parts.uri))
}

/// A message to be sent.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageRequest {
    /// The event, one of the catalogue.
    pub(crate) event: String,
    /// The payload; it must fit the event's schema.
    pub(crate) payload: Value,
    /// Short texts to search by.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub(crate) labels: std::collections::BTreeMap<String, String>,
}

/// A message that was accepted.
#[derive(Serialize, JsonSchema)]
struct MessageAccepted {
    /// Its id.
    id: String,
    /// Whether a message with this idempotency key had been sent before, so that nothing was sent now.
    repeated: bool,
    /// How many deliveries were made of it; `null` where they are made in the background.
    deliveries: Option<u32>,
}

pub(crate) fn describe_send(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Send a message")
        .description("To the subscriptions of one owner. Durable when it is answered.")
        .tag("messages")
        .parameter(
            Parameter::header::<str>("Idempotency-Key")
                .optional()
                .description("With the same key, the same message is sent once."),
        )
        .body::<MessageRequest>()
        .response::<MessageAccepted>(202, "The message was accepted.")
}

pub(crate) async fn send<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: MessageRequest = call.json()?;
    let reach = call.reach();
    let owner = reach.account()?.owner().to_owned();
    let entry = call.sender.catalogue().get(&request.event);
    let entry = entry.ok_or_else(|| Error::UnknownEvent(request.event.clone()))?;
    let message = Message::untyped(entry.descriptor(), &request.payload);
    let mut outbound = Outbound::new(message).as_event(&request.event);
    for (name, value) in request.labels {
        outbound = outbound.label(name, value);
    }
    if let Some(key) = idempotency_key(&call.parts.headers)? {
        outbound = outbound.idempotency_key(key);
    }
    let sent = call.sender.send(owner, outbound).await?;
    let mut response = answer(
        StatusCode::ACCEPTED,
        &MessageAccepted {
            id: sent.id.to_string(),
            repeated: sent.repeated,
            deliveries: sent.deliveries,
        },
    );
    if let Ok(location) = HeaderValue::from_str(&format!("messages/{}", sent.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
