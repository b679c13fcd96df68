//! Content types, codings and forms: what a verified body is read as.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use support::{Notes, SECRET, app, github, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, Provider, Received, Receiver, Scheme};

fn receiver(notes: &Notes) -> Receiver {
    Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events())
}

#[tokio::test]
async fn the_content_type_may_be_missing_or_have_parameters() {
    let notes = Notes::default();
    let app = app(receiver(&notes));
    for media_type in [
        "application/json; charset=utf-8",
        "text/plain",
        "application/vnd.acme+json",
        "",
    ] {
        let request = SignedRequest::new("{}")
            .header("x-github-event", "push")
            .header("content-type", media_type);
        assert_eq!(
            send(&app, signed(&Scheme::GITHUB, SECRET, request))
                .await
                .status,
            StatusCode::OK
        );
    }
    let mut request = github("push", "{}");
    request.headers_mut().remove("content-type");
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
    assert_eq!(notes.take().len(), 5);
}

fn form(body: &'static str) -> Request<Body> {
    let request = SignedRequest::new(body)
        .header("x-github-event", "issues")
        .header(
            "Content-Type",
            "Application/X-WWW-Form-Urlencoded;charset=UTF-8",
        );
    signed(&Scheme::GITHUB, SECRET, request)
}

#[tokio::test]
async fn json_in_the_payload_field_of_a_form_is_read_like_a_json_body() {
    let notes = Notes::default();
    let log = notes.clone();
    let handler = move |data: Received<Value>| {
        log.add(format!("{} {}", data.event(), data.data["n"]));
        std::future::ready(())
    };
    let receiver: Receiver = Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("*", handler);
    let app = app(receiver);
    let good = "payload=%7B%22action%22%3A%22opened%22%2C%22n%22%3A7%7D&x=1";
    assert_eq!(send(&app, form(good)).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["issues.opened 7"]);
    let twice = "payload=%7B%7D&payload=%7B%7D";
    assert_eq!(
        send(&app, form(twice)).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send(&app, form("payload=%7B")).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_form_without_json_in_it_is_the_payload() {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Sms {
        from: String,
        num_media: u8,
    }
    let notes = Notes::default();
    let log = notes.clone();
    let handler = move |sms: Sms| {
        log.add(format!("{} {}", sms.from, sms.num_media));
        std::future::ready(())
    };
    let receiver: Receiver = Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .event_name(EventSource::json("/Kind"))
        .on_event("sms", handler);
    let app = app(receiver);
    assert_eq!(
        send(&app, form("From=%2B49+30&NumMedia=2&Kind=sms"))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["+49 30 2"]);
    let answer = send(&app, form("From=x&NumMedia=many&Kind=sms")).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "the payload cannot be read at `NumMedia`"
        )
    );
    assert_eq!(
        send(&app, form("Kind=a&Kind=b")).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_compressed_or_multipart_body_is_verified_as_sent_and_answered_415_if_it_must_be_read() {
    let notes = Notes::default();
    let unread = app(receiver(&notes).event_name(EventSource::header("x-github-event")));
    let read: Receiver = Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("*", async |_: Value| ());
    let read = app(read.event_name(EventSource::header("x-github-event")));
    let named_inside = app(receiver(&notes));
    for (header, value) in [
        ("content-encoding", "gzip"),
        ("content-type", "multipart/form-data; boundary=x"),
    ] {
        let request = SignedRequest::new(&b"\x1f\x8b\x08\xff"[..])
            .header("x-github-event", "push")
            .header(header, value);
        let request = || signed(&Scheme::GITHUB, SECRET, request.clone());
        assert_eq!(send(&unread, request()).await.status, StatusCode::OK);
        assert_eq!(
            send(&read, request()).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        assert_eq!(
            send(&named_inside, request()).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        let mut tampered = request();
        *tampered.body_mut() = Body::from("{}");
        assert_eq!(send(&read, tampered).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(notes.take(), ["push", "push"]);
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_are_a_valid_body() {
    let notes = Notes::default();
    let app = app(receiver(&notes).event_name(EventSource::header("x-github-event")));
    let request = SignedRequest::new(&b"\xff\xfe\x00"[..]).header("x-github-event", "push");
    assert_eq!(
        send(&app, signed(&Scheme::GITHUB, SECRET, request))
            .await
            .status,
        StatusCode::OK
    );
}

/// Unpacks bodies before the receiver sees them, as `RequestDecompressionLayer` of tower-http does.
async fn unpack(request: Request<Body>, next: axum::middleware::Next) -> axum::response::Response {
    use std::io::Read as _;

    let (mut parts, body) = request.into_parts();
    let packed = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&*packed)
        .read_to_end(&mut bytes)
        .unwrap();
    parts.headers.remove("content-encoding");
    parts.headers.remove("content-length");
    next.run(Request::from_parts(parts, Body::from(bytes)))
        .await
}

fn packed(body: &str) -> Vec<u8> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_that_is_signed_before_it_is_compressed_needs_a_layer_that_unpacks_it() {
    let notes = Notes::default();
    let limited = || receiver(&notes).body_limit(10_000);
    let plain = app(limited());
    let unpacking = app(limited()).layer(axum::middleware::from_fn(unpack));
    let request = |body: &str| {
        let mut request = github("push", body);
        *request.body_mut() = Body::from(packed(body));
        let coding = "gzip".parse().unwrap();
        request.headers_mut().insert("content-encoding", coding);
        request
    };
    assert_eq!(send(&unpacking, request("{}")).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["push"]);
    assert_eq!(
        send(&plain, request("{}")).await.status,
        StatusCode::UNAUTHORIZED
    );
    // The limit counts what was unpacked, so a small request does not become a large one.
    let bomb = format!("{{{}}}", " ".repeat(1 << 20));
    assert!(packed(&bomb).len() < 10_000);
    assert_eq!(
        send(&unpacking, request(&bomb)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(notes.take().is_empty());
}
