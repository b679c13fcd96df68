//! Which handlers run, with what, and what their outcomes say to the sender.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::convert::Infallible;

use axum::extract::{Extension, FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::{Json, Router};
use serde_json::{Value, json};
use support::{Notes, SECRET, WHSEC, github, send, standard};
use tower::ServiceExt as _;
use webhooks_receiver::{Provider, Received, Receiver};

#[derive(serde::Deserialize)]
struct Payment {
    amount: u64,
}

fn receiver() -> Receiver {
    Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
}

#[tokio::test]
async fn all_handlers_of_an_event_run_narrowest_first() {
    let notes = Notes::default();
    let note = |text: &'static str| {
        let notes = notes.clone();
        move || {
            notes.add(text);
            std::future::ready(())
        }
    };
    let mut test = receiver()
        .on_event("*", note("any"))
        .on_event("payment.*", note("payment.*"))
        .on_event("payment.card.*", note("payment.card.*"))
        .on_event("payment.card.declined", note("exact 1"))
        .on_event("payment.card.declined", note("exact 2"))
        .on_event("payment.card", note("other"))
        .testing(());
    test.send("payment.card.declined", json!({}))
        .await
        .assert_status(200);
    assert_eq!(
        notes.take(),
        ["exact 1", "exact 2", "payment.card.*", "payment.*", "any"]
    );
}

#[tokio::test]
async fn one_function_can_have_several_names_and_runs_once() {
    let notes = Notes::default();
    let mut test = receiver()
        .on_events(
            ["payment.created", "payment.*", "refund.created"],
            notes.events(),
        )
        .testing(());
    test.send("payment.created", json!({}))
        .await
        .assert_status(200);
    test.send("refund.created", json!({}))
        .await
        .assert_status(200);
    test.send("refund.failed", json!({}))
        .await
        .assert_status(204);
    assert_eq!(notes.take(), ["payment.created", "refund.created"]);
}

#[tokio::test]
async fn an_unknown_event_is_answered_204_or_as_was_said_and_goes_to_the_fallback() {
    receiver()
        .testing(())
        .send("other", json!({}))
        .await
        .assert_status(204)
        .assert_unhandled();
    let refusing = receiver().unknown_status(StatusCode::NOT_FOUND);
    refusing
        .testing(())
        .send("other", json!({}))
        .await
        .assert_status(404);
    let notes = Notes::default();
    let mut test = receiver()
        .on_event("known", async || ())
        .fallback(notes.events())
        .testing(());
    test.send("known", json!({})).await.assert_status(200);
    test.send("other", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["other"]);
}

