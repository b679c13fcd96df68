//! A receiver as axum sees it: a method router, which is a tower service.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodRouter, any};
use pin_project_lite::pin_project;

use crate::endpoint::Endpoint;
use crate::receiver::Receiver;
use crate::report::Report;

/// A receiver that was made ready, as an axum handler of all methods: it answers the wrong ones itself.
struct Route<S>(Arc<Endpoint<S>>);

impl<S> Clone for Route<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Clone + Send + Sync + 'static> Handler<(), S> for Route<S> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let now = self.0.now();
        Box::pin(Answering {
            receiving: self.0.receive(request, state, now),
        })
    }
}

pin_project! {
    /// The response of a request that is being received. An `async` block would hold the future twice.
    struct Answering<F> {
        #[pin]
        receiving: F,
    }
}

impl<F: Future<Output = Report>> Future for Answering<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let receiving = self.project().receiving;
        receiving.poll(context).map(Report::into_response)
    }
}

impl<S: Clone + Send + Sync + 'static> From<Receiver<S>> for MethodRouter<S, Infallible> {
    fn from(receiver: Receiver<S>) -> Self {
        any(Route(Arc::new(receiver.into_endpoint())))
    }
}
