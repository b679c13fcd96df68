//! Requests that providers or their libraries published, with their bodies, headers, keys and times, through the public
//! constants: the signature is theirs, and event, id and payload are found where they are.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use support::{app, send};
use webhooks_receiver::{EventSource, Provider, Received, Receiver, Scheme};

/// The number of the vector, the constant, the messages as event and id, and the JSON text at a pointer of the first
/// payload.
type Case = (
    &'static str,
    Provider,
    &'static [(&'static str, &'static str)],
    (&'static str, &'static str),
);

/// A request that was published without the name of an event, as one of a provider with one event.
fn one_event(scheme: Scheme) -> Provider {
    Provider::new("one event", scheme).event_name(EventSource::fixed("notice"))
}

#[expect(clippy::too_many_lines, reason = "a row a case")]
fn cases() -> Vec<Case> {
    vec![
        (
            "bitbucket-server-001",
            Provider::BITBUCKET,
            &[("repo:refs_changed", "")],
            ("/eventKey", r#""repo:refs_changed""#),
        ),
        (
            "bitbucket-server-011",
            Provider::BITBUCKET,
            &[("pr:merged", "")],
            ("/eventKey", r#""pr:merged""#),
        ),
        (
            "box-001",
            Provider::BOX,
            &[("FILE.UPLOADED", "f96bb54b-ee16-4fc5-aa65-8c2d9e5b546f")],
            ("/webhook/id", r#""1234567890""#),
        ),
        (
            "coinbase-commerce-001",
            Provider::COINBASE_COMMERCE,
            &[("charge:created", "24934862-d980-46cb-9402-43c81b0cdba6")],
            ("/code", r#""66BEOV2A""#),
        ),
        (
            "dropbox-001",
            Provider::DROPBOX,
            &[("changed", "")],
            (
                "/list_folder/accounts/0",
                r#""dbid:AAH4f99T0taONFbNO56Ru6wQQq-aVsd8""#,
            ),
        ),
        (
            "finch-001",
            one_event(Scheme::FINCH),
            &[("notice", "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj")],
            ("/company_id", r#""720be419-0293-4d32-a707-32179b0827ab""#),
        ),
        (
            "gitea-004",
            Provider::GITEA,
            &[("issues.opened", "")],
            ("/issue/id", "1"),
        ),
        (
            "gitea-009",
            Provider::GITEA,
            &[("push", "")],
            ("/ref", r#""refs/heads/master""#),
        ),
        (
            "github-015",
            Provider::GITHUB,
            &[("push.hello world", "")],
            ("", ""),
        ),
        (
            "gitlab-token-001",
            Provider::GITLAB,
            &[("Push Hook", "")],
            ("/object_kind", r#""push""#),
        ),
        (
            "gocardless-001",
            Provider::GOCARDLESS,
            &[("subscriptions.created", ""), ("mandates.created", "")],
            ("/id", r#""EV00BD05S5VM2T""#),
        ),
        (
            "gogs-008",
            Provider::GOGS,
            &[("release.published", "f6266f16-1bf3-46a5-9ea4-602e06ead473")],
            ("/release/tag_name", r#""v1.0.0""#),
        ),
        (
            "linear-001",
            Provider::LINEAR,
            &[("Comment.create", "234d1a4e-b617-4388-90fe-adc3633d6b72")],
            ("/data/id", r#""2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9""#),
        ),
        (
            "mandrill-001",
            Provider::MANDRILL,
            &[("send", "")],
            ("/event", r#""send""#),
        ),
        (
            "modern-treasury-004",
            one_event(Scheme::MODERN_TREASURY),
            &[("notice", "")],
            ("/a/b/c/d/4/1/bar/0", "true"),
        ),
        (
            "orb-007",
            Provider::ORB,
            &[("resource_event.test", "o4mmewpfNNTnjfZc")],
            ("/created_at", r#""2024-03-27T15:42:29+00:00""#),
        ),
        (
            "paddle-015",
            Provider::PADDLE,
            &[("customer.created", "evt_01hs0tqfme2xwb2hvwv87p8y3w")],
            ("/name", r#""John Doe""#),
        ),
        (
            "razorpay-001",
            Provider::RAZORPAY,
            &[("payment.authorized", "")],
            ("/payment/entity/amount", "1000000"),
        ),
        (
            "scalr-001",
            one_event(Scheme::SCALR),
            &[("notice", "")],
            ("/a", r#""b""#),
        ),
        (
            "sendgrid-001",
            Provider::SENDGRID,
            &[("dropped", "")],
            ("/reason", r#""Bounced Address""#),
        ),
        (
            "sentry-001",
            Provider::SENTRY,
            &[("installation.created", "1")],
            (
                "/installation/uuid",
                r#""a8e5d37a-696c-4c54-adb5-b3f28d64c7de""#,
            ),
        ),
        (
            "slack-001",
            Provider::SLACK,
            &[("/webhook-collect", "")],
            ("", ""),
        ),
        (
            "square-001",
            Provider::SQUARE,
            &[(
                "webhooks.test_notification",
                "ac3ac95b-f97d-458c-a6e6-18981597e05f",
            )],
            ("/type", r#""webhooks""#),
        ),
        ("twilio-010", Provider::TWILIO, &[("request", "")], ("", "")),
        (
            "workos-001",
            Provider::WORKOS,
            &[("user.created", "evt_01")],
            ("/object", r#""user""#),
        ),
        (
            "zoom-001",
            Provider::ZOOM,
            &[("meeting.started", "")],
            ("", "null"),
        ),
    ]
}

fn vectors() -> Vec<Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../webhooks-signature/tests/data/signature-vectors.json"
    );
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn request(vector: &Value) -> Request<Body> {
    let url = vector["url"].as_str().unwrap_or("https://example.com/hook");
    let mut request = Request::post("/hook");
    if let Some((_, query)) = url.split_once('?') {
        request = Request::post(format!("/hook?{query}"));
    }
    for (name, value) in vector["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let body = BASE64_STANDARD.decode(vector["body_base64"].as_str().unwrap());
    request.body(Body::from(body.unwrap())).unwrap()
}

#[tokio::test]
async fn published_requests_of_twenty_five_providers_are_verified_and_read() {
    let vectors = vectors();
    for (id, provider, messages, (pointer, text)) in cases() {
        let vector = vectors.iter().find(|vector| vector["id"] == id).expect(id);
        let now = vector["now"].as_u64().unwrap_or(1_700_000_000);
        let url = vector["url"].as_str().unwrap_or("https://example.com/hook");
        let seen: Arc<Mutex<Vec<(String, String, Value)>>> = Arc::default();
        let notes = Arc::clone(&seen);
        let note = move |message: Received<Value>| {
            let id = message.id().unwrap_or_default().to_owned();
            notes
                .lock()
                .unwrap()
                .push((message.event().to_owned(), id, message.data));
            std::future::ready(())
        };
        let receiver: Receiver = Receiver::new(provider)
            .secret(vector["secret"].as_str().unwrap())
            .unwrap();
        let app = app(receiver
            .public_url(url)
            .unwrap()
            .clock(move || UNIX_EPOCH + Duration::from_secs(now))
            .on_event("*", note));
        let mut request = request(vector);
        // This one was published without the header that names its event.
        if id == "github-015" {
            request
                .headers_mut()
                .insert("x-github-event", "push".parse().unwrap());
        }
        assert_eq!(send(&app, request).await.status, 200, "{id}");
        let seen = seen.lock().unwrap();
        let found: Vec<_> = seen
            .iter()
            .map(|(event, id, _)| (&**event, &**id))
            .collect();
        assert_eq!(found, messages, "{id}");
        if !text.is_empty() {
            let value = seen[0].2.pointer(pointer).map(Value::to_string);
            assert_eq!(value.as_deref(), Some(text), "{id} {}", seen[0].2);
        }
    }
}
