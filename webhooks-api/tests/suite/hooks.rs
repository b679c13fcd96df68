//! What Zapier and other clients of REST Hooks do: subscribe, receive, look at samples, unsubscribe; and what is open to
//! every caller.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use webhooks_core::Message;
use webhooks_sender::testing::TestAnswer;

use crate::client::{Caller, PAYMENT, Payment, Service};

#[tokio::test]
async fn a_client_of_rest_hooks_subscribes_receives_and_unsubscribes() {
    let service = Service::start().await;
    let zap = Caller::owner("acct_1");
    // The names that integrations use; the last member is one of Zapier's older ones.
    for name in ["target_url", "hookUrl", "url"] {
        let wanted = json!({
            name: "https://hooks.zapier.com/1", "event": "payment.created", "subscription_url": "https://zapier.com/x",
        });
        let made = service.post(&zap, "/hooks", wanted).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let id = made.body["id"].as_str().expect("an id").to_owned();
        assert_eq!(made.header("location"), format!("hooks/{id}"));
        assert!(
            made.body["secret"]
                .as_str()
                .expect("a secret")
                .starts_with("whsec_")
        );

        let message = Message::untyped(&PAYMENT, &Payment { amount: 5 });
        service.sender.send("acct_1", message).await.expect("sent");
        service.sender.deliver().await.expect("delivered");
        let requests = service.transport.take_requests();
        assert_eq!(requests.len(), 1);
        let samples = service.get(&zap, "/events/payment.created/samples").await;
        assert_eq!(
            samples.body[0],
            requests[0].json(),
            "samples look like what arrives"
        );

        let hooks = service.get(&zap, "/hooks").await;
        assert_eq!(
            hooks.body,
            json!([{ "id": id, "target_url": "https://hooks.zapier.com/1", "event": "payment.created", "active": true }])
        );
        let path = format!("/hooks/{id}");
        let gone = service.call(&zap, Method::DELETE, &path, None).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let again = service.call(&zap, Method::DELETE, &path, None).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
}

/// Zapier answers 410 once a Zap is switched off.
#[tokio::test]
async fn a_hook_whose_target_answers_410_is_left_alone() {
    let service = Service::start().await;
    let zap = Caller::owner("acct_1");
    let wanted = json!({ "target_url": "https://hooks.zapier.com/1", "event": "*" });
    service.post(&zap, "/hooks", wanted).await;
    for requests in [1, 0] {
        let message = Message::untyped(&PAYMENT, &Payment { amount: 5 });
        service.sender.send("acct_1", message).await.expect("sent");
        service.transport.answer(TestAnswer::status(410));
        service.sender.deliver().await.expect("delivered");
        assert_eq!(service.transport.take_requests().len(), requests);
    }
    let hooks = service.get(&zap, "/hooks").await;
    assert_eq!(hooks.body[0]["active"], false);
}

#[tokio::test]
async fn the_document_and_the_sources_are_open_and_cached() {
    let service = Service::start().await;
    let open = |path: &str| {
        let request = Request::get(format!("/api/webhooks{path}")).body(Body::empty());
        service.send(request.expect("a request"))
    };
    let document = open("/openapi.json").await;
    assert_eq!(document.status, StatusCode::OK);
    assert!(document.body["paths"]["/subscriptions"]["post"].is_object());
    assert_eq!(document.body["servers"][0]["url"], ".");
    assert!(!document.header("etag").is_empty());
    let sources = open("/sources").await;
    assert_eq!(sources.body, json!({ "addresses": ["192.0.2.0/24"] }));
    assert_eq!(sources.header("cache-control"), "public, max-age=3600");
    let keys = open("/keys").await;
    assert_eq!(keys.header("content-type"), "application/jwk-set+json");
    assert_eq!(keys.body, json!({ "keys": [] }));
}

#[tokio::test]
async fn a_health_check_is_the_operators() {
    let service = Service::start().await;
    let health = service.get(&Caller::operator(), "/health").await;
    assert_eq!(
        (health.status, &health.body["ok"]),
        (StatusCode::OK, &json!(true))
    );
}
