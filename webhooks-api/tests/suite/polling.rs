//! Messages that are fetched over HTTP, and the input that is refused.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use webhooks_api::Ability;
use webhooks_core::Message;

use crate::client::{Answer, Caller, PAYMENT, Payment, Service};

async fn polled(service: &Service, caller: &Caller) -> String {
    let body = json!({ "target": "poll", "events": ["*"] });
    let made = service.post(caller, "/subscriptions", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.body["id"].as_str().expect("an id").to_owned()
}

fn receipts(answer: &Answer) -> Value {
    let messages = answer.body["messages"].as_array().expect("messages");
    messages
        .iter()
        .map(|message| message["receipt"].clone())
        .collect()
}

#[tokio::test]
async fn a_customer_fetches_also_while_all_deliveries_are_held_back() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let path = format!("/subscriptions/{}/poll", polled(&service, &customer).await);
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    service.sender.send("acct_1", message).await.expect("sent");
    let operator = service.sender.operator();
    operator.pause_all().await.expect("held back");
    assert_eq!(service.sender.deliver().await.expect("none is sent"), 0);
    let fetched = service.post(&customer, &path, json!({})).await;
    assert_eq!(receipts(&fetched).as_array().map(Vec::len), Some(1));
    let body = json!({ "acknowledge": receipts(&fetched) });
    let next = service.post(&customer, &path, body).await;
    assert_eq!(next.body["messages"], json!([]), "it is acknowledged");
}

#[tokio::test]
async fn a_customer_fetches_and_acknowledges() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let path = format!("/subscriptions/{}/poll", polled(&service, &customer).await);
    for amount in 1..=3 {
        let message = Message::untyped(&PAYMENT, &Payment { amount });
        service.sender.send("acct_1", message).await.expect("sent");
    }
    let first = service
        .post(&customer, &path, json!({ "limit": 2, "signed": true }))
        .await;
    assert_eq!(
        (first.status, first.header("cache-control")),
        (StatusCode::OK, "no-store")
    );
    let messages = first.body["messages"].as_array().expect("messages");
    assert_eq!(
        (messages.len(), &messages[0]["body"]["text"]),
        (2, &json!("{\"amount\":1}"))
    );
    assert_eq!(messages[0]["event"], "payment.created");
    let headers = messages[0]["request"]["headers"]
        .as_array()
        .expect("headers");
    assert!(
        headers
            .iter()
            .any(|header| header["name"] == "webhook-signature")
    );
    let body = json!({ "acknowledge": receipts(&first), "wait": 5 });
    let next = service.post(&customer, &path, body.clone()).await;
    assert_eq!(next.body["messages"][0]["body"]["text"], "{\"amount\":3}");
    let again = service.post(&customer, &path, body).await;
    assert_eq!(again.body, next.body, "acknowledged once");
    let last = json!({ "acknowledge": receipts(&next) });
    let none = service.post(&customer, &path, last).await;
    assert_eq!(none.body, json!({ "messages": [] }));
    let without = service.call(&customer, Method::POST, &path, None).await;
    assert_eq!(without.body, json!({ "messages": [] }));
    let listed = service.get(&customer, "/deliveries?state=delivered").await;
    assert_eq!(listed.body["data"].as_array().expect("deliveries").len(), 3);
}

#[tokio::test]
async fn what_cannot_be_fetched_or_read_is_refused_with_its_place() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = polled(&service, &customer).await;
    let path = format!("/subscriptions/{id}/poll");
    let receipt = "dlv_0000000001zzzzzzzzzzzzzzzz.0.1";
    for (body, pointer) in [
        (json!({ "limit": 0 }), "/limit"),
        (json!({ "limit": 101 }), "/limit"),
        (json!({ "limit": -1 }), "/limit"),
        (json!({ "wait": 31 }), "/wait"),
        (json!({ "wait": "1s" }), "/wait"),
        (json!({ "acknowledge": "x" }), "/acknowledge"),
        (json!({ "acknowledge": ["msg_1"] }), "/acknowledge/0"),
        (json!({ "acknowledge": [17] }), "/acknowledge/0"),
        (
            json!({ "acknowledge": vec![receipt; 1001] }),
            "/acknowledge",
        ),
        (json!({ "ack": [] }), "/ack"),
    ] {
        let refused = service.post(&customer, &path, body).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body")
        );
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{refused:?}");
    }
    let unknown = service
        .post(&customer, &path, json!({ "acknowledge": [receipt] }))
        .await;
    assert_eq!(
        unknown.status,
        StatusCode::OK,
        "it changes nothing: {unknown:?}"
    );
    let attempts = service.get(&customer, "/attempts").await;
    assert_eq!(attempts.body["data"], json!([]));
    let sent_to = service.subscribe(&customer).await;
    let sent_to = format!("/subscriptions/{sent_to}/poll");
    let refused = service.post(&customer, &sent_to, json!({})).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (StatusCode::CONFLICT, "conflict")
    );
    let stranger = Caller::owner("acct_2");
    let foreign = service
        .post(&stranger, &path, json!({ "acknowledge": [receipt] }))
        .await;
    assert_eq!(
        (foreign.status, foreign.problem()),
        (StatusCode::NOT_FOUND, "not-found")
    );
    let reader = Caller::owner("acct_1").with(&[Ability::Payload]);
    let read = service.post(&reader, &path, json!({})).await;
    assert_eq!(read.status, StatusCode::OK);
    let written = service
        .post(&reader, &path, json!({ "acknowledge": [receipt] }))
        .await;
    assert_eq!(
        (written.status, written.problem()),
        (StatusCode::FORBIDDEN, "forbidden")
    );
    for body in [
        json!({ "target": "POLL", "events": ["*"] }),
        json!({ "target": "poll:", "events": ["*"] }),
        json!({ "target": "poll", "events": ["*"], "headers": { "x-a": "1" } }),
        json!({ "target": "poll", "events": ["*"], "verification": "challenge" }),
    ] {
        let refused = service
            .post(&customer, "/subscriptions", body.clone())
            .await;
        assert_eq!(
            refused.problem(),
            "invalid-subscription",
            "{body}: {refused:?}"
        );
    }
    let change = json!({ "target": "https://example.com/hook" });
    let changed = service
        .call(
            &customer,
            Method::PATCH,
            &format!("/subscriptions/{id}"),
            Some(change),
        )
        .await;
    assert_eq!(changed.problem(), "invalid-subscription", "{changed:?}");
}
