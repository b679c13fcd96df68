//! What the log gets, and the sender does not.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::fmt;

use axum::http::StatusCode;
use serde_json::{Value, json};
use support::log::Log;
use support::{SECRET, WHSEC, app, github, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{MessageIdSource, Provider, Receiver, Scheme};

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
    let lines = log.hints();
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
    assert_eq!(log.hints().len(), 1, "a receiver of its own");
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
    let lines = log.hints();
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

#[tokio::test]
async fn what_is_refused_although_it_is_signed_is_logged_once_of_a_kind_with_status_and_id() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let app = app(receiver(Provider::STANDARD_WEBHOOKS));
    let send_body = async |body: &'static str, coding: &str| {
        let request = SignedRequest::new(body).header("content-encoding", coding);
        send(&app, signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, request))
            .await
            .status
    };
    for (body, coding, status) in [
        ("{}", "", 400),
        ("x=1", "", 400),
        (r#"{"type":"a"}"#, "gzip", 415),
    ] {
        for _ in 0..3 {
            assert_eq!(send_body(body, coding).await, status);
        }
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].starts_with("WARN")
                && lines[0].contains(&format!("status={status}"))
                && lines[0].contains("id=\"msg_test\"")
                && lines[0].contains("receiver=\"standard-webhooks\""),
            "{lines:?}"
        );
    }
}

#[tokio::test]
async fn an_event_without_a_handler_is_logged_and_a_handler_of_another_spelling_is_named() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret(SECRET).unwrap();
    let app = app(receiver.on_event("orders/create", async || ()));
    for (event, level, words) in [
        ("push", "INFO", "no handler for this event"),
        ("ORDERS_CREATE", "WARN", "there is one for `orders/create`"),
        ("orders/creat", "WARN", "there is one for `orders/create`"),
    ] {
        for _ in 0..2 {
            assert_eq!(
                send(&app, github(event, "{}")).await.status,
                StatusCode::NO_CONTENT
            );
        }
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].starts_with(level) && lines[0].contains(words),
            "{lines:?}"
        );
    }
}

#[tokio::test]
async fn requests_that_nobody_signed_are_counted_and_do_not_fill_the_log() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let app = app(receiver(Provider::STANDARD_WEBHOOKS));
    for _ in 0..1000 {
        let mut forged = bare("{}");
        *forged.body_mut() = axum::body::Body::from("{ }");
        send(&app, forged).await;
    }
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("no signature matches"), "{lines:?}");
    let unsigned = axum::http::Request::post("/hook")
        .body(axum::body::Body::empty())
        .unwrap();
    send(&app, unsigned).await;
    assert_eq!(log.take().len(), 1, "a reason of another kind");
}

#[tokio::test]
async fn a_senders_text_reaches_the_log_neither_whole_nor_with_a_line_of_its_own() {
    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Invoice {
        lines: std::collections::BTreeMap<String, u64>,
        #[serde(default)]
        color: Option<Color>,
    }
    #[derive(serde::Deserialize)]
    enum Color {
        Red,
    }
    const LINE: &str = "x\n2026-11-28T00:00:00Z  INFO payments: paid invoice 7";
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let receiver = receiver
        .on_event("a", async |_: Invoice| ())
        .on_event("b", async || {
            Err::<(), _>(format!("cannot read {LINE} {}", "y".repeat(5000)))
        });
    let mut test = receiver.testing(());
    let _ = Color::Red;
    for (event, payload) in [
        ("a", json!({ "lines": { (LINE): true } })),
        ("a", json!({ "lines": {}, "color": LINE })),
        ("a", json!({ "lines": "z".repeat(1_000_000) })),
        ("a", json!({ "lines": { "z".repeat(1_000_000): -1 } })),
        ("b", json!({})),
    ] {
        test.send(event, payload).await;
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(!lines[0].contains('\n'), "{lines:?}");
        assert!(lines[0].len() < 2500, "{} bytes", lines[0].len());
    }
}

#[tokio::test]
async fn names_and_ids_with_control_characters_blanks_at_an_end_or_too_long_are_refused() {
    let receiver: Receiver = Receiver::new(Scheme::hmac_sha256("x-sign"))
        .secret(SECRET)
        .unwrap();
    let mut test = receiver
        .message_id(MessageIdSource::json("/id"))
        .on_event("*", async || ())
        .testing(());
    let long = "x".repeat(257);
    for bad in ["a\u{0}b", " a", "a ", "a\nb", "\u{7f}", "a\u{202e}b", &long] {
        for body in [
            json!({ "type": bad, "id": "1" }),
            json!({ "type": "a", "id": bad }),
        ] {
            let report = test.send_signed(SignedRequest::new(body.to_string())).await;
            report.assert_unhandled().assert_status(400);
        }
    }
    for number in ["1e999", "1.5", "-0.0"] {
        let body = format!(r#"{{"type":{number}}}"#);
        test.send_signed(SignedRequest::new(body))
            .await
            .assert_status(400);
    }
    let longest = json!({ "type": &long[1..], "id": &long[1..] });
    test.send_signed(SignedRequest::new(longest.to_string()))
        .await
        .assert_status(200);
}

#[test]
fn a_late_handler_that_the_end_of_the_program_cuts_off_is_named() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let late =
        receiver(Provider::STANDARD_WEBHOOKS).answer_within(std::time::Duration::from_millis(1));
    let request = SignedRequest::new(r#"{"type":"invoice.paid"}"#).id("msg_7");
    runtime.block_on(async {
        let app = app(late.on_event("*", std::future::pending::<()>));
        assert_eq!(
            send(&app, signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, request))
                .await
                .status,
            StatusCode::ACCEPTED
        );
    });
    let lines = log.take();
    assert!(
        lines.iter().any(|line| {
            line.contains("answered before")
                && line.contains("event=\"invoice.paid\"")
                && line.contains("id=\"msg_7\"")
        }),
        "{lines:?}"
    );
    drop(runtime);
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("ERROR")
            && lines[0].contains("the message is lost")
            && lines[0].contains("event=\"invoice.paid\"")
            && lines[0].contains("id=\"msg_7\""),
        "{lines:?}"
    );
}
