//! The way of a request: method, body, signature, name, handlers, answer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use bytes::Bytes;
use webhooks_signature::Verifier;

use crate::authenticate::authenticate;
use crate::body;
use crate::dispatch;
use crate::layout::{Authentic, Layout};
use crate::message::IncomingMessage;
use crate::rejection::Rejection;
use crate::report::Report;
use crate::routes::Routes;

/// A receiver that is complete and receives.
pub(crate) struct Endpoint<S> {
    pub(crate) name: &'static str,
    pub(crate) methods: Vec<Method>,
    pub(crate) verifier: Box<dyn Verifier>,
    /// The challenge of a 401, where the scheme has one.
    pub(crate) challenge: Option<&'static str>,
    pub(crate) layout: Layout,
    pub(crate) routes: Routes<S>,
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Duration,
    pub(crate) unknown: StatusCode,
}

impl<S: Send + Sync + 'static> Endpoint<S> {
    /// Receives a request at the time `now`.
    pub(crate) async fn receive(self: Arc<Self>, request: Request, state: S, now: SystemTime) -> Report {
        let (mut parts, body) = request.into_parts();
        match self.accept(&mut parts, body, now).await {
            Ok(messages) => {
                let ran = dispatch::run(&self.routes, &messages, &mut parts, &state).await;
                Report::of(ran, self.unknown)
            }
            Err(rejection) => self.rejected(rejection),
        }
    }

    /// The verified messages of a request. Nothing of the application has run yet.
    async fn accept(
        &self,
        parts: &mut Parts,
        body: Body,
        now: SystemTime,
    ) -> Result<Vec<IncomingMessage>, Rejection> {
        if !self.methods.contains(&parts.method) {
            return Err(Rejection::MethodNotAllowed(self.allowed()));
        }
        let body = body::read(&parts.headers, body, self.body_limit, self.body_timeout).await?;
        self.authentic(parts, &body, now).await
    }

    async fn authentic(
        &self,
        parts: &mut Parts,
        body: &Bytes,
        now: SystemTime,
    ) -> Result<Vec<IncomingMessage>, Rejection> {
        let verified = authenticate(&*self.verifier, parts, body, now).map_err(|rejection| {
            tracing::warn!(receiver = self.name, "not authenticated: {}", rejection.reason());
            Rejection::NotAuthenticated(self.challenge)
        })?;
        let parameter = self.path_parameter(parts).await;
        let path_parameter = parameter.as_deref();
        self.layout.messages(&Authentic { headers: &parts.headers, body, verified: &verified, path_parameter })
    }

    async fn path_parameter(&self, parts: &mut Parts) -> Option<String> {
        let wanted = self.layout.path_parameter()?;
        let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
        parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
    }

    fn rejected(&self, rejection: Rejection) -> Report {
        tracing::warn!(receiver = self.name, status = rejection.status().as_u16(), "{}", rejection.text());
        let problem = rejection.text().to_owned();
        Report::rejected(rejection, problem)
    }

    /// The methods for `Allow` (RFC 9110 section 15.5.6).
    fn allowed(&self) -> HeaderValue {
        let names: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("POST"))
    }
}
