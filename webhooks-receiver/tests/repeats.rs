//! Messages that come again, and answers that cannot wait.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use support::{Notes, SECRET, WHSEC, app, send, signed};
use tokio::sync::Notify;
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{MessageIdSource, Provider, Received, Receiver, RecentMessages, Scheme};

fn receiver(notes: &Notes) -> Receiver {
    Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
        .deduplicate(RecentMessages::new(100))
        .on_event("*", notes.events())
}

fn with_id(id: &str, body: &str) -> Request<Body> {
    signed(
        &Scheme::STANDARD_WEBHOOKS,
        WHSEC,
        SignedRequest::new(body.to_owned()).id(id),
    )
}

#[tokio::test]
async fn a_message_that_comes_again_is_answered_200_and_handled_once() {
    let notes = Notes::default();
    let mut test = receiver(&notes).testing(());
    test.send("a", json!({})).await.assert_status(200);
    test.replay().await.assert_status(200).assert_repeat();
    test.send("a", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["a", "a"]);
}

#[tokio::test]
async fn without_a_memory_every_message_is_new() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let mut test = receiver.on_event("*", notes.events()).testing(());
    test.send("a", json!({})).await.assert_status(200);
    test.replay().await.assert_handled_by("{{closure}}");
    assert_eq!(notes.take(), ["a", "a"]);
}

#[tokio::test]
async fn a_message_that_failed_is_handled_again() {
    let failing = Arc::new(AtomicBool::new(true));
    let fails = failing.clone();
    let mut test = receiver(&Notes::default())
        .on_event("a", move || {
            let outcome = if fails.load(Ordering::Relaxed) {
                Err("not yet")
            } else {
                Ok(())
            };
            std::future::ready(outcome)
        })
        .testing(());
    test.send("a", json!({})).await.assert_status(500);
    failing.store(false, Ordering::Relaxed);
    test.replay()
        .await
        .assert_status(200)
        .assert_handled_by("{{closure}}");
    test.replay().await.assert_repeat();
}

#[tokio::test]
async fn a_message_whose_handler_panicked_is_handled_again() {
    let mut test = receiver(&Notes::default())
        .on_event("a", async || -> () { panic!("no") })
        .testing(());
    test.send("a", json!({})).await.assert_status(500);
    test.replay().await.assert_status(500);
}

