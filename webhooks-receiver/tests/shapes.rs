//! One URL, several shapes of what comes there; and bodies that are not quite what their headers say.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use serde_json::{Value, json};
use support::{Notes, SECRET, WHSEC, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, MessageShape, Provider, Received, Receiver, Scheme};

/// Sends signed bodies to one receiver, and returns the events and payloads that reached its handler.
async fn received(
    provider: Provider,
    scheme: Scheme,
    requests: Vec<SignedRequest>,
) -> Vec<(String, Value)> {
    let seen: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let note = move |message: Received<Value>| {
        notes
            .lock()
            .unwrap()
            .push((message.event().to_owned(), message.data));
        std::future::ready(())
    };
    let receiver: Receiver = Receiver::new(provider).secret(SECRET).unwrap();
    let app = app(receiver.on_event("*", note));
    for request in requests {
        let shown = format!("{request:?}");
        let answer = send(&app, signed(&scheme, SECRET, request)).await;
        assert_eq!(answer.status, StatusCode::OK, "{shown} {}", answer.body);
    }
    let seen = seen.lock().unwrap();
    seen.clone()
}

fn form(body: &'static str) -> SignedRequest {
    SignedRequest::new(body).header("content-type", "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn slacks_events_notices_interactions_and_commands_share_a_url() {
    let limited = r#"{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1}"#;
    let event =
        r#"{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention","text":"hi"}}"#;
    let seen = received(
        Provider::SLACK,
        Scheme::SLACK,
        vec![
            SignedRequest::new(event),
            SignedRequest::new(limited),
            form("payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T1%22%7D%7D"),
            form("token=x&command=%2Fdeploy&text=to+production"),
        ],
    )
    .await;
    assert_eq!(
        seen,
        [
            (
                "app_mention".to_owned(),
                json!({ "type": "app_mention", "text": "hi" })
            ),
            (
                "app_rate_limited".to_owned(),
                serde_json::from_str(limited).unwrap()
            ),
            (
                "block_actions".to_owned(),
                json!({ "type": "block_actions", "team": { "id": "T1" } })
            ),
            (
                "/deploy".to_owned(),
                json!({ "token": "x", "command": "/deploy", "text": "to production" })
            ),
        ]
    );
}

#[tokio::test]
async fn stripes_snapshot_and_thin_events_share_a_url() {
    let thin = r#"{"id":"evt_2","object":"v2.core.event","type":"v1.billing.meter.no_meter_found","related_object":null}"#;
    let snapshot = r#"{"id":"evt_1","object":"event","type":"charge.succeeded","data":{"object":{"amount":5},"previous_attributes":{"amount":4}}}"#;
    let requests = || vec![SignedRequest::new(snapshot), SignedRequest::new(thin)];
    let seen = received(Provider::STRIPE, Scheme::STRIPE, requests()).await;
    assert_eq!(
        seen[0],
        ("charge.succeeded".to_owned(), json!({ "amount": 5 }))
    );
    assert_eq!(seen[1].0, "v1.billing.meter.no_meter_found");
    assert_eq!(seen[1].1["id"], "evt_2");
    let whole = received(
        Provider::STRIPE.payload_at("/data"),
        Scheme::STRIPE,
        requests(),
    )
    .await;
    assert_eq!(whole[0].1["previous_attributes"], json!({ "amount": 4 }));
}

#[tokio::test]
async fn gitlabs_system_hooks_have_the_names_in_their_bodies() {
    let hook =
        |body: &'static str| SignedRequest::new(body).header("x-gitlab-event", "System Hook");
    let seen = received(
        Provider::GITLAB_SYSTEM,
        Scheme::GITLAB_TOKEN,
        vec![
            hook(r#"{"event_name":"project_create","name":"StoreCloud"}"#),
            hook(r#"{"object_kind":"merge_request","event_type":"merge_request"}"#),
            hook(r#"{"object_kind":"build"}"#),
        ],
    )
    .await;
    let events: Vec<_> = seen.iter().map(|(event, _)| &**event).collect();
    assert_eq!(events, ["project_create", "merge_request", "build"]);
}

#[tokio::test]
async fn the_first_shape_with_name_and_payload_counts_and_a_name_said_by_hand_is_the_only_one() {
    const SHAPES: &[MessageShape] = &[
        MessageShape::new(EventSource::json("/b")).payload_at("/x"),
        MessageShape::new(EventSource::json("/c")),
    ];
    const ACME: Provider = Provider::new("acme", Scheme::hmac_sha256("x-acme"))
        .event_name(EventSource::json("/a"))
        .payload_at("/x")
        .other_shapes(SHAPES);
    let scheme = Scheme::hmac_sha256("x-acme");
    let bodies = [
        r#"{"a":"1","b":"2","x":0}"#,
        r#"{"a":"1","c":"3"}"#,
        r#"{"a":"1"}"#,
        r#"{"b":"2"}"#,
    ];
    let seen = received(ACME, scheme.clone(), bodies.map(SignedRequest::new).into()).await;
    assert_eq!(
        seen,
        [
            ("1".to_owned(), json!(0)),
            ("3".to_owned(), json!({ "a": "1", "c": "3" })),
            ("1".to_owned(), Value::Null),
            ("2".to_owned(), Value::Null),
        ]
    );
    let receiver: Receiver = Receiver::new(ACME).secret(SECRET).unwrap();
    let only = app(receiver.event_name(EventSource::json("/a")));
    let request = signed(&scheme, SECRET, SignedRequest::new(r#"{"c":"3"}"#));
    assert_eq!(send(&only, request).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn codings_that_code_nothing_are_read_and_real_ones_are_answered_415() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::STRIPE).secret(SECRET).unwrap();
    let app = app(receiver.on_event("*", notes.events()));
    let status = async |coding: &str| {
        let request = SignedRequest::new(r#"{"type":"a"}"#).header("content-encoding", coding);
        send(&app, signed(&Scheme::STRIPE, SECRET, request))
            .await
            .status
    };
    for coding in [
        "utf-8",
        "UTF-8",
        "Identity",
        "identity",
        "none",
        "",
        "aws-chunked",
    ] {
        assert_eq!(status(coding).await, StatusCode::OK, "{coding}");
    }
    for coding in [
        "gzip",
        "GZIP",
        "x-gzip",
        "deflate",
        "br",
        "zstd",
        "compress",
        "identity, gzip",
    ] {
        assert_eq!(
            status(coding).await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{coding}"
        );
    }
    assert_eq!(notes.take().len(), 7);
}

#[tokio::test]
async fn a_byte_order_mark_is_signed_and_not_read() {
    const MARKED: &str = "\u{feff}{\"type\":\"a\",\"data\":{\"object\":{\"n\":1}}}";
    let seen = received(
        Provider::STRIPE,
        Scheme::STRIPE,
        vec![SignedRequest::new(MARKED)],
    )
    .await;
    assert_eq!(seen, [("a".to_owned(), json!({ "n": 1 }))]);
    let batch = "\u{feff}{\"events\":[{\"type\":\"a\"}]}";
    let seen = received(
        Provider::LINE,
        Scheme::LINE,
        vec![SignedRequest::new(batch)],
    )
    .await;
    assert_eq!(seen, [("a".to_owned(), json!({ "type": "a" }))]);

    // The body keeps the bytes that were signed.
    let receiver: Receiver = Receiver::new(Provider::STRIPE).secret(SECRET).unwrap();
    let mut test = receiver
        .on_event("a", async |message: Received| {
            assert_eq!(message.body(), MARKED);
        })
        .testing(());
    test.send_signed(SignedRequest::new(MARKED))
        .await
        .assert_status(200);
    let unsigned = MARKED.trim_start_matches('\u{feff}');
    let mut request = test.last_request().unwrap();
    *request.body_mut() = unsigned.into();
    test.send_as_it_is(request.map(Into::into))
        .await
        .assert_status(401);
}

#[tokio::test]
async fn a_json_body_sent_as_curl_sends_it_is_read_and_a_form_where_json_is_expected_is_named() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let app = app(receiver.on_event("*", notes.events()));
    let as_form = async |body: &'static str| {
        send(&app, signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, form(body))).await
    };
    assert_eq!(as_form(r#"{"type":"a"}"#).await.status, StatusCode::OK);
    let refused = as_form("type=a").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.body, "the body is a form, and JSON is expected");
    assert_eq!(notes.take(), ["a"]);
}
