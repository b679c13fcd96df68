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
use webhooks_sender::id::{MessageId, SubscriptionId};
use webhooks_sender::query::{
    DeliveryFilter, MessageFilter, PageRequest, StoredDelivery, StoredMessage,
};
use webhooks_sender::{Error, Outbound};

use crate::describe::{paged, with_body_problems};
use crate::pages::{self, List};
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer, json, label, page, time};

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
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Lists show no payloads: a page of them would be large.
fn without_body(mut message: StoredMessage) -> StoredMessage {
    message.body = None;
    message
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    paged(operation)
        .summary("List the messages")
        .description("Newest first, without their bodies. A message that no subscription wanted was not kept.")
        .tag("messages")
        .parameter(Parameter::query::<str>("event").optional().description("Of these events: a name or a pattern."))
        .parameter(
            Parameter::query::<str>("label")
                .optional()
                .description("Those with this label, as `name=value`; repeated, those with all of them."),
        )
        .parameter(Parameter::query::<str>("since").optional().description("Sent at this time or later."))
        .parameter(Parameter::query::<str>("until").optional().description("Sent before this time."))
        .response::<List<StoredMessage>>(200, "A page of messages.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let mut filter = MessageFilter::new();
    if let Some(event) = query.event {
        filter = filter.event(event);
    }
    for text in &query.label {
        let (name, value) = label(text)?;
        filter = filter.label(name, value);
    }
    if let Some(since) = time("since", query.since.as_deref())? {
        filter = filter.since(since);
    }
    if let Some(until) = time("until", query.until.as_deref())? {
        filter = filter.until(until);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().messages(filter, page).await?;
    Ok(pages::list(found.map(without_body), &call.parts.uri))
}

pub(crate) fn describe_one(operation: Operation) -> Operation {
    operation
        .summary("Show a message")
        .description("With its body, byte for byte, for callers with the ability `payload`.")
        .tag("messages")
        .response::<StoredMessage>(200, "The message.")
}

pub(crate) async fn one<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let message = call.reach().message(&call.id("id")?).await?;
    Ok(json(&if call.may_read_payloads() {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplesQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    event: Option<String>,
}

/// The most samples.
const SAMPLES: u32 = 10;
/// The patterns of a subscription that samples are looked for.
const MAX_PATTERNS: usize = 10;

pub(crate) fn describe_samples(operation: Operation) -> Operation {
    operation
        .summary("List samples")
        .description(
            "The newest messages of an event that the subscription wants, as a bare array of their bodies: what Zapier \
             calls a perform-list. Empty until the first message was sent. Without `event`, the first ten patterns of the subscription are \
             looked for.",
        )
        .tag("subscriptions")
        .parameter(Parameter::query::<str>("event").optional().description("An event; the subscription's own without it."))
        .response::<Vec<Value>>(200, "Bodies as they were sent, newest first.")
}

pub(crate) async fn samples<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: SamplesQuery = call.query()?;
    if !call.may_read_payloads() {
        return Err(Problem::new(
            Kind::Forbidden,
            "samples take the ability `payload`",
        ));
    }
    let id: SubscriptionId = call.id("id")?;
    let subscription = call.reach().subscription(&id).await?;
    let account = call.sender.of(&subscription.owner);
    let events = query
        .event
        .map_or_else(|| subscription.settings.events.clone(), |event| vec![event]);
    let mut samples = Vec::new();
    // Each is a search of its own: a subscription with a hundred patterns must not cost a hundred.
    for event in events.into_iter().take(MAX_PATTERNS) {
        let page = PageRequest::first(SAMPLES);
        let found = account
            .messages(MessageFilter::new().event(event), page)
            .await?;
        samples.extend(
            found
                .items
                .into_iter()
                .filter(|message| subscription.wants(&message.event)),
        );
    }
    samples.sort_by_key(|message| std::cmp::Reverse(message.created));
    samples.dedup_by(|one, other| one.id == other.id);
    samples.truncate(SAMPLES as usize);
    let bodies: Vec<Value> = samples
        .iter()
        .filter_map(|message| serde_json::from_slice(message.body.as_deref()?).ok())
        .collect();
    Ok(json(&bodies))
}

/// A message to be sent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageRequest {
    /// The event, one of the catalogue.
    event: String,
    /// The payload; it must fit the event's schema.
    payload: Value,
    /// Short texts to search by.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    labels: std::collections::BTreeMap<String, String>,
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
    if let Some(key) = call.parts.headers.get("idempotency-key") {
        let key = key.to_str().map_err(|_| {
            Problem::new(Kind::InvalidHeader, "an `Idempotency-Key` is visible ASCII")
        })?;
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
