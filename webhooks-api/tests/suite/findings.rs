//! What is asked when something went wrong: by answer, step by step, what was missed, and sent again.

use axum::http::{Method, StatusCode};
use serde_json::json;
use webhooks_core::Message;
use webhooks_sender::testing::TestAnswer;

use crate::client::{Answer, Caller, PAYMENT, Payment, REFUND, Service};

async fn send(service: &Service, status: u16) {
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    service.sender.send("acct_1", message).await.expect("sent");
    service
        .transport
        .answer(TestAnswer::status(status).body("thanks"));
    service.sender.deliver().await.expect("delivered");
}

fn count(answer: &Answer) -> usize {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.body["data"].as_array().expect("a list").len()
}

#[tokio::test]
async fn deliveries_and_attempts_are_found_by_their_answers() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    for status in [204, 500, 503, 404] {
        send(&service, status).await;
    }
    for (query, found) in [
        ("", 4),
        ("?status=5xx", 2),
        ("?status=503", 1),
        ("?status=4xx&status=204", 2),
        ("?status=none", 0),
        ("?status=5xx&event=refund.created", 0),
        (&format!("?status=404&subscription={id}"), 1),
        ("?since=2026-01-01T00:00:00Z&status=2xx", 1),
        ("?until=2026-01-01T00:00:00Z", 0),
    ] {
        for list in ["/deliveries", "/attempts"] {
            let path = format!("{list}{query}");
            let answer = service.get(&customer, &path).await;
            assert_eq!(count(&answer), found, "{path}");
        }
    }
    let odd = service.get(&customer, "/attempts?status=6xx").await;
    assert_eq!(odd.problem(), "invalid-query", "{odd:?}");
    let attempts = service.get(&customer, "/attempts?status=204").await;
    let attempt = attempts.body["data"][0]["id"].as_str().expect("an id");
    let plain = service
        .get(&customer, &format!("/attempts/{attempt}"))
        .await;
    assert!(plain.body["response"].is_null());
    let path = format!("/attempts/{attempt}?include=response");
    let whole = service.get(&customer, &path).await;
    assert_eq!(whole.body["response"], json!({ "text": "thanks" }));
    let viewer = customer.with(&[webhooks_api::Ability::View]);
    let refused = service.get(&viewer, &path).await;
    assert_eq!(refused.problem(), "forbidden");
}

#[tokio::test]
async fn all_attempts_are_gone_through_once_whatever_the_size_of_a_page() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    service.subscribe(&customer).await;
    for status in [500, 204, 500] {
        send(&service, status).await;
    }
    let deliveries = service.get(&customer, "/deliveries").await;
    for delivery in deliveries.body["data"].as_array().expect("deliveries") {
        let path = format!(
            "/deliveries/{}/retry",
            delivery["id"].as_str().expect("an id")
        );
        service.call(&customer, Method::POST, &path, None).await;
    }
    service.sender.deliver().await.expect("delivered");
    let all = service.get(&customer, "/attempts").await;
    let all = all.body["data"].as_array().expect("attempts");
    assert_eq!(all.len(), 6);
    for limit in 1..=6 {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/attempts?limit={limit}{cursor}");
            let page = service.get(&customer, &path).await;
            seen.extend(page.body["data"].as_array().expect("attempts").clone());
            match page.body["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(&seen, all, "{limit}");
    }
}

