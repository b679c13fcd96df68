//! What those who run the service look at and do: owners, processes, keys, static subscriptions, all deliveries held back.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use webhooks_core::Message;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::{Secret, Subscription};

use crate::client::{Caller, PAYMENT, Payment, Service};

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn wanted(owner: &str, target: &str) -> Subscription {
    Subscription::new(owner, target)
        .event("*")
        .secret(Secret::new(KEY).expect("a secret"))
}

#[tokio::test]
async fn all_deliveries_are_held_back_until_they_go_on_and_both_are_in_the_trail() {
    let service = Service::start().await;
    let operator = Caller::operator();
    let owner = Caller::owner("acct_1");
    service.subscribe(&owner).await;
    assert_eq!(
        service.get(&operator, "/pause").await.body,
        json!({ "pause": null })
    );
    for _ in 0..2 {
        let paused = service.call(&operator, Method::POST, "/pause", None).await;
        assert_eq!(paused.status, StatusCode::NO_CONTENT);
    }
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    service
        .sender
        .send("acct_1", message)
        .await
        .expect("accepted");
    assert_eq!(service.sender.deliver().await.expect("none"), 0);
    let health = service.get(&operator, "/health").await;
    assert_eq!(
        (health.status, &health.body["ok"]),
        (StatusCode::OK, &json!(true))
    );
    assert!(health.body["pause"]["since"].is_string());
    let waiting = service.get(&owner, "/deliveries?state=pending").await;
    assert_eq!(waiting.body["data"].as_array().map(Vec::len), Some(1));

    let resumed = service
        .call(&operator, Method::DELETE, "/pause", None)
        .await;
    assert_eq!(resumed.status, StatusCode::NO_CONTENT);
    assert_eq!(service.sender.deliver().await.expect("one"), 1);
    let trail = service.get(&operator, "/audit?subject=all").await;
    let actions: Vec<_> = trail.body["data"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["action"].as_str().expect("an action"))
        .collect();
    assert_eq!(actions, ["deliveries.resumed", "deliveries.paused"]);
    let named = service
        .call(&operator, Method::POST, "/pause?owner=acct_1", None)
        .await;
    assert_eq!(named.problem(), "invalid-query", "it would be done for all");
    assert_eq!(
        service.get(&operator, "/pause").await.body,
        json!({ "pause": null })
    );
}

#[tokio::test]
async fn owners_come_page_by_page_with_what_waits_for_each() {
    let service = Service::start().await;
    for owner in ["b", "a", "c/ä"] {
        service
            .sender
            .operator()
            .subscribe(wanted(owner, "https://example.com/hook"))
            .await
            .expect("subscribed");
    }
    let paused = service
        .sender
        .operator()
        .subscribe(wanted("b", "https://example.com/other"))
        .await
        .expect("subscribed");
    service
        .sender
        .operator()
        .pause(&paused.id)
        .await
        .expect("paused");
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    service.sender.send("b", message).await.expect("sent");
    let (mut path, mut seen) = ("/owners?limit=2".to_owned(), Vec::new());
    loop {
        let page = service.get(&Caller::operator(), &path).await;
        seen.extend(page.body["data"].as_array().expect("a page").clone());
        let Some(next) = page.body["next"].as_str() else {
            break;
        };
        path = format!("/owners?limit=2&cursor={next}");
    }
    let totals = |owner: &str, subscriptions: u32, inactive: u32, waiting: u32| json!({ "owner": owner, "subscriptions": subscriptions, "inactive": inactive, "waiting": waiting });
    assert_eq!(
        seen,
        [
            totals("a", 1, 0, 0),
            totals("b", 2, 1, 2),
            totals("c/ä", 1, 0, 0)
        ]
    );
    let odd = service
        .get(&Caller::operator(), "/owners?cursor=o.%2F")
        .await;
    assert_eq!(odd.problem(), "invalid-cursor");
}

#[tokio::test]
async fn keys_and_retention_are_shown_and_no_key_itself() {
    let service =
        Service::with(|builder| builder.seal_with(SealingKey::new("2026", [7; 32]))).await;
    let operator = Caller::operator();
    let keys = |subscriptions: u32| json!({ "data": [{ "id": "2026", "subscriptions": subscriptions, "is_newest": true, "is_known": true }] });
    assert_eq!(service.get(&operator, "/sealing-keys").await.body, keys(0));
    service.subscribe(&Caller::owner("acct_1")).await;
    assert_eq!(service.get(&operator, "/sealing-keys").await.body, keys(1));
    let kept = service.get(&operator, "/retention").await.body;
    assert_eq!(
        (
            &kept["messages_seconds"],
            &kept["responses_seconds"],
            &kept["unfetched_seconds"]
        ),
        (&json!(2_592_000), &json!(604_800), &json!(1_209_600))
    );
}

