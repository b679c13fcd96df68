//! A message continues the trace that it is sent in, without a word in the route.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use http::Request;
use tower_service::Service;
use webhooks_sender::testing::TestSender;
use webhooks_sender::trace::{ContinueTrace, TraceContext};
use webhooks_sender::{Outbound, Sender, Sqlite, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const REQUEST: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
const EXPLICIT: &str = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01";

async fn subscribed(sender: &TestSender) {
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
}

/// The trace of each request, without the span of its attempt, and its state.
async fn traces(sender: &TestSender) -> Vec<(Option<String>, Option<String>)> {
    sender.deliver().await.expect("delivered");
    let header = |value: Option<&str>| value.map(str::to_owned);
    let requests = sender.take_requests().into_iter();
    let traces = requests.map(|request| {
        let trace = header(request.header("traceparent")).map(|parent| parent[3..35].to_owned());
        (trace, header(request.header("tracestate")))
    });
    traces.collect()
}

async fn pay(State(sender): State<Sender<Sqlite>>) {
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
}

/// A task of the handler's own has no request, unless it is given the trace.
async fn pay_later(State(sender): State<Sender<Sqlite>>) {
    let context = TraceContext::current().expect("the request's");
    let task = async move { sender.send("acct_1", payment_created(payment(2))).await };
    let sent = tokio::spawn(context.scope(task)).await.expect("no panic");
    sent.expect("sent");
}

async fn call(app: &mut Router, path: &str, headers: &[(&str, &str)]) {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = app.call(request).await.expect("infallible");
    assert!(response.status().is_success(), "{response:?}");
}

#[tokio::test]
async fn a_message_continues_the_trace_of_the_request_by_itself() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    subscribed(&sender).await;
    let routes = Router::new()
        .route("/pay", post(pay))
        .route("/later", post(pay_later));
    let mut app: Router = routes.layer(ContinueTrace).with_state(sender.sender());

    let headers = [("traceparent", REQUEST), ("tracestate", "rojo=1")];
    call(&mut app, "/pay", &headers).await;
    call(&mut app, "/later", &headers).await;
    call(&mut app, "/pay", &[]).await;
    call(&mut app, "/pay", &[("traceparent", "nonsense")]).await;
    let own = (Some(REQUEST[3..35].to_owned()), Some("rojo=1".to_owned()));
    let none = (None, None);
    assert_eq!(
        traces(&sender).await,
        [own.clone(), own, none.clone(), none]
    );
}

#[tokio::test]
async fn the_applications_tracer_counts_before_the_request_and_a_named_trace_before_both() {
    let tracer = Arc::new(Mutex::new(None));
    let asked = Arc::clone(&tracer);
    let current = move || asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let sender = Sender::testing().webhooks(bare());
    let sender = sender
        .set(|builder| builder.trace_context(current))
        .start()
        .await
        .expect("a sender");
    subscribed(&sender).await;
    let request = TraceContext::new(REQUEST).expect("valid");
    let send = |message: Outbound| request.clone().scope(sender.send("acct_1", message));

    send(Outbound::new(payment_created(payment(1))))
        .await
        .expect("sent");
    *tracer.lock().expect("no panic") = TraceContext::new(TRACER);
    send(Outbound::new(payment_created(payment(2))))
        .await
        .expect("sent");
    let explicit = Outbound::new(payment_created(payment(3))).traceparent(EXPLICIT);
    send(explicit).await.expect("sent");

    let found = traces(&sender)
        .await
        .into_iter()
        .map(|(trace, _)| trace.expect("a trace"));
    let expected = [REQUEST, TRACER, EXPLICIT].map(|parent| parent[3..35].to_owned());
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn each_attempt_of_a_trace_has_a_span_of_its_own() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    subscribed(&sender).await;
    sender.answer(webhooks_sender::testing::TestAnswer::status(500));
    let message = Outbound::new(payment_created(payment(1))).traceparent(REQUEST);
    sender.send("acct_1", message).await.expect("sent");
    sender
        .pass(std::time::Duration::from_secs(10))
        .await
        .expect("time passes");
    let mut spans: HashMap<String, u32> = HashMap::new();
    for request in sender.take_requests() {
        let parent = request.header("traceparent").expect("a trace").to_owned();
        *spans.entry(parent[36..52].to_owned()).or_default() += 1;
    }
    assert_eq!(spans.len(), 2, "{spans:?}");
}
