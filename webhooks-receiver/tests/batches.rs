//! Batches: one request with several messages.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::http::StatusCode;
use serde_json::json;
use support::{Notes, SECRET, github, send};
use webhooks_receiver::{EventSource, Provider, Received, Receiver, Scheme};

#[derive(serde::Deserialize)]
struct Payment {
    amount: u64,
}

#[tokio::test]
async fn a_batch_is_many_messages_in_their_order() {
    let notes = Notes::default();
    let log = notes.clone();
    let paid = move |message: Received<Payment>| {
        log.add(format!("{} {}", message.event(), message.data.amount));
        std::future::ready(())
    };
    let receiver = || {
        Receiver::new(Scheme::GITHUB)
            .secret(SECRET)
            .unwrap()
            .batch_at("/events")
            .event_name(EventSource::json("/kind"))
            .payload_at("/object")
            .on_event("paid", paid.clone())
    };
    let app = support::app(receiver());
    let body = r#"{"events":[{"kind":"paid","object":{"amount":1}},{"object":{"amount":2},"kind":"paid"},
        {"kind":"other"}]}"#;
    assert_eq!(send(&app, github("", body)).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["paid 1", "paid 2"]);
    let partly = r#"{"events":[{"kind":"paid","object":{"amount":"x"}},{"kind":"paid","object":{"amount":2}}]}"#;
    assert_eq!(
        send(&app, github("", partly)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        notes.take(),
        ["paid 2"],
        "the good ones of a batch are handled"
    );
    for (body, status) in [
        (r#"{"events":[]}"#, StatusCode::NO_CONTENT),
        (r#"{"events":[{"kind":"unknown"}]}"#, StatusCode::NO_CONTENT),
        (r#"{"events":{}}"#, StatusCode::BAD_REQUEST),
        ("{}", StatusCode::BAD_REQUEST),
        (r#"{"events":[{"object":1}]}"#, StatusCode::BAD_REQUEST),
        (
            r#"{"events":[{"kind":"a"}],"events":[]}"#,
            StatusCode::BAD_REQUEST,
        ),
    ] {
        assert_eq!(send(&app, github("", body)).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn a_batch_can_be_the_body_itself_or_lie_in_lists() {
    let notes = Notes::default();
    let mut sendgrid_like = Receiver::new(Scheme::GITHUB)
        .secret(SECRET)
        .unwrap()
        .batch_at("")
        .event_name(EventSource::json("/event"))
        .on_event("*", notes.events())
        .testing(());
    sendgrid_like
        .send("open", json!({}))
        .await
        .assert_status(200);
    assert_eq!(notes.take(), ["open"]);
    let meta = Receiver::new(Provider::META)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events());
    let body = r#"{"object":"x","entry":[{"changes":[{"field":"a","value":1},{"field":"b","value":2}]},
        {"changes":[{"field":"c","value":3}]}]}"#;
    assert_eq!(
        send(&support::app(meta), github("", body)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["a", "b", "c"]);
}
