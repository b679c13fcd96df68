//! Our receiver verifies what our engine sends, in every way of signing it, and refuses it with anything changed.

use std::convert::Infallible;
use std::time::SystemTime;

use axum::body::Body;
use axum::http::{Method, Request};
use webhooks_receiver::{EventSource, Provider, Received, Receiver, Scheme};
use webhooks_tests::capture::{Capture, captures};

async fn posted(_: Received<serde_json::Value>) -> Result<(), Infallible> {
    Ok(())
}

async fn offered() -> Result<(), Infallible> {
    Ok(())
}

fn provider(capture: &Capture, scheme: Scheme) -> Provider {
    let header = if capture.prefix == "svix" {
        "svix-event"
    } else {
        "webhook-event"
    };
    let provider = Provider::new("ours", scheme);
    if capture.enveloped {
        provider.payload_at("/data")
    } else {
        provider.event_name(EventSource::header(header).bound_to_id())
    }
}

fn request(capture: &Capture) -> Request<Body> {
    let mut request = Request::builder()
        .method(capture.method.as_str())
        .uri("https://example.com/");
    for (name, value) in &capture.headers {
        request = request.header(name, value);
    }
    request
        .body(Body::from(capture.body.clone()))
        .expect("a request")
}

/// The status with which a receiver that has this key answers.
async fn answer(scheme: Scheme, key: &str, capture: &Capture, request: Request<Body>) -> u16 {
    let receiver = Receiver::new(provider(capture, scheme))
        .secret(key)
        .expect("a secret");
    let receiver = receiver.methods([Method::GET, Method::POST]);
    let receiver = receiver
        .on_event("parcel.posted", posted)
        .on_event("parcel.offered", offered);
    let mut testing = receiver.testing(());
    let now = SystemTime::now()
        .duration_since(testing.now())
        .expect("the test's clock stands in the past");
    testing.wait(now);
    testing.send_as_it_is(request).await.status().as_u16()
}

/// What verifies a request: each of its secrets, and its public key.
fn keys(capture: &Capture) -> Vec<(Scheme, &str)> {
    let v1 = if capture.prefix == "svix" {
        Scheme::SVIX
    } else {
        Scheme::STANDARD_WEBHOOKS
    };
    let secrets = capture
        .secrets
        .iter()
        .map(|secret| (v1.clone(), secret.as_str()));
    let public = capture
        .public_key
        .iter()
        .map(|key| (Scheme::STANDARD_WEBHOOKS_ED25519, key.as_str()));
    secrets.chain(public).collect()
}

#[tokio::test]
async fn what_the_engine_sends_is_received_and_nothing_that_differs_from_it() {
    let captures = captures().await.expect("captured");
    assert_eq!(
        captures.len(),
        15,
        "bare, enveloped and without a payload, in five ways"
    );
    for capture in &captures {
        for (scheme, key) in keys(capture) {
            let status = answer(scheme.clone(), key, capture, request(capture)).await;
            assert_eq!(status, 200, "{}", capture.name);
            for (what, changed) in changes(capture) {
                let status = answer(scheme.clone(), key, capture, changed).await;
                assert!(
                    matches!(status, 400 | 401),
                    "{}: {what} is answered with {status}",
                    capture.name
                );
            }
        }
    }
}

/// The request with one thing changed that was signed.
fn changes(capture: &Capture) -> Vec<(String, Request<Body>)> {
    let mut changes = Vec::new();
    let body = if capture.body.is_empty() {
        " ".to_owned()
    } else {
        capture.body.replacen('{', "{ ", 1)
    };
    changes.push(("another body".to_owned(), with_body(capture, body)));
    let signed = ["id", "timestamp", "signature"].map(|name| format!("{}-{name}", capture.prefix));
    // A bare payload's event is bound to the id, and with that to the signature.
    let event = capture
        .headers
        .keys()
        .find(|name| name.ends_with("-event"))
        .cloned();
    for name in signed.into_iter().chain(event) {
        let value = &capture.headers[&name];
        let last = if value.ends_with('5') { "6" } else { "5" };
        let other = format!("{}{last}", &value[..value.len() - 1]);
        let other = if name.ends_with("signature") {
            value.replace(',', ",A")
        } else {
            other
        };
        let mut one = request(capture);
        one.headers_mut().insert(
            axum::http::HeaderName::try_from(&name).expect("a header's name"),
            other.parse().expect("a header's value"),
        );
        changes.push((format!("another {name}"), one));
        let mut one = request(capture);
        one.headers_mut().remove(&name);
        changes.push((format!("no {name}"), one));
    }
    changes
}

fn with_body(capture: &Capture, body: String) -> Request<Body> {
    let (parts, _) = request(capture).into_parts();
    Request::from_parts(parts, Body::from(body))
}
