//! How requests of the client travel: a router in the same process is a transport too.

use std::fmt;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use tower_service::Service;

/// Sends the requests of a [`Client`](super::Client). [`Https`](super::Https) does it over the network; a router of axum
/// answers in the same process.
///
/// Another one looks at everything that goes out, or speaks through a socket of its own:
///
/// ```
/// use axum::Router;
/// use axum::body::Body;
/// use webhooks_api::client::{Transport, TransportError};
///
/// #[derive(Clone)]
/// struct Noted(Router);
///
/// impl Transport for Noted {
///     async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
///         println!("{} {}", request.method(), request.uri());
///         self.0.send(request).await
///     }
/// }
/// ```
pub trait Transport: Clone + Send + Sync + 'static {
    /// Sends the request, and gives the answer as soon as its head has come.
    fn send(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Body>, TransportError>> + Send;
}

impl Transport for Router {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        // A router is always ready.
        match Service::call(&mut self.clone(), request).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub struct TransportError(Box<dyn std::error::Error + Send + Sync>);

impl TransportError {
    /// With what went wrong.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request could not be sent, or the answer broke off")
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