#[tokio::test]
async fn the_same_id_with_another_body_keeps_the_first_and_is_answered_200_or_409_if_that_was_asked_for()
 {
    let notes = Notes::default();
    for (receiver, status) in [
        (receiver(&notes), StatusCode::OK),
        (
            receiver(&notes).refuse_changed_bodies(),
            StatusCode::CONFLICT,
        ),
    ] {
        let app = app(receiver);
        assert_eq!(
            send(&app, with_id("msg_1", r#"{"type":"a","data":1}"#))
                .await
                .status,
            StatusCode::OK
        );
        assert_eq!(
            send(&app, with_id("msg_1", r#"{"type":"b","data":2}"#))
                .await
                .status,
            status
        );
        assert_eq!(notes.take(), ["a"]);
    }
}

#[tokio::test]
async fn a_message_that_is_being_handled_is_answered_503_and_handled_again_if_the_first_fails() {
    let (entered, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let failing = Arc::new(AtomicBool::new(true));
    let (at_door, door, fails) = (entered.clone(), go_on.clone(), failing.clone());
    let slow = move || {
        let (at_door, door, fails) = (at_door.clone(), door.clone(), fails.clone());
        async move {
            at_door.notify_one();
            door.notified().await;
            if fails.load(Ordering::Relaxed) {
                Err("not yet")
            } else {
                Ok(())
            }
        }
    };
    let app = app(receiver(&Notes::default()).on_event("slow", slow));
    let request = || with_id("msg_1", r#"{"type":"slow"}"#);
    for outcome in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK] {
        let first = tokio::spawn({
            let app = app.clone();
            async move { send(&app, request()).await.status }
        });
        entered.notified().await;
        let repeat = send(&app, request()).await;
        assert_eq!(
            repeat.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "no success, for it may still fail"
        );
        assert_eq!(repeat.headers["retry-after"], "5");
        go_on.notify_one();
        assert_eq!(first.await.unwrap(), outcome);
        failing.store(false, Ordering::Relaxed);
    }
    assert_eq!(send(&app, request()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_many_at_once_with_one_id_exactly_one_is_handled() {
    let notes = Notes::default();
    let app = app(receiver(&notes));
    let requests = (0..50).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { send(&app, with_id("msg_1", r#"{"type":"a"}"#)).await.status })
    });
    for request in requests.collect::<Vec<_>>() {
        let status = request.await.unwrap();
        assert!(
            [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&status),
            "{status}"
        );
    }
    assert_eq!(
        send(&app, with_id("msg_1", r#"{"type":"a"}"#)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["a"]);
}

#[tokio::test]
async fn a_request_that_the_sender_gave_up_on_can_come_again() {
    let app = app(receiver(&Notes::default()).on_event("slow", std::future::pending::<()>));
    let request = || with_id("msg_1", r#"{"type":"slow"}"#);
    for _ in 0..2 {
        let call = send(&app, request());
        assert!(
            tokio::time::timeout(Duration::ZERO, call).await.is_err(),
            "claimed, then dropped"
        );
    }
}

#[tokio::test]
async fn an_id_in_the_body_or_an_unsigned_header_is_used_where_that_was_said() {
    let notes = Notes::default();
    for id in [
        MessageIdSource::json("/id"),
        MessageIdSource::header("x-id"),
    ] {
        let receiver: Receiver = Receiver::new(Scheme::GITHUB)
            .secret(SECRET)
            .unwrap()
            .message_id(id)
            .deduplicate(RecentMessages::new(10))
            .on_event("*", notes.events());
        let app = app(receiver);
        let request = |id: &str| {
            let body = format!(r#"{{"type":"a","id":"{id}"}}"#);
            signed(
                &Scheme::GITHUB,
                SECRET,
                SignedRequest::new(body).header("x-id", id),
            )
        };
        for id in ["1", "1", "2"] {
            assert_eq!(send(&app, request(id)).await.status, StatusCode::OK);
        }
        assert_eq!(notes.take().len(), 2);
    }
}

#[tokio::test]
async fn a_replay_under_another_id_is_recognised_by_its_body_where_that_was_asked_for() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .deduplicate(RecentMessages::new(10).same_body_within(Duration::from_secs(300)))
        .on_event("*", notes.events());
    let app = app(receiver);
    for id in ["1", "2"] {
        let request = SignedRequest::new("{}")
            .header("x-github-event", "push")
            .header("x-github-delivery", id);
        assert_eq!(
            send(&app, signed(&Scheme::GITHUB, SECRET, request))
                .await
                .status,
            StatusCode::OK
        );
    }
    assert_eq!(notes.take(), ["push"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_is_answered_202_in_time_and_finishes() {
    let notes = Notes::default();
    let log = notes.clone();
    let slow = move |message: Received| {
        let notes = log.clone();
        async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            notes.add(format!("{} done", message.event()));
        }
    };
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
        .deduplicate(RecentMessages::new(10))
        .answer_within(Duration::from_secs(3))
        .on_event("slow", slow)
        .on_event("quick", async || StatusCode::CREATED);
    let app = app(receiver);
    let began = tokio::time::Instant::now();
    assert_eq!(
        send(&app, with_id("msg_1", r#"{"type":"slow"}"#))
            .await
            .status,
        StatusCode::ACCEPTED
    );
    assert_eq!(began.elapsed().as_secs(), 3);
    let repeat = send(&app, with_id("msg_1", r#"{"type":"slow"}"#)).await;
    assert_eq!(
        repeat.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "it may still fail"
    );
    assert_eq!(
        send(&app, with_id("msg_2", r#"{"type":"quick"}"#))
            .await
            .status,
        StatusCode::CREATED
    );
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(notes.take(), ["slow done"]);
    assert_eq!(
        send(&app, with_id("msg_1", r#"{"type":"slow"}"#))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_panic_under_a_deadline_is_answered_500() {
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
        .answer_within(Duration::from_secs(3))
        .on_event("a", async || -> () { panic!("no") });
    let answer = send(&app(receiver), with_id("msg_1", r#"{"type":"a"}"#)).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}
