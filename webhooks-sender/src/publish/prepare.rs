//! From a message to the row that is stored: everything that can be refused is refused here, before the database.

use std::time::SystemTime;

use webhooks_core::{CatalogueEntry, Envelope, Message, Method};
use webhooks_store::{Database, Due, to_ms};

use super::Outbound;
use super::body::enveloped;
use crate::dialect::{Wire, check_value};
use crate::error::Error;
use crate::later::later;
use crate::model::{MessageId, Owner};
use crate::shared::Shared;
use crate::trace::{TraceParent, is_tracestate};

/// A message that was checked, as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) id: MessageId,
    pub(crate) event: String,
    /// Empty for everyone.
    pub(crate) owner: String,
    pub(crate) bare: bool,
    pub(crate) wire: Option<String>,
    pub(crate) body: Vec<u8>,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) labels: Option<String>,
    pub(crate) due: Due,
}

/// The longest idempotency key, in bytes.
const LONGEST_KEY: usize = 256;
/// The largest labels of a message, as JSON.
const LARGEST_LABELS: usize = 4096;

/// Checks a message of the application's: one that no declared function built also against its schema.
pub(crate) fn prepare<D: Database>(
    shared: &Shared<D>,
    owner: &Owner,
    outbound: &Outbound,
) -> Result<Prepared, Error> {
    if shared.is_shut_down() {
        return Err(Error::ShutDown);
    }
    let message = &outbound.message;
    if !message.is_typed() {
        let entry = shared.entry(message.descriptor(), outbound.event.as_deref())?;
        if let Some(payload) = payload(entry, message)? {
            shared.schemas.check(entry, payload)?;
        }
    }
    prepare_typed(shared, owner, outbound)
}

/// Checks a message whose payload is known to be what was declared.
pub(crate) fn prepare_typed<D: Database>(
    shared: &Shared<D>,
    owner: &Owner,
    outbound: &Outbound,
) -> Result<Prepared, Error> {
    let name = owner.name().unwrap_or_default();
    if !(owner.is_everyone() || Owner::is_valid(name)) {
        return Err(Error::Owner);
    }
    let message = &outbound.message;
    let entry = shared.entry(message.descriptor(), outbound.event.as_deref())?;
    let payload = payload(entry, message)?;
    let (event, now) = (entry.name().as_str(), shared.now());
    let bare = entry.envelope() == Envelope::Bare;
    let body = if bare || body_method(entry).is_none() {
        payload.unwrap_or_default().to_vec()
    } else {
        enveloped(event, message.time().unwrap_or(now), payload).ok_or(Error::Time)?
    };
    if body.len() > shared.rules.body_limit {
        return Err(Error::TooLarge {
            found: body.len(),
            limit: shared.rules.body_limit,
        });
    }
    let wire = wire(entry, outbound, payload.is_some())?;
    let id = MessageId::new(now, shared.random()?);
    Ok(Prepared {
        id: if bare { id.bound_to(event) } else { id },
        event: event.to_owned(),
        owner: name.to_owned(),
        bare,
        wire: (!is_usual(&wire))
            .then(|| serde_json::to_string(&wire).expect("texts are always JSON")),
        body,
        created_ms: to_ms(now),
        expires_ms: outbound.expires_after.map(|after| to_ms(later(now, after))),
        idempotency_key: checked_key(outbound.idempotency_key.as_deref())?,
        labels: labels(outbound)?,
        due: outbound.send_at.map_or(
            Due::Now,
            |time| if time <= now { Due::Now } else { Due::At(time) },
        ),
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

/// The body's content type; none where there is none. An envelope is a body also without a payload in it.
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

/// What of a message goes into its requests; see [`usual`].
fn wire(entry: &CatalogueEntry, outbound: &Outbound, has_payload: bool) -> Result<Wire, Error> {
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
    let traceparent = outbound
        .traceparent
        .clone()
        .filter(|value| TraceParent::parse(value).is_some());
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
        tracestate: outbound
            .tracestate
            .clone()
            .filter(|state| traceparent.is_some() && is_tracestate(state)),
        traceparent,
    })
}

/// What nearly every message has and no row stores: a POST of JSON without parameters.
pub(crate) fn usual() -> Wire {
    Wire {
        method: "POST".to_owned(),
        content_type: Some("application/json".to_owned()),
        headers: Vec::new(),
        query: Vec::new(),
        cookies: Vec::new(),
        methods: Vec::new(),
        traceparent: None,
        tracestate: None,
    }
}

fn is_usual(wire: &Wire) -> bool {
    *wire == usual()
}

/// A key that both databases take: PostgreSQL refuses a NUL, and with it everybody's sends that share the commit.
fn checked_key(key: Option<&str>) -> Result<Option<String>, Error> {
    let is_key =
        |key: &str| (1..=LONGEST_KEY).contains(&key.len()) && !key.chars().any(char::is_control);
    match key {
        Some(key) if !is_key(key) => Err(Error::Outbound(
            "an idempotency key has 1 to 256 bytes and no control characters",
        )),
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

/// Whether a message is no longer worth delivering.
pub(crate) fn is_expired(expires_ms: Option<i64>, now: SystemTime) -> bool {
    expires_ms.is_some_and(|expires| expires <= to_ms(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_expires_at_its_time_and_one_without_never() {
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(10);
        assert!(
            is_expired(Some(10_000), now)
                && !is_expired(Some(10_001), now)
                && !is_expired(None, now)
        );
    }
}
