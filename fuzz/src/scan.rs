//! Event, id and payload, which are searched for in the bytes: what is found is what a JSON parser finds there.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, MessageIdSource, Received, Receiver, Scheme};

use super::run::run;

/// Event, id and payload.
type Seen = (String, Option<String>, Value);

/// Returns whether the body was read.
pub fn check(body: &[u8]) -> bool {
    let seen: Arc<Mutex<Option<Seen>>> = Arc::default();
    let note = Arc::clone(&seen);
    let receiver: Receiver = Receiver::new(Scheme::hmac_sha256("x-sign"))
        .secret("s3cret")
        .expect("a secret");
    let mut test = receiver
        .event_name(EventSource::json("/type"))
        .payload_at("/data/object")
        .message_id(MessageIdSource::json("/id"))
        .on_event("*", move |message: Received<Value>| {
            let (event, id) = (message.event().to_owned(), message.id().map(str::to_owned));
            *note.lock().expect("no test panics with it") = Some((event, id, message.data));
            std::future::ready(())
        })
        .testing(());
    let shown = String::from_utf8_lossy(body);
    let report = run(test.send_signed(SignedRequest::new(body.to_vec())));
    let status = report.status().as_u16();
    assert!([200, 400, 422].contains(&status), "{status} {shown}");
    let found = seen.lock().expect("no test panics with it").take();
    assert_eq!(found.is_some(), status == 200, "{shown}");
    let parsed =
        serde_json::from_slice::<Value>(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let (Some((event, id, payload)), Ok(parsed)) = (found, parsed) else {
        return false;
    };
    assert_eq!(Some(event), name(parsed.pointer("/type")), "{shown}");
    let expected = name(parsed.pointer("/id")).filter(|id| !id.is_empty());
    assert_eq!(id, expected, "{shown}");
    let object = parsed.pointer("/data/object").cloned();
    assert_eq!(payload, object.unwrap_or(Value::Null), "{shown}");
    true
}

/// A member's value as the name of something.
fn name(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
