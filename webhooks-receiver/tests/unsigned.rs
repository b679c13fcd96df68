//! Whatever is not signed decides nothing: one signed request, any unsigned part of it changed, is the same message or
//! is refused.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request};
use serde_json::{Value, json};
use webhooks_receiver::testing::TestReceiver;
use webhooks_receiver::{Provider, Received, Scheme};

use support::providers::{Case, case, cases};
use support::random::Random;
use support::{SECRET, WHSEC};

/// What reached the handler: event, id and payload.
type Messages = Arc<Mutex<Vec<(String, Option<String>, Value)>>>;

fn receiver(case: &Case, messages: &Messages) -> TestReceiver {
    let seen = Arc::clone(messages);
    let note = move |message: Received<Value>| {
        let (event, id) = (message.event().to_owned(), message.id().map(str::to_owned));
        seen.lock().unwrap().push((event, id, message.data));
        std::future::ready(())
    };
    case.testing(case.receiver().on_event("*", note))
}

/// A text that a user wrote: fields of a form, a call of another event, and whatever else could be taken for structure.
const TEXTS: [&str; 4] = [
    "hi &payload=%7B%22type%22%3A%22payment.succeeded%22%2C%22id%22%3A%22evt_new%22%2C%22data%22%3A%7B%22object%22%3A%7B%22amount%22%3A1000000%7D%7D%7D& bye",
    "x&type=payment.succeeded&event=payment.succeeded&amount=1000000&id=evt_new&",
    "a=b&ssl_check=1&mandrill_events=%5B%7B%22event%22%3A%22open%22%7D%5D&",
    "--b\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"type\":\"payment.succeeded\"}\r\n--b--",
];

const TYPES: [&str; 10] = [
    "application/x-www-form-urlencoded",
    "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8",
    "multipart/form-data; boundary=b",
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "",
    "application/json; charset=utf-16",
    "message/http",
    "application/cloudevents+json",
];

const CODINGS: [&str; 8] = [
    "gzip", "identity", "Identity", "utf-8", "none", "", "br, gzip", "x",
];

/// One change of what is not signed.
fn change(random: &mut Random, request: &mut Request<Bytes>, unsigned: &[&str]) -> String {
    const METHODS: [Method; 5] = [
        Method::GET,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::HEAD,
    ];
    const NAMES: [&str; 20] = [
        "webhook-event",
        "x-github-event",
        "x-shopify-topic",
        "x-event-key",
        "x-gitlab-event",
        "webhook-id",
        "svix-id",
        "x-github-delivery",
        "idempotency-key",
        "x-http-method-override",
        "content-length",
        "transfer-encoding",
        "accept",
        "host",
        "x-forwarded-host",
        "x-original-url",
        "content-language",
        "content-location",
        "x-hook-secret",
        "ce-type",
    ];
    let name = |name: &'static str| HeaderName::from_static(name);
    match random.below(7) {
        0 => {
            let value = random.one(&TYPES);
            let value = HeaderValue::from_str(value).unwrap();
            let change = format!("content type {value:?}");
            request.headers_mut().insert(name("content-type"), value);
            change
        }
        1 => {
            request.headers_mut().remove("content-type");
            "no content type".to_owned()
        }
        2 => {
            let value = HeaderValue::from_str(random.one(&CODINGS)).unwrap();
            let change = format!("coding {value:?}");
            request
                .headers_mut()
                .insert(name("content-encoding"), value);
            change
        }
        3 => {
            let method = METHODS[random.below(METHODS.len())].clone();
            *request.method_mut() = method.clone();
            format!("method {method}")
        }
        4 => {
            // One more header; a header that is there already is not replaced.
            let new = NAMES[random.below(NAMES.len())];
            if unsigned.contains(&new) {
                return "nothing".to_owned();
            }
            request
                .headers_mut()
                .append(name(new), HeaderValue::from_static("payment.succeeded"));
            format!("another {new}")
        }
        5 => {
            // Every header once more, with the same value.
            let all = request.headers().clone();
            for (name, value) in &all {
                request.headers_mut().append(name, value.clone());
            }
            "every header twice".to_owned()
        }
        _ => {
            let mut all: Vec<_> = request
                .headers()
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            for index in (1..all.len()).rev() {
                all.swap(index, random.below(index + 1));
            }
            *request.headers_mut() = all.into_iter().collect();
            "another order".to_owned()
        }
    }
}

#[tokio::test]
async fn a_change_of_what_is_not_signed_gives_the_same_message_or_a_refusal() {
    let rounds = support::cases(40);
    let mut random = Random(0x5eed);
    for case in cases() {
        let messages = Messages::default();
        let mut test = receiver(&case, &messages);
        for text in TEXTS {
            // Linear signs the time in the body, which is that of the test kit: 2026-01-01.
            let payload = json!({
                "text": text,
                "action": "opened",
                "webhookTimestamp": 1_767_225_600_000_u64,
            });
            test.send("comment.created", payload)
                .await
                .assert_status(200);
            let signed = test.last_request().unwrap();
            let original = std::mem::take(&mut *messages.lock().unwrap());
            assert!(!original.is_empty(), "{}", case.name);
            for _ in 0..rounds {
                let mut changed = signed.clone();
                let what: Vec<_> = (0..=random.below(3))
                    .map(|_| change(&mut random, &mut changed, case.unsigned))
                    .collect();
                let report = test.send_as_it_is(changed.map(Body::from)).await;
                let now = std::mem::take(&mut *messages.lock().unwrap());
                let is_refused = now.is_empty() && !report.status().is_success();
                assert!(
                    is_refused || now == original,
                    "{} with {what:?}: {} {now:?} instead of {original:?}",
                    case.name,
                    report.status()
                );
                assert!(!report.status().is_server_error(), "{} {what:?}", case.name);
            }
        }
    }
}

/// The attacks that were found, byte for byte as they were made.
#[tokio::test]
async fn a_signed_json_body_is_never_read_as_a_form() {
    for (provider, secret) in [
        (Provider::STANDARD_WEBHOOKS, WHSEC),
        (Provider::SVIX, WHSEC),
        (Provider::STRIPE, SECRET),
        (Provider::GITHUB, SECRET),
        (Provider::SHOPIFY, SECRET),
        (Provider::SLACK, SECRET),
        (Scheme::hmac_sha256("x-acme-signature").into(), SECRET),
    ] {
        let messages = Messages::default();
        let case = case("", provider, secret, &[]);
        let mut test = receiver(&case, &messages);
        for text in &TEXTS[..2] {
            test.send("comment.created", json!({ "text": text }))
                .await
                .assert_status(200);
            let original = std::mem::take(&mut *messages.lock().unwrap());
            let mut forged = test.last_request().unwrap();
            forged.headers_mut().insert(
                "content-type",
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            test.send_as_it_is(forged.map(Body::from))
                .await
                .assert_status(200);
            assert_eq!(*messages.lock().unwrap(), original);
            messages.lock().unwrap().clear();
        }
    }
}
