//! What a customer and an operator do with it, from the first request to the last.

use axum::http::{Method, StatusCode};
use serde_json::json;
use webhooks_core::Message;

use crate::client::{Caller, PAYMENT, Payment, Service};

#[expect(clippy::too_many_lines, reason = "it is one story")]
#[tokio::test]
async fn a_customer_subscribes_sees_what_was_sent_and_leaves() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let events = service.get(&customer, "/events").await;
    assert_eq!(events.body["data"][0]["name"], "payment.created");
    let event = service.get(&customer, "/events/payment.created").await;
    assert!(
        event.body["schema"].to_string().contains("\"amount\""),
        "{event:?}"
    );

    let wanted = json!({ "target": "https://example.com/hook", "events": ["payment.*"], "labels": { "plan": "pro" } });
    let made = service.post(&customer, "/subscriptions", wanted).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert!(
        made.body["secret"]
            .as_str()
            .expect("a secret")
            .starts_with("whsec_")
    );
    let id = made.body["id"].as_str().expect("an id");
    assert_eq!(made.header("location"), format!("subscriptions/{id}"));

    let found = service
        .get(
            &customer,
            "/subscriptions?label=plan%3Dpro&event=payment.created",
        )
        .await;
    assert_eq!(found.body["data"][0]["id"], id);
    assert!(
        !found.body.to_string().contains("whsec_"),
        "a secret is shown once"
    );

    let sent = service
        .sender
        .send("acct_1", Message::untyped(&PAYMENT, &Payment { amount: 7 }))
        .await;
    let message = sent.expect("sent").id;
    let listed = service.get(&customer, "/messages?event=payment.*").await;
    assert_eq!(listed.body["data"][0]["id"], message.as_str());
    assert!(
        listed.body["data"][0]["body"].is_null(),
        "lists show no payloads"
    );
    let shown = service
        .get(&customer, &format!("/messages/{message}?include=payload"))
        .await;
    assert_eq!(shown.body["body"]["text"], "{\"amount\":7}");
    let samples = service
        .get(&customer, &format!("/subscriptions/{id}/samples"))
        .await;
    assert_eq!(
        samples.body,
        json!([{ "amount": 7 }]),
        "a bare array, as it was sent"
    );

    let deliveries = service.get(&customer, "/deliveries?state=pending").await;
    let delivery = &deliveries.body["data"][0];
    assert_eq!(
        (&delivery["event"], &delivery["target"]),
        (
            &json!("payment.created"),
            &json!("https://example.com/hook")
        )
    );
    let delivery = delivery["id"].as_str().expect("an id");
    let retried = service
        .call(
            &customer,
            Method::POST,
            &format!("/deliveries/{delivery}/retry"),
            None,
        )
        .await;
    assert_eq!(retried.status, StatusCode::ACCEPTED, "{retried:?}");
    let cancelled = service
        .call(
            &customer,
            Method::POST,
            &format!("/deliveries/{delivery}/cancel"),
            None,
        )
        .await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    let again = service
        .call(
            &customer,
            Method::POST,
            &format!("/deliveries/{delivery}/cancel"),
            None,
        )
        .await;
    assert_eq!(
        (again.status, again.problem()),
        (StatusCode::CONFLICT, "conflict")
    );

    for (path, status) in [("pause", 204), ("activate", 204), ("test", 202)] {
        let path = format!("/subscriptions/{id}/{path}");
        let answer = service.call(&customer, Method::POST, &path, None).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {answer:?}");
    }
    let rotated = service
        .post(
            &customer,
            &format!("/subscriptions/{id}/rotate-secret"),
            json!({}),
        )
        .await;
    assert!(
        rotated.body["secret"]
            .as_str()
            .expect("a secret")
            .starts_with("whsec_")
    );
    let failed = json!({ "what": "failed", "since": "2026-01-01T00:00:00Z" });
    let replayed = service
        .post(&customer, &format!("/subscriptions/{id}/replays"), failed)
        .await;
    assert_eq!(replayed.status, StatusCode::ACCEPTED, "{replayed:?}");

    let gone = service
        .call(
            &customer,
            Method::DELETE,
            &format!("/subscriptions/{id}"),
            None,
        )
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let gone = service
        .get(&customer, &format!("/subscriptions/{id}"))
        .await;
    assert_eq!(
        (gone.status, gone.problem()),
        (StatusCode::NOT_FOUND, "not-found")
    );
}

#[tokio::test]
async fn a_change_of_what_was_not_read_is_refused_and_undoes_nothing() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let path = format!("/subscriptions/{}", service.subscribe(&customer).await);
    let read = service.get(&customer, &path).await;
    let tag = read.header("etag").to_owned();
    let change = |tag: String, description: &str| {
        let body = json!({ "description": description }).to_string();
        let request = Service::request(&customer, &Method::PATCH, &path)
            .header("if-match", tag)
            .header("content-type", "application/merge-patch+json")
            .body(body.into());
        service.send(request.expect("a request"))
    };
    let first = change(tag.clone(), "one").await;
    assert_eq!(
        (first.status, &first.body["description"]),
        (StatusCode::OK, &json!("one"))
    );
    assert_ne!(first.header("etag"), tag);
    let second = change(tag, "two").await;
    assert_eq!(
        (second.status, second.problem()),
        (StatusCode::PRECONDITION_FAILED, "precondition-failed")
    );
    let now = service.get(&customer, &path).await;
    assert_eq!(now.body["description"], "one");
    assert_eq!(
        now.body["events"],
        json!(["*"]),
        "what a patch leaves out stays"
    );
    let end = json!({ "expires_at": "2999-01-01T00:00:00Z" });
    service
        .call(&customer, Method::PATCH, &path, Some(end))
        .await;
    let other = json!({ "description": "three" });
    let kept = service
        .call(&customer, Method::PATCH, &path, Some(other))
        .await;
    assert_eq!(kept.body["expires_at"], "2999-01-01T00:00:00.000Z");
    let endless = json!({ "expires_at": null });
    let endless = service
        .call(&customer, Method::PATCH, &path, Some(endless))
        .await;
    assert!(
        endless
            .body
            .get("expires_at")
            .is_none_or(serde_json::Value::is_null)
    );
}