#[tokio::test]
async fn names_are_case_sensitive() {
    let mut test = receiver()
        .on_event("Payment.Created", async || ())
        .testing(());
    test.send("payment.created", json!({}))
        .await
        .assert_unhandled();
    test.send("Payment.Created", json!({}))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_handler_that_fails_does_not_keep_the_others_from_running() {
    let notes = Notes::default();
    let mut test = receiver()
        .on_event("a", async || Err::<(), _>("the database is away"))
        .on_event("a", notes.events())
        .testing(());
    let report = test.send("a", json!({})).await;
    report.assert_status(500);
    assert_eq!(notes.take(), ["a"]);
    assert!(!report.text().contains("database"), "{}", report.text());
    assert!(
        report.problems()[0].ends_with("failed: the database is away"),
        "{:?}",
        report.problems()
    );
}

#[tokio::test]
async fn a_panic_in_a_handler_is_answered_500_and_the_receiver_goes_on() {
    let notes = Notes::default();
    let mut test = receiver()
        .on_event("a", async |_: Payment| -> () { panic!("out of cheese") })
        .on_event("a", notes.events())
        .on_event("b", notes.events())
        .testing(());
    test.send("a", json!({ "amount": 1 }))
        .await
        .assert_status(500);
    test.send("b", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["a", "b"]);
}

#[tokio::test]
async fn a_handler_that_panics_before_it_returns_a_future_is_answered_500() {
    fn at_once(_: Payment) -> std::future::Ready<()> {
        panic!("immediately")
    }
    let mut test = receiver().on_event("a", at_once).testing(());
    test.send("a", json!({ "amount": 1 }))
        .await
        .assert_status(500);
}

#[tokio::test]
async fn an_undecodable_payload_is_answered_422_with_its_path_and_without_its_content() {
    #[derive(serde::Deserialize)]
    struct Order {
        _lines: Vec<Payment>,
    }
    let mut test = receiver()
        .on_event("order", async |_: Order| ())
        .testing(());
    let report = test
        .send(
            "order",
            json!({ "_lines": [{ "amount": 1 }, { "amount": "hunter2" }] }),
        )
        .await;
    report.assert_status(422);
    assert_eq!(
        report.text(),
        "the payload cannot be read at `_lines[1].amount`"
    );
    test.send("order", json!(null)).await.assert_status(422);
}

#[tokio::test]
async fn what_asks_the_sender_to_try_again_outweighs_what_does_not() {
    let mut test = receiver()
        .on_event("a", async |_: Payment| ())
        .on_event("a", async || Err::<(), _>("later"))
        .on_event("a", async || StatusCode::GONE)
        .testing(());
    test.send("a", json!({})).await.assert_status(500);
}

#[tokio::test]
async fn a_handler_can_answer_with_a_status_json_or_a_response() {
    let mut test = receiver()
        .on_event("gone", async || StatusCode::GONE)
        .on_event("json", async || Json(json!({ "type": 4 })))
        .on_event("result", async || Ok::<_, Infallible>(Json(5)))
        .on_event("response", async || -> Response {
            (StatusCode::CREATED, "made").into_response()
        })
        .on_event("both", async || ())
        .on_event("both", async || Json("first"))
        .on_event("both", async || Json("second"))
        .testing(());
    test.send("gone", json!({})).await.assert_status(410);
    assert_eq!(test.send("json", json!({})).await.text(), r#"{"type":4}"#);
    assert_eq!(test.send("result", json!({})).await.text(), "5");
    assert_eq!(
        test.send("response", json!({}))
            .await
            .assert_status(201)
            .text(),
        "made"
    );
    assert_eq!(test.send("both", json!({})).await.text(), r#""first""#);
}

#[tokio::test]
async fn a_handler_gets_id_event_time_headers_and_the_bytes_that_were_signed() {
    let notes = Notes::default();
    let log = notes.clone();
    let handler = move |message: Received<Payment>| {
        let body = String::from_utf8(message.body().to_vec()).unwrap();
        let agent = message.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        log.add(format!(
            "{:?} {} {} {agent} {body}",
            message.id(),
            message.event(),
            message.data.amount
        ));
        let time = message.timestamp();
        async move { assert!(time.is_some()) }
    };
    let mut test = receiver().on_event("paid", handler).testing(());
    test.send("paid", json!({ "amount": 5 }))
        .await
        .assert_status(200);
    assert_eq!(
        notes.take(),
        [r#"Some("msg_1") paid 5 application/json {"data":{"amount":5},"type":"paid"}"#]
    );
}

#[derive(Clone)]
struct Db(Notes);

#[derive(Clone)]
struct App {
    db: Db,
    name: &'static str,
}

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

#[expect(clippy::too_many_arguments, reason = "as many as there may be")]
async fn eight(
    data: Payment,
    State(app): State<App>,
    State(db): State<Db>,
    headers: HeaderMap,
    method: Method,
    uri: Uri,
    Extension(number): Extension<u8>,
    _: axum::extract::OriginalUri,
    _: axum::extract::RawQuery,
) -> Result<(), Infallible> {
    let event = headers["x-github-event"].to_str().unwrap();
    db.0.add(format!(
        "{} {} {event} {method} {uri} {number}",
        app.name, data.amount
    ));
    Ok(())
}

#[tokio::test]
async fn a_handler_takes_the_payload_and_eight_extractors_with_the_state_of_the_app() {
    let notes = Notes::default();
    let state = App {
        db: Db(notes.clone()),
        name: "app",
    };
    let receiver = Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("paid", eight);
    let hooks = Router::new().route("/hook", receiver.into());
    let app: Router = Router::new()
        .nest("/api", hooks)
        .layer(Extension(7_u8))
        .with_state(state);
    let mut request = github("paid", r#"{"amount":5}"#);
    *request.uri_mut() = "/api/hook".parse().unwrap();
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["app 5 paid POST /hook 7"]);
}

struct Teapot;

impl<S: Sync> FromRequestParts<S> for Teapot {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Err((StatusCode::IM_A_TEAPOT, "no coffee"))
    }
}

#[tokio::test]
async fn an_extractor_that_refuses_answers_and_the_handler_is_not_called() {
    let notes = Notes::default();
    let log = notes.clone();
    let handler = move |_: Value, _: Teapot| {
        log.add("called");
        std::future::ready(())
    };
    let mut test = receiver()
        .on_event("a", handler)
        .on_event("a", notes.events())
        .testing(());
    assert_eq!(
        test.send("a", json!({})).await.assert_status(418).text(),
        "no coffee"
    );
    assert_eq!(notes.take(), ["a"]);
}

#[tokio::test]
async fn a_receiver_is_a_tower_service_without_a_router() {
    let service: MethodRouter = receiver().on_event("a", async || ()).into();
    let response = service
        .oneshot(standard(r#"{"type":"a","data":1}"#))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_method_beside_the_receivers_own_can_be_added_to_its_route() {
    let service: MethodRouter = receiver().on_event("a", async || ()).into();
    let app = Router::new().route("/hook", service.get(async || "here are webhooks received"));
    let request = axum::http::Request::get("/hook")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(send(&app, request).await.body, "here are webhooks received");
    assert_eq!(
        send(&app, standard(r#"{"type":"a","data":1}"#))
            .await
            .status,
        StatusCode::OK
    );
}
