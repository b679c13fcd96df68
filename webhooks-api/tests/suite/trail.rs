//! The audit trail: each change says who made it and what was different before, and holds no secret.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use webhooks_sender::database::Clock;

use crate::client::{Caller, Service};

#[tokio::test]
async fn each_change_says_who_made_it_and_what_it_was_before() {
    let service = Service::start().await;
    let anna = Caller::owner("acct_1").named("anna");
    let id = service.subscribe(&anna).await;
    let path = format!("/subscriptions/{id}");
    let change = json!({ "description": "books", "headers": { "authorization": "hunter2" } });
    let change = service
        .call(&anna, Method::PATCH, &path, Some(change))
        .await;
    assert_eq!(change.status, StatusCode::OK, "{change:?}");
    let bert = Caller::operator().named("bert");
    for step in ["pause", "pause", "activate", "test"] {
        let path = format!("{path}/{step}");
        service.call(&bert, Method::POST, &path, None).await;
    }
    let rotated = service
        .post(&anna, &format!("{path}/rotate-secret"), json!({}))
        .await;
    let secret = rotated.body["secret"].as_str().expect("a secret");
    service
        .call(&Caller::owner("acct_1"), Method::DELETE, &path, None)
        .await;

    let trail = service.get(&anna, &format!("/audit?subject={id}")).await;
    let entries = trail.body["data"].as_array().expect("entries");
    let seen: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| (entry["action"].as_str().expect("a text"), &entry["actor"]))
        .collect();
    let (anna_did, bert_did) = (json!("anna"), json!("bert"));
    assert_eq!(
        seen,
        [
            ("subscription.created", &anna_did),
            ("subscription.changed", &anna_did),
            // The second pause changed nothing.
            ("subscription.paused", &bert_did),
            ("subscription.activated", &bert_did),
            ("subscription.tested", &bert_did),
            ("subscription.secret_rotated", &anna_did),
            ("subscription.removed", &Value::Null),
        ]
    );
    let changed = &entries[5];
    assert_eq!(changed["before"], json!({}));
    assert_eq!(
        changed["after"],
        json!({ "description": "books", "headers": ["authorization"] })
    );
    let paused = &entries[4];
    assert_eq!(
        (&paused["before"], &paused["after"]),
        (&json!({ "state": "active" }), &json!({ "state": "paused" }))
    );
    assert_eq!(entries[0]["before"]["target"], "https://example.com/hook");
    for hidden in ["hunter2", "whsec_", secret] {
        assert!(!trail.body.to_string().contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn links_into_the_portal_say_who_made_them_and_who_took_them_back() {
    let clock = Clock::fixed_at(Duration::from_hours(500_000));
    let service = Service::with(|builder| builder.clock(clock.clone())).await;
    let (anna, bert) = (
        Caller::operator().named("anna"),
        Caller::operator().named("bert"),
    );
    let path = "/portal-links?owner=acct_1";
    let wanted = json!({ "abilities": ["view"], "actor": "user 17" });
    let made = service.post(&anna, path, wanted).await;
    for _ in 0..2 {
        clock.advance(Duration::from_secs(1));
        service.call(&bert, Method::DELETE, path, None).await;
    }
    let trail = service.get(&Caller::owner("acct_1"), "/audit").await;
    let entries = trail.body["data"].as_array().expect("entries").iter();
    let seen: Vec<_> = entries
        .map(|entry| json!([entry["action"], entry["actor"], entry["subject"]]))
        .collect();
    assert_eq!(
        seen,
        [
            // The second time there was nothing to take back.
            json!(["grant.revoked", "bert", "all"]),
            json!(["grant.created", "anna", made.body["id"]]),
        ]
    );
    let given = &trail.body["data"][1]["after"]["content"];
    assert_eq!(
        (&given["abilities"], &given["actor"]),
        (&json!(["view"]), &json!("user 17"))
    );
    let code = made.body["code"].as_str().expect("a code");
    assert!(!trail.body.to_string().contains(code));
    let other = service.get(&Caller::owner("acct_2"), "/audit").await;
    assert_eq!(other.body["data"], json!([]));
}

#[tokio::test]
async fn the_trail_of_another_owner_is_not_seen_and_filters_go_page_by_page() {
    let service = Service::start().await;
    let (one, two) = (Caller::owner("acct_1"), Caller::owner("acct_2"));
    let id = service.subscribe(&one).await;
    for number in 0..5 {
        let caller = one
            .clone()
            .named(if number % 2 == 0 { "even" } else { "odd" });
        let body = Some(json!({ "description": number.to_string() }));
        let path = format!("/subscriptions/{id}");
        service.call(&caller, Method::PATCH, &path, body).await;
    }
    service.subscribe(&two).await;
    let foreign = service.get(&two, &format!("/audit?subject={id}")).await;
    assert_eq!(foreign.body["data"], json!([]));
    let all = service.get(&Caller::operator(), "/audit").await;
    assert_eq!(all.body["data"].as_array().expect("entries").len(), 7);
    let of_two = service
        .get(&Caller::operator(), "/audit?owner=acct_2")
        .await;
    assert_eq!(of_two.body["data"].as_array().expect("entries").len(), 1);

    let (mut seen, mut query) = (Vec::new(), "?actor=even&limit=2".to_owned());
    loop {
        let page = service.get(&one, &format!("/audit{query}")).await;
        let items = page.body["data"].as_array().expect("entries").iter();
        seen.extend(items.map(|entry| entry["after"]["description"].clone()));
        match page.body["next"].as_str() {
            Some(next) => query = format!("?actor=even&limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["4", "2", "0"]);
    let none = service
        .get(
            &one,
            "/audit?action=subscription.removed&since=2026-01-01T00:00:00Z",
        )
        .await;
    assert_eq!(none.body["data"], json!([]));
    let old = service.get(&one, "/audit?until=2026-01-01T00:00:00Z").await;
    assert_eq!(old.body["data"], json!([]));
}