#[tokio::test]
async fn what_was_never_confirmed_is_listed_oldest_first_and_sent_again_on_request() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let early = service.subscribe(&customer).await;
    for status in [204, 500] {
        send(&service, status).await;
    }
    let refund = Message::untyped(&REFUND, &Payment { amount: 2 });
    service.sender.send("acct_1", refund).await.expect("sent");
    service.sender.deliver().await.expect("delivered");
    let wanted = json!({ "target": "https://example.com/late", "events": ["payment.*"] });
    let late = service.post(&customer, "/subscriptions", wanted).await;
    let late = late.body["id"].as_str().expect("an id").to_owned();

    let missed = service
        .get(&customer, &format!("/subscriptions/{early}/missed"))
        .await;
    assert_eq!(count(&missed), 1);
    assert_eq!(missed.body["data"][0]["state"], "pending");
    let path = format!("/subscriptions/{late}/missed?limit=1");
    let missed = service.get(&customer, &path).await;
    assert_eq!(count(&missed), 1);
    let first = missed.body["data"][0].clone();
    assert_eq!(
        (&first["state"], &first["delivery"]),
        (&json!(null), &json!(null))
    );
    let next = missed.body["next"].as_str().expect("more");
    let rest = service
        .get(&customer, &format!("{path}&cursor={next}"))
        .await;
    assert_eq!(count(&rest), 1, "the refund is not wanted");
    assert_ne!(rest.body["data"][0]["message"], first["message"]);

    let message = first["message"].as_str().expect("an id");
    let body = json!({ "subscriptions": [late, late] });
    let path = format!("/messages/{message}/replay");
    let sent = service.post(&customer, &path, body).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{sent:?}");
    assert_eq!(sent.body["deliveries"].as_array().expect("ids").len(), 1);
    service.transport.take_requests();
    service.sender.deliver().await.expect("delivered");
    let requests = service.transport.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("webhook-id"), Some(message));
    let missed = service
        .get(&customer, &format!("/subscriptions/{late}/missed"))
        .await;
    assert_eq!(count(&missed), 1);
    let empty = service
        .post(&customer, &path, json!({ "subscriptions": [] }))
        .await;
    assert_eq!(empty.body["errors"][0]["pointer"], "/subscriptions");
}

#[tokio::test]
async fn statistics_count_each_step_of_a_period() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    for status in [204, 204, 410] {
        send(&service, status).await;
    }
    let path = format!("/subscriptions/{id}/stats");
    let answer = service.get(&customer, &path).await;
    let steps = answer.body["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 24);
    let sum = |name: &str| {
        steps
            .iter()
            .map(|step| step[name].as_u64().expect("a number"))
            .sum::<u64>()
    };
    assert_eq!(
        (sum("delivered"), sum("failed"), sum("cancelled")),
        (2, 1, 0)
    );
    for query in [
        "step=0",
        "step=60",
        "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
    ] {
        let odd = service.get(&customer, &format!("{path}?{query}")).await;
        assert_eq!(odd.problem(), "invalid-query", "{query}");
    }
}

/// Zapier shows a sample while a Zap is made: it must have the members of what arrives later.
#[tokio::test]
async fn samples_have_the_shape_of_what_arrives_before_and_after_the_first_message() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let path = "/events/payment.created/samples";
    let before = service.get(&customer, path).await;
    assert!(before.body[0]["amount"].is_u64(), "{before:?}");
    let id = service.subscribe(&customer).await;
    let own = service
        .get(
            &customer,
            &format!("/subscriptions/{id}/samples?event=payment.created"),
        )
        .await;
    assert_eq!(own.body, before.body);
    send(&service, 204).await;
    let after = service.get(&customer, path).await;
    assert_eq!(after.body, json!([{ "amount": 1 }]));
    let test = json!({ "event": "payment.created" });
    let sent = service
        .post(&customer, &format!("/subscriptions/{id}/test"), test)
        .await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{sent:?}");
    service.transport.take_requests();
    service.sender.deliver().await.expect("delivered");
    let requests = service.transport.take_requests();
    assert_eq!(
        requests[0].json(),
        before.body[0],
        "the example is what arrives"
    );
    let unknown = json!({ "event": "payment.unknown" });
    let refused = service
        .post(&customer, &format!("/subscriptions/{id}/test"), unknown)
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_text_finds_subscriptions_by_target_description_and_labels() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    for (target, description, label) in [
        ("a", "Books", "x"),
        ("b", "", "Books"),
        ("books", "", "x"),
        ("c", "", "y"),
    ] {
        let wanted = json!({
            "target": format!("https://{target}.example.com/"), "events": ["*"], "description": description,
            "labels": { "team": label },
        });
        service.post(&customer, "/subscriptions", wanted).await;
    }
    let found = service.get(&customer, "/subscriptions?q=bOOKs").await;
    assert_eq!(count(&found), 3);
}
