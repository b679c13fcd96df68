//! From a message to the row that is stored: everything that can be refused is refused here, before the database.

use std::time::SystemTime;

use webhooks_core::{CatalogueEntry, Envelope, Message, Method, PayloadInfo};
use webhooks_store::{Due, to_ms};

use super::Outbound;
use super::body::enveloped;
use crate::context::Publishing;
use crate::dialect::{Wire, check_value};
use crate::error::Error;
use crate::model::Owner;
use crate::tables::NewMessage;
use crate::time::saturating_add;
use crate::trace::TraceContext;

/// A message that was checked, and when it is due.
#[derive(Debug, Clone)]
pub(crate) struct CheckedMessage {
    pub(crate) row: NewMessage,
    pub(crate) due: Due,
    /// What it must not overtake.
    pub(crate) order_key: Option<String>,
    /// Whether its owner may see the event; without that it is accepted and goes nowhere.
    pub(crate) is_visible: bool,
}

/// The longest key of a message, in bytes.
const LONGEST_KEY: usize = 256;
const KEY_RULE: &str = "an idempotency key has 1 to 256 bytes and no control characters";
const ORDER_KEY_RULE: &str = "an order key has 1 to 256 bytes and no control characters";
/// The largest labels of a message, as JSON.
const LARGEST_LABELS: usize = 4096;

/// Checks a message of the application's: one that no declared function built also against its schema.
///
/// In a debug build, and so in tests, the message of a declared function is checked too. The compiler knows its type, and
/// not what `#[serde(serialize_with)]` writes of it: a body that does not fit the document is found before a customer
/// finds it.
pub(crate) fn prepare(
    publishing: &Publishing,
    now: SystemTime,
    owner: &Owner,
    outbound: &Outbound,
) -> Result<CheckedMessage, Error> {
    if publishing.is_shut_down() {
        return Err(Error::ShutDown);
    }
    let message = &outbound.message;
    if !message.is_typed() || (cfg!(debug_assertions) && is_json(message)) {
        let entry = publishing.entry(message.descriptor(), outbound.event.as_deref())?;
        if let Some(payload) = payload(entry, message)? {
            publishing.schemas.check(entry, payload)?;
        }
    }
    prepare_typed(publishing, now, owner, outbound)
}

fn is_json(message: &Message) -> bool {
    let payload = message.descriptor().payload_info();
    payload.is_some_and(PayloadInfo::is_json)
}

/// Checks a message whose payload is known to be what was declared.
pub(crate) fn prepare_typed(
    publishing: &Publishing,
    now: SystemTime,
    owner: &Owner,
    outbound: &Outbound,
) -> Result<CheckedMessage, Error> {
    if owner.name().is_some_and(|name| !Owner::is_valid(name)) {
        return Err(Error::Owner);
    }
    let message = &outbound.message;
    let entry = publishing.entry(message.descriptor(), outbound.event.as_deref())?;
    let payload = payload(entry, message)?;
    let event = entry.name().as_str();
    let bare = entry.envelope() == Envelope::Bare;
    let body = if bare || body_method(entry).is_none() {
        payload.unwrap_or_default().to_vec()
    } else {
        enveloped(event, message.time().unwrap_or(now), payload).ok_or(Error::Time)?
    };
    if body.len() > publishing.body_limit {
        return Err(Error::TooLarge {
            found: body.len(),
            limit: publishing.body_limit,
        });
    }
    let trace = outbound.trace().or_else(|| publishing.trace());
    let wire = wire(entry, outbound, trace, payload.is_some())?;
    let id = publishing.next_id(now)?;
    let row = NewMessage {
        id: if bare { id.bound_to(event) } else { id },
        event: event.to_owned(),
        owner: owner.clone(),
        bare,
        wire: (wire != Wire::usual())
            .then(|| serde_json::to_string(&wire).expect("texts are always JSON")),
        body: body.into(),
        created_ms: to_ms(now),
        expires_ms: outbound
            .expires_after
            .map(|after| to_ms(saturating_add(now, after))),
        idempotency_key: checked_key(outbound.idempotency_key.as_deref(), KEY_RULE)?,
        labels: labels(outbound)?,
    };
    let due = match outbound.send_at {
        Some(time) if time > now => Due::At(time),
        _ => Due::Now,
    };
    Ok(CheckedMessage {
        is_visible: publishing.may_see(owner.name(), event)?,
        row,
        due,
        order_key: checked_key(outbound.order_key.as_deref(), ORDER_KEY_RULE)?,
    })
}

