//! Tests of a connection that providers send without a signature.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use support::{Notes, SECRET, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver, Scheme};

fn receiver(provider: Provider, notes: &Notes) -> Receiver {
    Receiver::new(provider)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events())
}

#[tokio::test]
async fn bitbuckets_connection_test_is_answered_without_a_signature() {
    let notes = Notes::default();
    let app = app(receiver(Provider::BITBUCKET, &notes));
    let ping = |key: &str| {
        Request::post("/hook")
            .header("x-event-key", key)
            .body(Body::from(r#"{"test":true}"#))
            .unwrap()
    };
    assert_eq!(
        send(&app, ping("diagnostics:ping")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        send(&app, ping("repo:refs_changed")).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn woocommerces_ping_of_a_new_webhook_is_answered_without_a_signature() {
    let notes = Notes::default();
    let app = app(receiver(Provider::WOOCOMMERCE, &notes));
    let form = "application/x-www-form-urlencoded";
    let ping = |content_type: &str, body: &'static str| {
        Request::post("/hook")
            .header("content-type", content_type)
            .header("user-agent", "WooCommerce/9.8.1 Hookshot (WordPress/6.8)")
            .body(Body::from(body))
            .unwrap()
    };
    assert_eq!(
        send(&app, ping(form, "webhook_id=17")).await.status,
        StatusCode::OK
    );
    for (content_type, body) in [
        (form, "webhook_id=17&id=1"),
        (form, "webhook_id="),
        (form, "webhook_id=1x"),
        (form, "webhook_id=123456789012345678901"),
        (form, "id=17"),
        ("application/json", "webhook_id=17"),
    ] {
        let answer = send(&app, ping(content_type, body)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{body}");
    }
    // What is signed is a message, whatever it says.
    let order = SignedRequest::new(r#"{"id":17}"#).header("x-wc-webhook-topic", "order.created");
    let answer = send(&app, signed(&Scheme::WOOCOMMERCE, SECRET, order)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(notes.take(), ["order.created"]);
}

#[tokio::test]
async fn dropboxs_challenge_is_sent_back_as_text() {
    let notes = Notes::default();
    let app = app(receiver(Provider::DROPBOX, &notes));
    let request = |method: Method, target: &str| {
        Request::builder()
            .method(method)
            .uri(target)
            .body(Body::empty())
            .unwrap()
    };
    let answer = send(&app, request(Method::GET, "/hook?challenge=%3Cb%3E1")).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, "<b>1")
    );
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    for target in ["/hook", "/hook?challenge=1&challenge=2"] {
        let answer = send(&app, request(Method::GET, target)).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers["allow"], "POST, GET");
    }
    let answer = send(&app, request(Method::POST, "/hook?challenge=1")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(notes.take().is_empty());
}
