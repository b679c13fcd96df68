//! Methods, limits and public URLs: what is answered before the message is read.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use support::{Notes, SECRET, app, github, send, signed};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{EventSource, Provider, Receiver, Scheme, TrustedProxies};

fn receiver(notes: &Notes) -> Receiver {
    Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events())
}

/// A body of equal chunks that counts how many were taken, and never ends if there is no number of them.
struct Chunks {
    left: Option<usize>,
    chunk: Bytes,
    taken: Arc<AtomicUsize>,
}

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        match &mut self.left {
            Some(0) => return Poll::Ready(None),
            Some(left) => *left -= 1,
            None => {}
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(http_body::Frame::data(self.chunk.clone()))))
    }
}

/// A body of which nothing ever comes.
struct Silent;

impl HttpBody for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// A request whose headers look as if it were authentic.
fn like_signed() -> axum::http::request::Builder {
    Request::post("/hook").header("x-hub-signature-256", format!("sha256={}", "0".repeat(64)))
}

#[tokio::test]
async fn another_method_is_answered_405_with_what_is_allowed() {
    let app = app(receiver(&Notes::default()));
    for method in [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
    ] {
        let request = Request::builder()
            .method(&method)
            .uri("/hook")
            .body(Body::empty())
            .unwrap();
        let answer = send(&app, request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers["allow"], "POST", "{method}");
    }
}

