//! Where the event's name comes from, and which names are refused.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::Router;
use axum::http::StatusCode;
use serde_json::json;
use support::{Notes, SECRET, WHSEC, app, github, send, signed, standard};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, Provider, Receiver, Scheme};

fn noting(notes: &Notes, provider: impl Into<Provider>, secret: &str) -> Receiver {
    Receiver::new(provider)
        .secret(secret)
        .unwrap()
        .on_event("*", notes.events())
}

#[tokio::test]
async fn a_header_and_the_action_make_the_name() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::GITHUB, SECRET));
    for body in [
        r#"{"action":"opened"}"#,
        "{}",
        r#"{"action":null}"#,
        r#"{"action":{}}"#,
        r#"{"action":""}"#,
    ] {
        assert_eq!(
            send(&app, github("issues", body)).await.status,
            StatusCode::OK,
            "{body}"
        );
    }
    assert_eq!(
        notes.take(),
        ["issues.opened", "issues", "issues", "issues", "issues"]
    );
}

#[tokio::test]
async fn an_action_that_is_a_users_text_is_part_of_the_name() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::GITHUB, SECRET));
    send(
        &app,
        github("repository_dispatch", r#"{"action":"on-demand test/é"}"#),
    )
    .await;
    assert_eq!(notes.take(), ["repository_dispatch.on-demand test/é"]);
}

#[tokio::test]
async fn a_missing_or_empty_name_is_answered_400() {
    let notes = Notes::default();
    let header = app(noting(&notes, Provider::GITHUB, SECRET));
    let unnamed = signed(&Scheme::GITHUB, SECRET, SignedRequest::new("{}"));
    assert_eq!(send(&header, unnamed).await.status, StatusCode::BAD_REQUEST);
    for name in ["", " "] {
        assert_eq!(
            send(&header, github(name, "{}")).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    let json = app(noting(&notes, Provider::STANDARD_WEBHOOKS, WHSEC));
    for body in [
        "{}",
        r#"{"type":""}"#,
        r#"{"type":null}"#,
        r#"{"type":{}}"#,
        r#"{"type":["a"]}"#,
        "[]",
        "1",
    ] {
        assert_eq!(
            send(&json, standard(body)).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn a_body_that_is_signed_but_not_json_is_answered_400() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::STANDARD_WEBHOOKS, WHSEC));
    for body in ["", "{", "type=a", r#"{"type":"a"} and more"#] {
        assert_eq!(
            send(&app, standard(body)).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
}

#[tokio::test]
async fn type_may_come_after_data_and_inside_of_it_means_nothing() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::STANDARD_WEBHOOKS, WHSEC));
    send(
        &app,
        standard(r#"{"data":{"type":"inner"},"type":"outer"}"#),
    )
    .await;
    assert_eq!(notes.take(), ["outer"]);
}

#[tokio::test]
async fn a_name_or_payload_that_stands_twice_is_answered_400() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::STANDARD_WEBHOOKS, WHSEC));
    for body in [
        r#"{"type":"a","type":"b","data":1}"#,
        r#"{"type":"a","data":1,"data":2}"#,
    ] {
        assert_eq!(
            send(&app, standard(body)).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let mut request = github("push", "{}");
    request
        .headers_mut()
        .append("x-github-event", "release".parse().unwrap());
    let github = support::app(noting(&notes, Provider::GITHUB, SECRET));
    assert_eq!(send(&github, request).await.status, StatusCode::BAD_REQUEST);
    assert!(notes.take().is_empty());
}

#[tokio::test]
async fn a_name_can_be_a_number() {
    let notes = Notes::default();
    let receiver = noting(&notes, Scheme::GITHUB, SECRET);
    send(&app(receiver), github("", r#"{"type":2}"#)).await;
    assert_eq!(notes.take(), ["2"]);
}

#[tokio::test]
async fn a_name_can_stand_in_the_route() {
    let notes = Notes::default();
    let receiver = noting(&notes, Scheme::GITHUB, SECRET).event_name(EventSource::path("event"));
    let app = Router::new().route("/hooks/{event}", receiver.into());
    let mut request = github("", "{}");
    *request.uri_mut() = "/hooks/payment%2Ecreated".parse().unwrap();
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["payment.created"]);
}

#[tokio::test]
async fn a_renamed_header_is_found_under_both_names() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::SHOPIFY, SECRET));
    for header in ["x-shopify-topic", "Shopify-Topic"] {
        let request = SignedRequest::new("{}").header(header, "products/create");
        assert_eq!(
            send(&app, signed(&Scheme::SHOPIFY, SECRET, request))
                .await
                .status,
            StatusCode::OK
        );
    }
    assert_eq!(notes.take(), ["products/create", "products/create"]);
}

/// SHA-256 of `payment.failed` begins like this.
const FAILED: &str = "msg_1_bc847fdf659accc4";

fn bare(event: &str, id: &str) -> axum::http::Request<axum::body::Body> {
    let request = SignedRequest::new(r#"{"amount":5}"#)
        .header("webhook-event", event)
        .id(id);
    signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, request)
}

#[tokio::test]
async fn a_bare_message_is_known_by_a_name_that_belongs_to_its_id() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::STANDARD_WEBHOOKS_BARE, WHSEC));
    assert_eq!(
        send(&app, bare("payment.failed", FAILED)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["payment.failed"]);
}

#[tokio::test]
async fn a_captured_message_cannot_be_sent_again_under_another_name() {
    let notes = Notes::default();
    let app = app(noting(&notes, Provider::STANDARD_WEBHOOKS_BARE, WHSEC));
    let upper = FAILED.to_uppercase();
    let short = &FAILED[..FAILED.len() - 1];
    let digits = FAILED.trim_start_matches("msg_1_");
    for (event, id) in [
        ("payment.succeeded", FAILED),
        ("payment.failed ", FAILED),
        ("Payment.failed", FAILED),
        ("payment.failed", "msg_1"),
        ("payment.failed", short),
        ("payment.failed", upper.as_str()),
        ("payment.failed", digits),
        ("payment.failed", "msg_1_bc847fdf659accc40"),
    ] {
        let answer = send(&app, bare(event, id)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{event} {id}");
        assert_eq!(answer.body, "the request could not be authenticated");
    }
    assert!(notes.take().is_empty());
    let mut test = Receiver::new(Provider::STANDARD_WEBHOOKS_BARE)
        .secret(WHSEC)
        .unwrap()
        .testing(());
    test.send("payment.failed", json!({}))
        .await
        .assert_status(204);
}
