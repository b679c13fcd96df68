//! Bodies that have come with their head, and bodies that are waited for: what is answered is the same.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use support::{Notes, SECRET, WHSEC, app, github, send};
use tower::ServiceExt as _;
use webhooks_receiver::{Provider, Receiver, Reception};

/// Pieces of a body, the last one first, that are counted as they are taken.
struct Pieces {
    left: Vec<&'static str>,
    /// Whether they say how long they are together, as a body with a `Content-Length` does.
    are_announced: bool,
    taken: Arc<AtomicUsize>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        self.taken.fetch_add(1, Ordering::Relaxed);
        let piece = self.left.pop().map(str::as_bytes);
        Poll::Ready(piece.map(|piece| Ok(http_body::Frame::data(Bytes::from_static(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        if !self.are_announced {
            return http_body::SizeHint::default();
        }
        let length: usize = self.left.iter().map(|piece| piece.len()).sum();
        http_body::SizeHint::with_exact(length as u64)
    }
}

fn pieces(pieces: &[&'static str], are_announced: bool) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let body = Pieces {
        left: pieces.iter().rev().copied().collect(),
        are_announced,
        taken: taken.clone(),
    };
    (Body::new(body), taken)
}

fn receiver(notes: &Notes) -> Receiver {
    Receiver::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap()
        .on_event("*", notes.events())
}

#[tokio::test]
async fn a_body_that_has_come_with_its_head_changes_no_reason() {
    const HEADERS: [(&str, &str); 3] = [
        ("webhook-id", "a"),
        ("webhook-timestamp", "1614265330"),
        (
            "webhook-signature",
            "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ),
    ];
    for count in 0..=HEADERS.len() {
        let mut reasons = Vec::new();
        for are_announced in [true, false] {
            let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
                .secret(WHSEC)
                .unwrap();
            let mut request = Request::post("/hook");
            for (name, value) in &HEADERS[..count] {
                request = request.header(*name, *value);
            }
            let (body, _) = pieces(&["{}"], are_announced);
            let request = request.body(body).unwrap();
            let response = app(receiver).oneshot(request).await.unwrap();
            reasons.push(response.extensions().get::<Reception>().cloned());
        }
        assert!(
            matches!(reasons[0], Some(Reception::NotAuthenticated(_))),
            "{reasons:?}"
        );
        assert_eq!(reasons[0], reasons[1], "{count} headers");
    }
}

#[tokio::test]
async fn a_body_is_whole_in_however_many_pieces_it_comes() {
    let whole = r#"{"zen":"Keep"}"#;
    for text in [
        &[whole] as &[_],
        &[r#"{"zen":"#, r#""Keep"}"#],
        &["{", r#""zen":"Keep""#, "}"],
    ] {
        for are_announced in [true, false] {
            let notes = Notes::default();
            let mut request = github("push", whole);
            *request.body_mut() = pieces(text, are_announced).0;
            let answer = send(&app(receiver(&notes)), request).await;
            assert_eq!(answer.status, StatusCode::OK, "{text:?}");
            assert_eq!(notes.take(), ["push"]);
        }
    }
}

/// RFC 9110 section 10.1.1: to take a body that a client holds back is to ask for it.
#[tokio::test]
async fn a_body_that_the_client_holds_back_is_not_asked_for_before_its_head_is_checked() {
    let (body, taken) = pieces(&["{}"], true);
    let request = Request::post("/hook")
        .header("expect", "100-continue")
        .body(body)
        .unwrap();
    let app = app(receiver(&Notes::default()));
    assert_eq!(send(&app, request).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}
