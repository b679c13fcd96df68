//! What a request can occupy, and what becomes of it when something behind the receiver hangs or panics.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use support::{Notes, SECRET, WHSEC, app, github, send, signed, standard};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{
    BoxError, BoxFuture, Claim, Deduplicate, MessageKey, Provider, Receiver, Rejection, Scheme,
    Secret, Verified, Verifier,
};

/// A body whose first bytes come, and whose rest never does.
struct Trickle(Option<Bytes>);

impl HttpBody for Trickle {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(http_body::Frame::data(bytes)))),
            None => Poll::Pending,
        }
    }
}

/// What a client without the secret sends: headers that look right, and these bytes.
fn trickling(length: usize) -> Request<Body> {
    Request::post("/hook")
        .header("x-hub-signature-256", format!("sha256={}", "0".repeat(64)))
        .body(Body::new(Trickle(Some(vec![b' '; length].into()))))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn clients_that_send_little_and_wait_keep_no_genuine_request_out() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret(SECRET).unwrap();
    let app = app(receiver
        .body_limit(1 << 20)
        .unverified_bytes(1 << 20)
        .on_event("*", notes.events()));
    let waiting: Vec<_> = (0..1000)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { send(&app, trickling(1)).await.status })
        })
        .collect();
    tokio::task::yield_now().await;
    let began = tokio::time::Instant::now();
    assert_eq!(
        send(&app, github("push", "{}")).await.status,
        StatusCode::OK
    );
    assert!(began.elapsed() < Duration::from_millis(100));
    for one in waiting {
        assert_eq!(one.await.unwrap(), StatusCode::REQUEST_TIMEOUT);
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_that_are_not_verified_share_a_bounded_memory() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret(SECRET).unwrap();
    let app = app(receiver
        .body_limit(1000)
        .unverified_bytes(2000)
        .on_event("*", notes.events()));
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { send(&app, trickling(1000)).await.status })
        })
        .collect();
    tokio::task::yield_now().await;
    let refused = send(&app, trickling(1000)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers["retry-after"], "5");
    // One that has come with its head is verified without waiting, so it needs no share.
    assert_eq!(
        send(&app, github("push", "{}")).await.status,
        StatusCode::OK
    );
    for one in waiting {
        assert_eq!(one.await.unwrap(), StatusCode::REQUEST_TIMEOUT);
    }
    // The memory is free again, and a verified body gives its share back before its handlers run.
    assert_eq!(
        send(&app, github("push", "{}")).await.status,
        StatusCode::OK
    );
}

/// A store that is asked and never answers, fails, or panics.
struct Broken(&'static str);

impl Deduplicate for Broken {
    fn claim<'a>(
        &'a self,
        _: MessageKey<'a>,
        _: Duration,
        _: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        match self.0 {
            "hangs" => Box::pin(std::future::pending()),
            "fails" => Box::pin(std::future::ready(Err("no connection".into()))),
            _ => panic!("the store panics"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_fails_or_panics_is_answered_503() {
    for how in ["hangs", "fails", "panics"] {
        let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret(WHSEC)
            .unwrap();
        let app = app(receiver
            .deduplicate(Broken(how))
            .on_event("*", async || -> () { panic!("not called") }));
        let began = tokio::time::Instant::now();
        let answer = send(&app, standard(r#"{"type":"a"}"#)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{how}");
        assert!(began.elapsed() <= Duration::from_millis(5001), "{how}");
    }
}

async fn hangs() -> Result<Vec<Secret>, BoxError> {
    std::future::pending().await
}

async fn panics() -> Result<Vec<Secret>, BoxError> {
    panic!("the lookup panics")
}

async fn one_of_two_is_unusable() -> Result<Vec<Secret>, BoxError> {
    Ok(vec![Secret::new("whsec_%%%")?, Secret::new(WHSEC)?])
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_hangs_or_panics_is_answered_503() {
    let provider = || Receiver::<()>::new(Provider::STANDARD_WEBHOOKS);
    for receiver in [provider().secrets_by(hangs), provider().secrets_by(panics)] {
        let receiver = receiver.unwrap().storage_timeout(Duration::from_secs(2));
        let app = app(receiver);
        let began = tokio::time::Instant::now();
        let answer = send(&app, standard("{}")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(began.elapsed() <= Duration::from_millis(2001));
    }
}

#[tokio::test]
async fn an_unusable_secret_does_not_switch_a_tenant_off_that_has_a_good_one() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secrets_by(one_of_two_is_unusable)
        .unwrap();
    let app = app(receiver.on_event("*", notes.events()));
    assert_eq!(
        send(&app, standard(r#"{"type":"a"}"#)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_hangs_is_answered_503() {
    let none = async || Ok::<_, BoxError>(Vec::<Secret>::new());
    let confirm = async |_: Secret| std::future::pending::<Result<bool, BoxError>>().await;
    let receiver: Receiver = Receiver::new(Scheme::hmac_sha256("x-hook-signature"))
        .secrets_by(none)
        .unwrap();
    let app = app(receiver.rest_hooks(confirm));
    let request = Request::post("/hook")
        .header("x-hook-secret", "a secret of a client")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

struct Panicking;

impl Verifier for Panicking {
    fn verify(
        &self,
        _: &webhooks_receiver::Request<'_>,
        _: SystemTime,
    ) -> Result<Verified, Rejection> {
        panic!("the verifier panics")
    }
}

#[tokio::test]
async fn a_verifier_that_panics_is_answered_503() {
    let app = app(Receiver::with_verifier(Provider::GITHUB, Panicking));
    assert_eq!(
        send(&app, github("push", "{}")).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn a_large_body_of_slack_is_not_read_before_its_signature_is_plausible() {
    let notes = Notes::default();
    let receiver: Receiver = Receiver::new(Provider::SLACK).secret(SECRET).unwrap();
    let app = app(receiver.on_event("*", notes.events()));
    let form = |body: String| {
        Request::post("/hook")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    };
    let large = format!("ssl_check=1&{}", "a&".repeat(600));
    assert_eq!(
        send(&app, form(large)).await.status,
        StatusCode::UNAUTHORIZED
    );
    let small = format!("ssl_check=1&{}", "a&".repeat(500));
    assert_eq!(send(&app, form(small)).await.status, StatusCode::OK);
    let command = SignedRequest::new("command=%2Fdeploy&text=ssl_check%3D1%26");
    assert_eq!(
        send(&app, signed(&Scheme::SLACK, SECRET, command))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["/deploy"]);
}
