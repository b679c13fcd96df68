//! What the API refuses, and what is not the API.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use serde_json::json;
use webhooks_api::answer::{ProblemKind, SubscriptionPatch};
use webhooks_api::client::{Client, ClientError, DeliveryList};
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::job::Replay;

use super::wanted;
use crate::client::{Caller, Service};

#[tokio::test]
async fn what_the_api_refuses_is_an_error_with_its_kind() {
    let service = Service::start().await;
    let (client, _) = super::client(&service, &Caller::owner("acct_1"));
    let kind = |error: ClientError| error.kind();

    let no_events = SubscriptionRequest::new("https://example.com/hook");
    let error = client
        .create_subscription(&no_events)
        .await
        .expect_err("refused");
    assert_eq!(
        (error.kind(), error.status()),
        (Some(ProblemKind::InvalidSubscription), Some(422))
    );
    let id = client
        .create_subscription(&wanted())
        .await
        .expect("made")
        .id;
    let read = client.subscription(&id).await.expect("read");
    let patch = |text: &str| SubscriptionPatch::new().description(text);
    client
        .change_subscription(&id, &patch("one"), Some(read.tag()))
        .await
        .expect("changed");
    let late = client
        .change_subscription(&id, &patch("two"), Some(read.tag()))
        .await;
    assert_eq!(
        kind(late.expect_err("overtaken")),
        Some(ProblemKind::PreconditionFailed)
    );
    let gone = client.remove_subscription(&id, Some(read.tag())).await;
    assert_eq!(
        kind(gone.expect_err("overtaken")),
        Some(ProblemKind::PreconditionFailed)
    );

    let reused = client.once("key 1");
    reused.create_subscription(&wanted()).await.expect("made");
    let other = SubscriptionRequest::new("https://example.com/other").event("*");
    let error = reused
        .create_subscription(&other)
        .await
        .expect_err("another request");
    assert_eq!(kind(error), Some(ProblemKind::KeyReused));
    for odd in ["", "a\nb", "é"] {
        let made = client.once(odd).create_subscription(&wanted()).await;
        assert!(made.is_err(), "{odd:?}");
    }
    client.replay(&id, &Replay::all()).await.expect("a job");
    let second = client
        .replay(&id, &Replay::all())
        .await
        .expect_err("one at a time");
    let problem = second.problem().expect("a problem");
    assert_eq!(problem.known_kind(), Some(ProblemKind::JobRunning));
    assert!(problem.job.is_some(), "{problem:?}");
    let operators = client.queue().await.expect_err("an operator's");
    assert_eq!(kind(operators), Some(ProblemKind::Forbidden));
    let (stranger, _) = super::client(&service, &Caller::owner("acct_2"));
    let foreign = stranger.subscription(&id).await.expect_err("another's");
    assert_eq!(kind(foreign), Some(ProblemKind::NotFound));
    let odd = client
        .event("../subscriptions")
        .await
        .expect_err("no event");
    assert_eq!(kind(odd), Some(ProblemKind::NotFound));
}

#[tokio::test]
async fn what_is_not_the_api_is_told_from_it() {
    let other = Router::new()
        .route("/events", axum::routing::get(|| async { (StatusCode::BAD_GATEWAY, "no upstream") }))
        .route("/queue", axum::routing::get(|| async { "<html>" }))
        .route("/health", axum::routing::get(std::future::pending::<()>))
        .route(
            "/deliveries",
            axum::routing::get(|| async {
                let body = json!({ "type": "errors/of-a-later-version", "title": "New", "status": 418, "detail": "d" });
                let headers = [("content-type", "application/problem+json")];
                (StatusCode::IM_A_TEAPOT, headers, body.to_string())
            }),
        );
    let client = Client::over(other, "").timeout(Duration::from_millis(50));
    let error = client.events().await.expect_err("a proxy's");
    assert!(
        matches!(&error, ClientError::Unexpected { status, text } if *status == 502 && text == "no upstream"),
        "{error:?}"
    );
    let error = client.queue().await.expect_err("no JSON");
    assert!(matches!(error, ClientError::Unreadable(_)), "{error:?}");
    let error = client.health().await.expect_err("no answer");
    assert!(matches!(error, ClientError::Timeout), "{error:?}");
    let error = client
        .deliveries(DeliveryList::new())
        .next()
        .await
        .expect_err("a problem");
    let problem = error.problem().expect("a problem of a later version");
    assert_eq!((problem.known_kind(), problem.status), (None, 418));
    assert!(client.clone().token("a\nb").is_err());
}

/// 503 says no to a health check and is the answer to who asks for it.
#[tokio::test]
async fn a_service_that_is_not_well_says_why() {
    let health = json!({
        "ok": false,
        "queue": { "ready": 9, "held": 0, "scheduled": 0, "sending": 0, "oldest_ready_ms": 600_000 },
        "engine": null,
    });
    let other = Router::new().route(
        "/health",
        axum::routing::get(|| async move {
            let headers = [("content-type", "application/json")];
            (StatusCode::SERVICE_UNAVAILABLE, headers, health.to_string())
        }),
    );
    let health = Client::over(other, "").health().await.expect("an answer");
    assert!(!health.ok);
    assert_eq!(health.queue.oldest_ready, Some(Duration::from_mins(10)));
}
