//! What the log is told, and what the sender is not.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::fmt;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use serde_json::{Value, json};
use support::{WHSEC, app, send, signed};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver, Scheme};

/// Keeps what is logged by this thread at INFO and above.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write as _;
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

fn receiver(provider: Provider) -> Receiver {
    Receiver::new(provider)
        .secret(WHSEC)
        .unwrap()
        .on_event("a", async |_: Value| ())
}

/// A bare message as our own sender sends it: the id ends in the digits of the event's name.
fn bare(body: &str) -> axum::http::Request<axum::body::Body> {
    let request = SignedRequest::new(body.to_owned())
        .id("msg_1_ca978112ca1bbdca")
        .header("webhook-event", "a");
    signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, request)
}

#[tokio::test]
async fn a_bare_message_for_a_receiver_of_envelopes_names_the_provider_that_receives_it_once_in_a_while()
 {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let wrong = app(receiver(Provider::STANDARD_WEBHOOKS));
    for body in [r#"{"amount":1}"#, "12", ""] {
        assert_eq!(
            send(&wrong, bare(body)).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let own_type = bare(r#"{"type":"card"}"#);
    assert_eq!(
        send(&wrong, own_type).await.status,
        StatusCode::NO_CONTENT,
        "a payload with a `type` of its own"
    );
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("WARN") && lines[0].contains("`Provider::STANDARD_WEBHOOKS_BARE`"),
        "{lines:?}"
    );

    let own_type = bare(r#"{"type":"card"}"#);
    assert_eq!(
        send(&app(receiver(Provider::STANDARD_WEBHOOKS)), own_type)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(log.take().len(), 1, "a receiver of its own");
    let right = app(receiver(Provider::STANDARD_WEBHOOKS_BARE));
    assert_eq!(
        send(&right, bare(r#"{"amount":1}"#)).await.status,
        StatusCode::OK
    );
    assert_eq!(log.take(), [""; 0]);
}

#[tokio::test]
async fn an_envelope_for_a_receiver_of_bare_messages_names_the_provider_that_receives_it() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let mut envelope = receiver(Provider::STANDARD_WEBHOOKS).testing(());
    envelope.send("a", json!(1)).await.assert_status(200);
    assert_eq!(log.take(), [""; 0]);
    let wrong = app(receiver(Provider::STANDARD_WEBHOOKS_BARE));
    let enveloped = || {
        signed(
            &Scheme::STANDARD_WEBHOOKS,
            WHSEC,
            SignedRequest::new(r#"{"type":"a","data":1}"#),
        )
    };
    for _ in 0..2 {
        assert_eq!(
            send(&wrong, enveloped()).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("`Provider::STANDARD_WEBHOOKS` receives"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn nobody_is_told_of_the_form_of_requests_that_were_not_verified() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let mut forged = bare(r#"{"amount":1}"#);
    *forged.body_mut() = axum::body::Body::from("{}");
    let answer = send(&app(receiver(Provider::STANDARD_WEBHOOKS)), forged).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        log.take()
            .iter()
            .all(|line| line.contains("not authenticated"))
    );
}

/// An error that says why only in its source, as `anyhow` and `thiserror` make them.
#[derive(Debug)]
struct Saving(std::io::Error);

impl fmt::Display for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the charge was not saved")
    }
}

impl std::error::Error for Saving {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn the_error_of_a_handler_is_logged_with_its_sources_and_not_sent() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let failing = receiver(Provider::STANDARD_WEBHOOKS).on_event("b", async || {
        Err::<(), _>(Saving(std::io::Error::other("disk 3 is full")))
    });
    let mut test = failing.testing(());
    let report = test.send("b", json!({})).await;
    report.assert_status(500);
    assert!(!report.text().contains("disk"), "{}", report.text());
    let lines = log.take();
    assert!(
        lines[0].contains("failed: the charge was not saved: disk 3 is full"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_field_that_is_missing_is_answered_422_with_its_place() {
    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Charge {
        lines: Vec<Line>,
    }
    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Line {
        text: String,
    }
    let receiver = receiver(Provider::STANDARD_WEBHOOKS).on_event("b", async |_: Charge| ());
    let mut test = receiver.testing(());
    for (payload, place) in [
        (json!({}), "lines"),
        (json!({ "lines": [{ "text": "a" }, {}] }), "lines[1].text"),
    ] {
        let report = test.send("b", payload).await;
        report.assert_status(422);
        assert_eq!(
            report.text(),
            format!("the payload cannot be read at `{place}`")
        );
    }
}
