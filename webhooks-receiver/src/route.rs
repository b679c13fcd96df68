//! A receiver as axum sees it: a method router, which is a tower service.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodRouter, any};

use crate::endpoint::Endpoint;
use crate::receiver::Receiver;

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
        Box::pin(async move {
            let now = self.0.now();
            self.0.receive(request, state, now).await.into_response()
        })
    }
}

impl<S: Clone + Send + Sync + 'static> From<Receiver<S>> for MethodRouter<S, Infallible> {
    fn from(receiver: Receiver<S>) -> Self {
        any(Route(Arc::new(receiver.into_endpoint())))
    }
}