#[tokio::test]
async fn lists_go_page_by_page_through_their_links() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(service.subscribe(&customer).await);
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = service
            .get(&customer, &format!("/subscriptions{query}"))
            .await;
        let items = page.body["data"].as_array().expect("items").iter();
        seen.extend(items.map(|item| item["id"].as_str().expect("an id").to_owned()));
        let link = page.header("link");
        let Some(next) = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            assert!(page.body["next"].is_null(), "{page:?}");
            break;
        };
        next.clone_into(&mut query);
    }
    assert_eq!(seen, made);
    let other = service.get(&customer, "/messages?cursor=s.1").await;
    assert_eq!(
        (other.status, other.problem()),
        (StatusCode::BAD_REQUEST, "invalid-cursor")
    );
}

#[tokio::test]
async fn an_operator_sends_for_an_owner_once_for_each_key_and_sees_the_queue() {
    let service = Service::start().await;
    service.subscribe(&Caller::owner("acct_1")).await;
    let operator = Caller::operator();
    let message = json!({ "event": "payment.created", "payload": { "amount": 3 } });
    let send = |path: &str, key: &str, body: &serde_json::Value| {
        let request = Service::request(&operator, &Method::POST, path)
            .header("idempotency-key", key)
            .body(body.to_string().into());
        service.send(request.expect("a request"))
    };
    let first = send("/messages?owner=acct_1", "order-1", &message).await;
    assert_eq!(
        (first.status, &first.body["deliveries"]),
        (StatusCode::ACCEPTED, &json!(1))
    );
    let again = send("/messages?owner=acct_1", "order-1", &message).await;
    assert_eq!(
        (&again.body["id"], &again.body["repeated"]),
        (&first.body["id"], &json!(true))
    );
    let refund = json!({ "event": "refund.created", "payload": { "amount": 3 } });
    let reused = send("/messages?owner=acct_1", "order-1", &refund).await;
    assert_eq!(
        (reused.status, reused.problem()),
        (StatusCode::UNPROCESSABLE_ENTITY, "key-reused")
    );
    let unowned = send("/messages", "order-2", &message).await;
    assert_eq!(
        (unowned.status, unowned.problem()),
        (StatusCode::BAD_REQUEST, "owner-required")
    );
    let wrong = json!({ "event": "payment.created", "payload": { "amount": "three" } });
    let wrong = send("/messages?owner=acct_1", "order-3", &wrong).await;
    assert_eq!(wrong.problem(), "invalid-message", "{wrong:?}");
    let queue = service.get(&operator, "/queue").await;
    assert_eq!(
        (queue.status, &queue.body["ready"]),
        (StatusCode::OK, &json!(1)),
        "{queue:?}"
    );
    let all = service.get(&operator, "/deliveries").await;
    assert_eq!(all.body["data"][0]["owner"], "acct_1");
}

#[tokio::test]
async fn a_subscription_is_made_once_for_each_idempotency_key() {
    let service = Service::start().await;
    let (customer, other) = (Caller::owner("acct_1"), Caller::owner("acct_2"));
    let wanted =
        json!({ "target": "https://example.com/hook", "events": ["*"], "headers": { "x-a": "1" } });
    let ask = |caller: &Caller, path: &str, key: &str, body: &serde_json::Value| {
        let request = Service::request(caller, &Method::POST, path)
            .header("idempotency-key", key)
            .body(body.to_string().into());
        service.send(request.expect("a request"))
    };
    let first = ask(&customer, "/subscriptions", "k1", &wanted).await;
    let again = ask(&customer, "/subscriptions", "k1", &wanted).await;
    assert_eq!(
        (first.status, &first.body["id"]),
        (StatusCode::CREATED, &again.body["id"])
    );
    assert_eq!(
        (&again.body["repeated"], &again.body["secret"]),
        (&json!(true), &first.body["secret"])
    );
    let next = ask(&customer, "/subscriptions", "k2", &wanted).await;
    let foreign = ask(&other, "/subscriptions", "k1", &wanted).await;
    assert!(next.body["id"] != first.body["id"] && foreign.body["id"] != first.body["id"]);
    let mut changed = wanted.clone();
    changed["events"] = json!(["payment.*"]);
    let reused = ask(&customer, "/subscriptions", "k1", &changed).await;
    assert_eq!(
        (reused.status, reused.problem()),
        (StatusCode::UNPROCESSABLE_ENTITY, "key-reused")
    );
    // Those who ask at the same time get one subscription.
    let hook = json!({ "target_url": "https://example.com/hook", "event": "*" });
    let (one, two) = tokio::join!(
        ask(&customer, "/hooks", "k3", &hook),
        ask(&customer, "/hooks", "k3", &hook)
    );
    assert_eq!(one.body["id"], two.body["id"]);
    let listed = service.get(&customer, "/subscriptions").await;
    assert_eq!(listed.body["data"].as_array().expect("a list").len(), 3);
    let odd = ask(&customer, "/subscriptions", &"x".repeat(257), &wanted).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd:?}");
}
