//! Handlers that go on after their request was answered.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use support::{WHSEC, app, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver, Scheme};

fn receiver() -> Receiver {
    Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
        .answer_within(Duration::from_millis(1))
}

fn request(id: &str) -> Request<Body> {
    let request = SignedRequest::new(r#"{"type":"invoice.paid"}"#).id(id);
    signed(&Scheme::STANDARD_WEBHOOKS, WHSEC, request)
}

#[tokio::test(start_paused = true)]
async fn there_are_at_most_as_many_as_was_set_and_further_requests_wait_for_their_handlers() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = {
        let (running, most) = (running.clone(), most.clone());
        move || {
            let (running, most) = (running.clone(), most.clone());
            async move {
                most.fetch_max(
                    running.fetch_add(1, Ordering::Relaxed) + 1,
                    Ordering::Relaxed,
                );
                tokio::time::sleep(Duration::from_secs(60)).await;
                running.fetch_sub(1, Ordering::Relaxed);
            }
        }
    };
    let receiver = receiver().late_limit(3).on_event("*", counted);
    let late = receiver.late_handlers();
    let app = app(receiver);
    // Of each ten, three are answered early; the others hold their connection, which a layer can bound.
    let mut early = 0;
    for round in 0..5 {
        let requests: Vec<_> = (0..10)
            .map(|number| {
                let app = app.clone();
                tokio::spawn(async move {
                    let began = tokio::time::Instant::now();
                    let status = send(&app, request(&format!("msg_{round}_{number}")))
                        .await
                        .status;
                    (status, began.elapsed())
                })
            })
            .collect();
        for request in requests {
            let (status, time) = request.await.unwrap();
            match status {
                StatusCode::ACCEPTED => early += 1,
                StatusCode::OK => assert!(time >= Duration::from_secs(60)),
                other => panic!("{other}"),
            }
        }
        late.finished().await;
        assert_eq!(late.running(), 0);
    }
    assert_eq!(early, 15);
    assert!(most.load(Ordering::Relaxed) <= 10);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_can_wait_for_them() {
    let done = Arc::new(AtomicUsize::new(0));
    let counter = done.clone();
    let receiver = receiver().on_event("*", move || {
        let counter = counter.clone();
        async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    let late = receiver.late_handlers();
    let app = app(receiver);
    for id in ["msg_1", "msg_2"] {
        assert_eq!(send(&app, request(id)).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!((late.running(), done.load(Ordering::Relaxed)), (2, 0));
    late.finished().await;
    assert_eq!((late.running(), done.load(Ordering::Relaxed)), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_hangs_up_does_not_stop_them() {
    let done = Arc::new(AtomicUsize::new(0));
    let counter = done.clone();
    let receiver = receiver()
        .answer_within(Duration::from_secs(10))
        .on_event("*", move || {
            let counter = counter.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
    let late = receiver.late_handlers();
    let app = app(receiver);
    let call = send(&app, request("msg_1"));
    assert!(
        tokio::time::timeout(Duration::from_millis(300), call)
            .await
            .is_err()
    );
    late.finished().await;
    assert_eq!(done.load(Ordering::Relaxed), 1);
}
