//! Bulk work: counted first, done in the background, watched and cancelled; one replay of a subscription at a time.

use axum::http::{Method, StatusCode};
use serde_json::json;
use webhooks_core::Message;
use webhooks_sender::testing::TestAnswer;

use crate::client::{Caller, PAYMENT, Payment, Service};

async fn send(service: &Service, status: u16) -> String {
    let message = Message::untyped(&PAYMENT, &Payment { amount: 1 });
    let sent = service.sender.send("acct_1", message).await.expect("sent");
    service.transport.answer(TestAnswer::status(status));
    service.sender.deliver().await.expect("delivered");
    service.transport.take_requests();
    sent.id.to_string()
}

#[tokio::test]
async fn a_replay_is_counted_first_and_then_watched_at_its_location() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1").named("anna");
    let id = service.subscribe(&customer).await;
    for status in [204, 410, 204] {
        send(&service, status).await;
        service
            .call(
                &customer,
                Method::POST,
                &format!("/subscriptions/{id}/activate"),
                None,
            )
            .await;
    }
    let path = format!("/subscriptions/{id}/replays");
    let count = json!({ "what": "failed", "dry_run": true });
    let count = service.post(&customer, &path, count).await;
    assert_eq!(count.status, StatusCode::ACCEPTED, "{count:?}");
    let location = count.header("location").replace("../../", "/");
    service.sender.deliver().await.expect("delivered");
    assert!(
        service.transport.take_requests().is_empty(),
        "it only counts"
    );
    let count = service.get(&customer, &location).await;
    assert_eq!(
        (&count.body["state"], &count.body["done"]),
        (&json!("finished"), &json!(1))
    );

    let all = json!({ "what": "all" });
    let job = service.post(&customer, &path, all.clone()).await;
    let running = service.post(&customer, &path, all).await;
    assert_eq!(
        (running.status, running.problem()),
        (StatusCode::CONFLICT, "job-running")
    );
    assert_eq!(running.body["job"], job.body["id"]);
    service.sender.deliver().await.expect("delivered");
    assert_eq!(service.transport.take_requests().len(), 3);
    let jobs = service
        .get(&customer, "/jobs?state=finished&kind=replay")
        .await;
    assert_eq!(jobs.body["data"].as_array().expect("jobs").len(), 2);
    let trail = service.get(&customer, "/audit?action=job.started").await;
    assert_eq!(
        trail.body["data"].as_array().expect("entries").len(),
        1,
        "counting changes nothing"
    );
    assert_eq!(trail.body["data"][0]["actor"], "anna");
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_and_one_that_ended_is_not() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    let path = format!("/subscriptions/{id}/replays");
    let job = service
        .post(&customer, &path, json!({ "what": "missed" }))
        .await;
    let path = format!("/jobs/{}", job.body["id"].as_str().expect("an id"));
    let cancelled = service.call(&customer, Method::DELETE, &path, None).await;
    assert_eq!(
        (cancelled.status, &cancelled.body["state"]),
        (StatusCode::OK, &json!("cancelled"))
    );
    let again = service.call(&customer, Method::DELETE, &path, None).await;
    assert_eq!(
        (again.status, again.problem()),
        (StatusCode::CONFLICT, "conflict")
    );
}

#[tokio::test]
async fn a_message_is_sent_again_to_all_that_want_it_and_its_payload_is_removed_on_request() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    service.subscribe(&customer).await;
    let id = send(&service, 204).await;
    let path = format!("/messages/{id}/replay");
    let again = service.call(&customer, Method::POST, &path, None).await;
    assert_eq!(again.status, StatusCode::ACCEPTED, "{again:?}");
    assert_eq!(again.body["job"]["kind"], "message_replay");
    assert!(again.header("location").starts_with("../../jobs/job_"));
    service.sender.deliver().await.expect("delivered");
    assert_eq!(
        service.transport.take_requests()[0].header("webhook-id"),
        Some(id.as_str())
    );
    let odd = json!({ "subscriptions": ["sub_x"] });
    let odd = service.post(&customer, &path, odd).await;
    assert_eq!(
        odd.body["errors"][0]["pointer"], "/subscriptions/0",
        "{odd:?}"
    );

    let operator = Caller::operator();
    let payload = format!("/messages/{id}/payload");
    let erased = service
        .call(&operator, Method::DELETE, &payload, None)
        .await;
    assert_eq!(erased.status, StatusCode::ACCEPTED, "{erased:?}");
    service.sender.deliver().await.expect("delivered");
    let left = service
        .get(&customer, &format!("/messages/{id}?include=payload"))
        .await;
    assert!(left.body["body"].is_null(), "{left:?}");
}