#[tokio::test]
async fn what_differs_from_the_configuration_is_named() {
    let service = Service::with(|builder| {
        builder
            .subscription("crm", wanted("acct_1", "https://crm.example/hook"))
            .subscription("erp", wanted("acct_1", "https://erp.example/hook"))
    })
    .await;
    let operator = Caller::operator();
    let report = service.get(&operator, "/static-subscriptions").await.body;
    assert_eq!(report["is_compared"], json!(true));
    let drift = |report: &Value| -> Vec<Value> {
        let states = report["subscriptions"].as_array().expect("states");
        states
            .iter()
            .map(|state| json!([state["key"], state["drift"]]))
            .collect()
    };
    assert_eq!(drift(&report), [json!(["crm", []]), json!(["erp", []])]);
    let id = report["subscriptions"][0]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("an id");
    let mut stored = service
        .sender
        .operator()
        .subscription(&id)
        .await
        .expect("read");
    stored.target = "https://else.example/hook".to_owned();
    stored.settings.description = "by hand".to_owned();
    service
        .sender
        .operator()
        .change(&id, stored.into())
        .await
        .expect("changed");
    let report = service.get(&operator, "/static-subscriptions").await.body;
    assert_eq!(
        drift(&report),
        [json!(["crm", ["target", "settings"]]), json!(["erp", []])]
    );
}

#[tokio::test]
async fn the_processes_share_all_slots() {
    let service = Service::start().await;
    let found = service.get(&Caller::operator(), "/processes").await.body;
    assert_eq!(
        found,
        json!({ "processes": [], "free_slots": 256 }),
        "it delivers by hand"
    );
}

#[tokio::test]
async fn a_target_is_checked_before_there_is_a_subscription() {
    let service = Service::start().await;
    let owner = Caller::owner("acct_1");
    let good = service
        .post(
            &owner,
            "/targets/check",
            json!({ "target": "https://EXAMPLE.com/a" }),
        )
        .await;
    assert_eq!(
        (good.status, good.body),
        (StatusCode::OK, json!({ "target": "https://example.com/a" }))
    );
    for bad in [
        "",
        "ftp://example.com",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://example.com:22/",
    ] {
        let refused = service
            .post(&owner, "/targets/check", json!({ "target": bad }))
            .await;
        assert_eq!(refused.problem(), "invalid-subscription", "{bad}");
    }
}

#[tokio::test]
async fn the_request_of_an_attempt_is_made_once_more_with_the_signature_that_it_had() {
    let service = Service::start().await;
    let owner = Caller::owner("acct_1");
    let body = json!({ "target": "https://example.com/a", "events": ["*"], "headers": { "x-token": "hunter2" } });
    let made = service.post(&owner, "/subscriptions", body).await;
    let id = made.body["id"].as_str().expect("an id").to_owned();
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    service.sender.send("acct_1", message).await.expect("sent");
    service.sender.deliver().await.expect("delivered");
    let sent = service.transport.requests().pop().expect("a request");
    let attempts = service.get(&owner, "/attempts").await;
    let attempt = attempts.body["data"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("/attempts/{attempt}/request");
    let shown = service.get(&owner, &path).await.body;
    assert_eq!(
        (&shown["method"], &shown["url"]),
        (&json!("POST"), &json!("https://example.com/a"))
    );
    assert_eq!(shown["is_certain"], json!(true));
    let header = |name: &str| {
        let headers = shown["headers"].as_array().expect("headers").iter();
        let mut found = headers.filter(|header| header["name"] == name);
        found.next().map(|header| header["value"].clone())
    };
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let was = sent.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header(name), Some(json!(was)), "{name}");
    }
    assert_eq!(header("x-token"), Some(Value::Null), "a credential");
    assert!(!shown.to_string().contains("hunter2"));

    let change = json!({ "target": "https://example.com/b" });
    let path_of_it = format!("/subscriptions/{id}");
    let changed = service
        .call(&owner, Method::PATCH, &path_of_it, Some(change))
        .await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(
        service.get(&owner, &path).await.body["is_certain"],
        json!(false)
    );
}

#[tokio::test]
async fn a_test_takes_an_edited_payload_of_an_event_and_no_payload_of_none() {
    let service = Service::start().await;
    let owner = Caller::owner("acct_1");
    let id = service.subscribe(&owner).await;
    let path = format!("/subscriptions/{id}/test");
    let edited = json!({ "event": "payment.created", "payload": { "amount": 4711 } });
    let sent = service.post(&owner, &path, edited).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED);
    let message = sent.body["message"].as_str().expect("an id");
    let shown = service
        .get(&owner, &format!("/messages/{message}?include=payload"))
        .await;
    assert!(shown.body.to_string().contains("4711"), "{:?}", shown.body);
    let odd = json!({ "event": "payment.created", "payload": { "amount": "much" } });
    assert_eq!(
        service.post(&owner, &path, odd).await.problem(),
        "invalid-message"
    );
    let none = service.post(&owner, &path, json!({ "payload": 1 })).await;
    assert_eq!(none.problem(), "invalid-body");
}