#[tokio::test]
async fn messages_with_other_methods_are_received_where_that_was_said() {
    let notes = Notes::default();
    let receiver = receiver(&notes)
        .methods([Method::PUT, Method::GET])
        .event_name(EventSource::header("x-github-event"));
    let app = app(receiver);
    for (method, body) in [(Method::PUT, "{}"), (Method::GET, "")] {
        let request = SignedRequest::new(body)
            .header("x-github-event", "a")
            .method(method);
        assert_eq!(
            send(&app, signed(&Scheme::GITHUB, SECRET, request))
                .await
                .status,
            StatusCode::OK
        );
    }
    assert_eq!(
        send(&app, github("a", "{}")).await.headers["allow"],
        "PUT, GET"
    );
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_is_read() {
    let app = app(receiver(&Notes::default()).body_limit(1000));
    let taken = Arc::new(AtomicUsize::new(0));
    let body = Chunks {
        left: Some(1001),
        chunk: Bytes::from_static(b"x"),
        taken: taken.clone(),
    };
    let request = like_signed()
        .header("content-length", 1001)
        .body(Body::new(body))
        .unwrap();
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_chunked_body_is_refused_as_soon_as_it_is_too_large() {
    let app = app(receiver(&Notes::default()).body_limit(1000));
    let taken = Arc::new(AtomicUsize::new(0));
    let endless = Chunks {
        left: None,
        chunk: Bytes::from_static(&[b' '; 100]),
        taken: taken.clone(),
    };
    let request = like_signed().body(Body::new(endless)).unwrap();
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(
        taken.load(Ordering::Relaxed),
        11,
        "one chunk too many was needed to know"
    );
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_passes() {
    let notes = Notes::default();
    let app = app(receiver(&notes).body_limit(1000));
    let body = format!("{{{}}}", " ".repeat(998));
    assert_eq!(
        send(&app, github("push", &body)).await.status,
        StatusCode::OK
    );
    let body = format!("{{{}}}", " ".repeat(999));
    assert_eq!(
        send(&app, github("push", &body)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_body_of_3_mib_passes_under_a_limit_of_10_mib() {
    let notes = Notes::default();
    let app = app(receiver(&notes).body_limit(10 << 20));
    let body = format!(r#"{{"text":"{}"}}"#, "x".repeat(3 << 20));
    assert_eq!(
        send(&app, github("push", &body)).await.status,
        StatusCode::OK
    );
    assert_eq!(notes.take(), ["push"]);
}

#[tokio::test]
async fn the_limit_of_a_layer_around_the_route_is_answered_413_too() {
    let app = app(receiver(&Notes::default()));
    let request = github("push", &format!("{{{}}}", " ".repeat(2000)));
    let request = request
        .map(|body| Body::new(http_body_util::Limited::new(body, 1000).map_err(axum::Error::new)));
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_in_time_is_answered_408() {
    let app = app(receiver(&Notes::default()).body_timeout(Duration::from_secs(3)));
    let began = tokio::time::Instant::now();
    let request = like_signed().body(Body::new(Silent)).unwrap();
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::REQUEST_TIMEOUT
    );
    assert_eq!(began.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_answered_400() {
    let app = app(receiver(&Notes::default()));
    let broken = Chunks {
        left: Some(3),
        chunk: Bytes::from_static(b"x"),
        taken: Arc::default(),
    };
    let broken = broken.map_frame(|frame| frame).map_err(|_| unreachable!());
    let broken = http_body_util::BodyExt::with_trailers(broken, async {
        Some(Err(axum::Error::new("reset")))
    });
    let request = like_signed().body(Body::new(broken)).unwrap();
    assert_eq!(send(&app, request).await.status, StatusCode::BAD_REQUEST);
}

const SQUARE: Scheme = Scheme::SQUARE;

/// Signed for `https://example.com/hook`, asked for as `/hook` at `internal`.
fn square() -> Request<Body> {
    let mut request = signed(&SQUARE, SECRET, SignedRequest::new(r#"{"type":"a"}"#));
    request
        .headers_mut()
        .insert("host", "internal".parse().unwrap());
    request
}

#[tokio::test]
async fn a_signed_url_is_the_public_one_that_was_said() {
    let receiver = || -> Receiver {
        Receiver::new(Provider::SQUARE)
            .secret(SECRET)
            .unwrap()
            .on_event("a", async || ())
    };
    assert_eq!(
        send(&app(receiver()), square()).await.status,
        StatusCode::UNAUTHORIZED
    );
    let said = app(receiver().public_url("https://example.com/hook").unwrap());
    assert_eq!(send(&said, square()).await.status, StatusCode::OK);
    let origin = app(receiver().public_origin("https://example.com").unwrap());
    assert_eq!(send(&origin, square()).await.status, StatusCode::OK);
    assert!(receiver().public_url("example.com/hook").is_err());
    assert!(
        receiver()
            .public_origin("https://example.com/hook?x=1")
            .is_err()
    );
}

#[tokio::test]
async fn the_signed_url_of_a_nested_route_is_the_whole_one() {
    let receiver: Receiver = Receiver::new(Provider::SQUARE)
        .secret(SECRET)
        .unwrap()
        .on_event("a", async || ());
    let app = axum::Router::new().nest(
        "/hook",
        app(receiver.public_origin("https://example.com").unwrap()),
    );
    let signer = SQUARE
        .signer([webhooks_receiver::Secret::new(SECRET).unwrap()])
        .unwrap();
    let request = SignedRequest::new(r#"{"type":"a"}"#).url("https://example.com/hook/hook");
    let request = request.sign(&signer, std::time::SystemTime::now());
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn forwarded_headers_count_only_when_they_come_from_a_named_proxy() {
    let proxies = TrustedProxies::new(["10.0.0.0/8"]).unwrap();
    let receiver: Receiver = Receiver::new(Provider::SQUARE)
        .secret(SECRET)
        .unwrap()
        .on_event("a", async || ());
    let app = app(receiver.behind(proxies).unwrap());
    let from = |peer: Option<&str>| {
        let mut request = square();
        request
            .headers_mut()
            .insert("x-forwarded-proto", "https".parse().unwrap());
        request
            .headers_mut()
            .insert("x-forwarded-host", "example.com".parse().unwrap());
        if let Some(peer) = peer {
            request
                .extensions_mut()
                .insert(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        }
        request
    };
    assert_eq!(
        send(&app, from(Some("10.1.2.3:4000"))).await.status,
        StatusCode::OK
    );
    assert_eq!(
        send(&app, from(Some("192.0.2.1:4000"))).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        send(&app, from(None)).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// A GitHub request with this signature and a body that is counted as it is taken.
fn counted(signature: Option<&str>) -> (Request<Body>, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let body = Chunks {
        left: Some(900),
        chunk: Bytes::from_static(b"x"),
        taken: taken.clone(),
    };
    let mut request = Request::post("/hook").body(Body::new(body)).unwrap();
    if let Some(signature) = signature {
        request
            .headers_mut()
            .insert("x-hub-signature-256", signature.parse().unwrap());
    }
    (request, taken)
}

#[tokio::test]
async fn a_request_that_cannot_be_authentic_is_refused_before_its_body_is_read() {
    let app = app(receiver(&Notes::default()));
    for signature in [None, Some(""), Some("sha1=00"), Some("sha256=xyz")] {
        let (request, taken) = counted(signature);
        assert_eq!(
            send(&app, request).await.status,
            StatusCode::UNAUTHORIZED,
            "{signature:?}"
        );
        assert_eq!(taken.load(Ordering::Relaxed), 0, "{signature:?}");
    }
    let (request, taken) = counted(Some(&format!("sha256={}", "0".repeat(64))));
    assert_eq!(send(&app, request).await.status, StatusCode::UNAUTHORIZED);
    assert!(taken.load(Ordering::Relaxed) > 0, "only the body tells");
}

#[tokio::test]
async fn a_time_that_is_over_is_refused_before_the_body_is_read() {
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(support::WHSEC)
        .unwrap();
    let (mut request, taken) = counted(None);
    for (name, value) in [
        ("webhook-id", "a"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,AAAA"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(
        send(&app(receiver), request).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}
