//! What the tests share: handlers that note their calls, requests signed by hand, and apps that answer them.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod log;
pub(crate) mod providers;
pub(crate) mod random;

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Received, Receiver, Scheme, Secret};

pub(crate) const SECRET: &str = "s3cret";
pub(crate) const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How many random requests of each kind; a hundred times as many where tests may take long.
pub(crate) fn cases(count: usize) -> usize {
    if std::env::var_os("WEBHOOKS_LONG").is_some() {
        count * 100
    } else {
        count
    }
}

/// What handlers wrote down, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    pub(crate) fn add(&self, note: impl Into<String>) {
        self.0.lock().unwrap().push(note.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// A handler that writes down the event and leaves the payload unread.
    pub(crate) fn events(
        &self,
    ) -> impl Fn(Received) -> std::future::Ready<()> + Send + Sync + 'static + use<> {
        let notes = self.clone();
        move |message: Received| {
            notes.add(message.event());
            std::future::ready(())
        }
    }
}

/// An answer, read to its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) fn app(receiver: Receiver) -> Router {
    Router::new().route("/hook", receiver.into())
}

pub(crate) async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response: Response<Body> = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// A request with this signature, made now.
pub(crate) fn signed(scheme: &Scheme, secret: &str, request: SignedRequest) -> Request<Body> {
    let signer = scheme.signer([Secret::new(secret).unwrap()]).unwrap();
    request
        .url("https://example.com/hook")
        .sign(&signer, SystemTime::now())
}

pub(crate) fn github(event: &str, body: &str) -> Request<Body> {
    signed(
        &Scheme::GITHUB,
        SECRET,
        SignedRequest::new(body.to_owned()).header("x-github-event", event),
    )
}

pub(crate) fn standard(body: &str) -> Request<Body> {
    signed(
        &Scheme::STANDARD_WEBHOOKS,
        WHSEC,
        SignedRequest::new(body.to_owned()),
    )
}
