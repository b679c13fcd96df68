//! Whatever comes, nothing panics, nothing passes, and nothing is answered 500.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde_json::Value;
use support::random::Random;
use support::{Notes, SECRET, WHSEC, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Handshake, Provider, Receiver, RecentMessages, Scheme, Secret};

const HEADERS: [&str; 14] = [
    "content-type",
    "content-encoding",
    "content-length",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "webhook-event",
    "x-github-event",
    "x-hub-signature-256",
    "x-slack-signature",
    "x-slack-request-timestamp",
    "x-hook-secret",
    "webhook-request-origin",
    "webhook-request-rate",
];

fn receivers(notes: &Notes) -> Vec<Receiver> {
    let providers = [
        (Provider::GITHUB, SECRET),
        (Provider::SLACK, SECRET),
        (Provider::ZOOM, SECRET),
        (Provider::META, SECRET),
        (Provider::MANDRILL, SECRET),
        (Provider::STANDARD_WEBHOOKS, WHSEC),
        (Provider::STANDARD_WEBHOOKS_BARE, WHSEC),
    ];
    let made = providers.map(|(provider, secret)| {
        let receiver: Receiver = Receiver::new(provider).secret(secret).unwrap();
        receiver
            .public_url("https://example.com/hook")
            .unwrap()
            .handshake(Handshake::meta("token").unwrap())
            .handshake(Handshake::cloud_events(["origin"], None))
            .rest_hooks(async |_: Secret| Ok::<_, Infallible>(false))
            .deduplicate(RecentMessages::new(10))
            .on_event("*", notes.events())
    });
    made.into()
}

fn header(random: &mut Random) -> (HeaderName, Option<HeaderValue>) {
    let types: [&[u8]; 4] = [
        b"application/x-www-form-urlencoded",
        b"multipart/form-data",
        b"application/json",
        b"gzip",
    ];
    let value = if random.below(3) == 0 {
        random.one(&types).to_vec()
    } else {
        random.bytes()
    };
    (
        HeaderName::from_static(random.one(&HEADERS)),
        HeaderValue::from_bytes(&value).ok(),
    )
}

#[tokio::test]
async fn garbage_is_refused_without_a_panic() {
    let (notes, mut random) = (Notes::default(), Random(0x5eed));
    for receiver in receivers(&notes) {
        let mut test = receiver.testing(());
        for _ in 0..support::cases(2_000) {
            let methods = [
                &Method::POST,
                &Method::POST,
                &Method::GET,
                &Method::OPTIONS,
                &Method::HEAD,
            ];
            let method = random.one(&methods);
            let query = String::from_utf8_lossy(&random.bytes()).into_owned();
            let target: Uri = format!("/hook?{query}")
                .parse()
                .unwrap_or_else(|_| "/hook".parse().unwrap());
            let mut request = Request::builder()
                .method(method)
                .uri(target)
                .body(Body::from(random.bytes()))
                .unwrap();
            for _ in 0..random.below(6) {
                if let (name, Some(value)) = header(&mut random) {
                    request.headers_mut().append(name, value);
                }
            }
            let shown = format!("{request:?}");
            let report = test.send_as_it_is(request).await;
            assert!(!report.status().is_server_error(), "{shown} {report:?}");
        }
    }
    assert!(notes.take().is_empty(), "nothing of this was signed");
}

#[tokio::test]
async fn signed_garbage_is_read_or_refused_without_a_panic() {
    let (notes, mut random) = (Notes::default(), Random(0x5eed));
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let mut test = receiver
        .on_event("a", async |_: Value| ())
        .on_event("*", notes.events())
        .testing(());
    for _ in 0..support::cases(2_000) {
        let mut body = random.bytes();
        if random.below(2) == 0 {
            body = [br#"{"type":"a","data":"#.as_slice(), body.as_slice(), b"}"].concat();
        }
        let mut request = SignedRequest::new(body);
        if let (name, Some(value)) = header(&mut random)
            && let Ok(value) = value.to_str()
        {
            request = request.header(name.as_str(), value);
        }
        let shown = format!("{request:?}");
        let report = test.send_signed(request).await;
        assert!(!report.status().is_server_error(), "{shown} {report:?}");
    }
    assert!(
        notes.take().iter().any(|event| event == "a"),
        "some of it makes sense"
    );
}

#[tokio::test]
async fn no_single_changed_byte_passes() {
    let body = r#"{"type":"a","data":{"amount":5}}"#;
    let receiver: Receiver = Receiver::new(Scheme::GITHUB).secret(SECRET).unwrap();
    let app = support::app(receiver.on_event("a", async || ()));
    assert!(
        support::send(
            &app,
            signed(&Scheme::GITHUB, SECRET, SignedRequest::new(body))
        )
        .await
        .status
        .is_success()
    );
    for index in 0..body.len() {
        for bit in 0..8 {
            let mut bytes = body.as_bytes().to_vec();
            bytes[index] ^= 1 << bit;
            let mut request = signed(&Scheme::GITHUB, SECRET, SignedRequest::new(body));
            *request.body_mut() = Body::from(bytes);
            assert_eq!(
                support::send(&app, request).await.status.as_u16(),
                401,
                "byte {index}, bit {bit}"
            );
        }
    }
}
