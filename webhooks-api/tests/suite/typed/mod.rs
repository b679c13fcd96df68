//! The client in Rust: a method for each operation, lists over pages, problems with their kinds, streams that go on.

mod live;
mod operations;
mod problems;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Request, Response};
use webhooks_api::client::{Client, Transport, TransportError};
use webhooks_sender::SubscriptionRequest;

use crate::client::{Caller, Service};

/// A router that writes down what it is asked, and whose streams break off on demand.
#[derive(Clone)]
struct Noted {
    router: Router,
    asked: Arc<Mutex<BTreeSet<(String, String)>>>,
    /// Behind so many pieces of a body it breaks off.
    cut: Arc<Mutex<Option<usize>>>,
}

impl Transport for Noted {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let path = request.uri().path().replace("/api/webhooks", "");
        let noted = (request.method().to_string(), path);
        self.asked.lock().expect("not poisoned").insert(noted);
        let response = self.router.send(request).await?;
        let cut = self.cut.lock().expect("not poisoned").take();
        Ok(match cut {
            None => response,
            Some(pieces) => response.map(|body| Body::new(Cut { body, pieces })),
        })
    }
}

/// A body that breaks off, and that asks its reader to come back soon.
struct Cut {
    body: Body,
    pieces: usize,
}

impl http_body::Body for Cut {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, std::io::Error>>> {
        use std::task::Poll;

        if self.pieces == 0 {
            return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
        }
        let Poll::Ready(frame) = std::pin::Pin::new(&mut self.body).poll_frame(context) else {
            return Poll::Pending;
        };
        self.pieces -= 1;
        let soon = |frame: http_body::Frame<bytes::Bytes>| {
            let text = frame.into_data().unwrap_or_default();
            let text = String::from_utf8_lossy(&text).replace("retry: 3000", "retry: 1");
            http_body::Frame::data(text.into())
        };
        Poll::Ready(frame.map(|frame| frame.map(soon).map_err(std::io::Error::other)))
    }
}

fn client(service: &Service, caller: &Caller) -> (Client<Noted>, Noted) {
    let noted = Noted {
        router: service.router(),
        asked: Arc::default(),
        cut: Arc::default(),
    };
    let mut client = Client::over(noted.clone(), "/api/webhooks");
    for (name, value) in Service::headers(caller) {
        let name = HeaderName::from_static(name);
        client = client.header(name, &value).expect("a header");
    }
    (client, noted)
}

fn wanted() -> SubscriptionRequest {
    SubscriptionRequest::new("https://example.com/hook").event("*")
}
