//! The layer of a router that makes a request's trace that of its handler.

use std::pin::Pin;
use std::task::{Context, Poll};

use http::Request;
use tower_layer::Layer;
use tower_service::Service;

use super::context::{CURRENT, TraceContext};

/// A layer for the application's router: what a handler sends continues the trace of the request that it answers.
///
/// ```
/// use axum::Router;
/// use axum::routing::post;
/// use webhooks_sender::trace::{ContinueTrace, TraceContext};
///
/// async fn pay() -> String {
///     // `sender.send_in(..)` here takes the trace by itself.
///     TraceContext::current().map_or_else(String::new, |context| context.traceparent().to_owned())
/// }
///
/// let app: Router = Router::new().route("/payments", post(pay)).layer(ContinueTrace);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ContinueTrace;

impl<S> Layer<S> for ContinueTrace {
    type Service = ContinueTraceService<S>;

    fn layer(&self, inner: S) -> ContinueTraceService<S> {
        ContinueTraceService { inner }
    }
}

/// What [`ContinueTrace`] makes of a service.
#[derive(Debug, Clone)]
pub struct ContinueTraceService<S> {
    inner: S,
}

impl<S, B> Service<Request<B>> for ContinueTraceService<S>
where
    S: Service<Request<B>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let context = TraceContext::from_headers(request.headers());
        // The service may look at it before its future is polled.
        let future = CURRENT.sync_scope(context.clone(), || self.inner.call(request));
        Box::pin(CURRENT.scope(context, future))
    }
}
