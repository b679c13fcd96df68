//! What the search in a body finds is what a JSON parser finds there: bodies are changed at random, signed, and read by
//! both. A hundred times as many with `WEBHOOKS_LONG`.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::{Arc, Mutex};

use serde_json::Value;
use support::SECRET;
use support::random::Random;
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, MessageIdSource, Received, Receiver, Scheme};

/// Bodies to begin with: nested, escaped, with names that come again elsewhere, with numbers and blanks of all kinds.
const CORPUS: [&str; 8] = [
    r#"{"type":"a","data":{"object":{"type":"b","id":1}},"id":"evt_1"}"#,
    r#" { "data" : { "object" : [ 1 , { "type" : "x" } ] , "type":"n"} , "type" : "charge.succeeded" } "#,
    r#"{"id":7,"type":"\u0061\u002e\"b","data":{"object":"text &payload=%7B%7D&"}}"#,
    r#"{"data":{"object":null,"data":{"object":2}},"type":true,"id":null}"#,
    r#"[{"type":"a"},{"data":{"object":1}}]"#,
    r#"{"":{"":1},"type":{"type":"a"},"data":[{"object":1}]}"#,
    r#"{"type":"ünï ♥","id":"\ud83d\ude00","data":{"object":{"a":[[[[[[[[1]]]]]]]]}}}"#,
    r#"{"a":1e10,"b":-0,"c":[true,false,null],"type":12,"data":{"object":-1.5e-3},"id":"x"}"#,
];

const PIECES: [&str; 22] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "null",
    "1",
    "-",
    "e9",
    "true",
    " ",
    "\n",
    "\"type\":\"z\",",
    "\"data\":{},",
    "\"id\":\"2\",",
    "\u{feff}",
    "\u{202e}",
    "&",
];

fn mutated(random: &mut Random) -> Vec<u8> {
    let mut body = random.one(&CORPUS).as_bytes().to_vec();
    for _ in 0..random.below(4) {
        let at = random.below(body.len().max(1)).min(body.len());
        match random.below(5) {
            0 => drop(body.splice(at..at, random.one(&PIECES).bytes())),
            1 if at < body.len() => drop(body.remove(at)),
            2 if at < body.len() => body[at] ^= 1 << random.below(8),
            3 => body.truncate(at),
            _ => {
                let other = random.one(&CORPUS).as_bytes();
                let from = random.below(other.len());
                let to = from + random.below(other.len() - from);
                drop(body.splice(at..at, other[from..to].iter().copied()));
            }
        }
    }
    body
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

/// Event, id and payload.
type Seen = (String, Option<String>, Value);

#[tokio::test]
async fn the_search_finds_what_a_parser_finds() {
    let seen: Arc<Mutex<Option<Seen>>> = Arc::default();
    let note = Arc::clone(&seen);
    let receiver: Receiver = Receiver::new(Scheme::hmac_sha256("x-sign"))
        .secret(SECRET)
        .unwrap();
    let mut test = receiver
        .event_name(EventSource::json("/type"))
        .payload_at("/data/object")
        .message_id(MessageIdSource::json("/id"))
        .on_event("*", move |message: Received<Value>| {
            let (event, id) = (message.event().to_owned(), message.id().map(str::to_owned));
            *note.lock().unwrap() = Some((event, id, message.data));
            std::future::ready(())
        })
        .testing(());
    let mut random = Random(0x5eed);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..support::cases(5_000) {
        let body = mutated(&mut random);
        let shown = String::from_utf8_lossy(&body).into_owned();
        let report = test.send_signed(SignedRequest::new(body.clone())).await;
        let status = report.status().as_u16();
        assert!([200, 400, 422].contains(&status), "{status} {shown}");
        let found = seen.lock().unwrap().take();
        assert_eq!(found.is_some(), status == 200, "{shown}");
        let parsed =
            serde_json::from_slice::<Value>(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body));
        let (Some((event, id, payload)), Ok(parsed)) = (found, parsed) else {
            refused += 1;
            continue;
        };
        read += 1;
        assert_eq!(Some(event), name(parsed.pointer("/type")), "{shown}");
        let expected = name(parsed.pointer("/id")).filter(|id| !id.is_empty());
        assert_eq!(id, expected, "{shown}");
        let object = parsed
            .pointer("/data/object")
            .cloned()
            .unwrap_or(Value::Null);
        assert_eq!(payload, object, "{shown}");
    }
    assert!(
        read > 1000 && refused > 1000,
        "{read} read, {refused} refused"
    );
}