/// The first method with a body: a subscriber may choose it where another one is the message's own.
fn body_method(entry: &CatalogueEntry) -> Option<Method> {
    entry
        .methods()
        .iter()
        .copied()
        .find(|method| method.carries_body())
}

fn payload<'m>(entry: &CatalogueEntry, message: &'m Message) -> Result<Option<&'m [u8]>, Error> {
    Ok(message.payload_for(body_method(entry).unwrap_or(message.method()))?)
}

/// The body's content type, if the request has a body. An envelope is a body also without a payload in it.
fn content_type(entry: &CatalogueEntry, has_payload: bool) -> Option<String> {
    let declared = || {
        entry
            .descriptor()
            .payload_info()
            .map_or("application/json", |info| info.media_type())
    };
    let is_enveloped = entry.envelope() != Envelope::Bare && body_method(entry).is_some();
    (has_payload || is_enveloped).then(|| declared().to_owned())
}

/// What a message brings into its requests besides its body.
fn wire(
    entry: &CatalogueEntry,
    outbound: &Outbound,
    trace: Option<TraceContext>,
    has_payload: bool,
) -> Result<Wire, Error> {
    let message = &outbound.message;
    let owned = |pairs: &mut dyn Iterator<Item = (&str, &str)>| -> Vec<(String, String)> {
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let (headers, cookies) = (owned(&mut message.headers()), owned(&mut message.cookies()));
    let bad_header = headers
        .iter()
        .find(|(_, value)| check_value(value).is_none());
    // A semicolon would begin another cookie (RFC 6265, section 4.1.1).
    let is_cookie = |value: &str| {
        value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
    };
    let bad_cookie = cookies.iter().find(|(_, value)| !is_cookie(value));
    if let Some((name, _)) = bad_header.or(bad_cookie) {
        return Err(Error::Parameter { name: name.clone() });
    }
    let methods = entry.methods();
    let names = |methods: &[Method]| {
        methods
            .iter()
            .map(|method| method.as_str().to_owned())
            .collect()
    };
    Ok(Wire {
        method: message.method().as_str().to_owned(),
        content_type: content_type(entry, has_payload),
        headers,
        query: owned(&mut message.query()),
        cookies,
        methods: if methods.len() > 1 {
            names(methods)
        } else {
            Vec::new()
        },
        tracestate: trace
            .as_ref()
            .and_then(|trace| trace.tracestate().map(str::to_owned)),
        traceparent: trace.map(|trace| trace.traceparent().to_owned()),
    })
}

/// A key that both databases take: PostgreSQL refuses a NUL, and with it all sends that share the commit.
fn checked_key(key: Option<&str>, rule: &'static str) -> Result<Option<String>, Error> {
    let is_key =
        |key: &str| (1..=LONGEST_KEY).contains(&key.len()) && !key.chars().any(char::is_control);
    match key {
        Some(key) if !is_key(key) => Err(Error::Outbound(rule)),
        key => Ok(key.map(str::to_owned)),
    }
}

fn labels(outbound: &Outbound) -> Result<Option<String>, Error> {
    if outbound.labels.is_empty() {
        return Ok(None);
    }
    let labels = serde_json::to_string(&outbound.labels).expect("texts are always JSON");
    if labels.len() > LARGEST_LABELS {
        return Err(Error::Outbound(
            "the labels of a message take more than 4096 bytes; keep large things elsewhere",
        ));
    }
    Ok(Some(labels))
}
