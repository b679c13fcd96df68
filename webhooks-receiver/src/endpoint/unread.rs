//! The first two steps: from the head to the body, from the body to a signature that is right.
//!
//! The head of a request is checked before its body is waited for: a client that cannot sign must cost neither memory nor
//! a query. Where the whole body has come with the head there is nothing to wait for, so the signature is verified
//! first. Only a request that is refused has its head looked at again, so that the reason is the same.

use std::time::SystemTime;

use axum::body::Body;
use axum::http::request::Parts;
use bytes::Bytes;
use tokio::sync::SemaphorePermit;
use webhooks_signature::Verifier;

use super::authenticated::AuthenticatedRequest;
use super::config::Endpoint;
use super::stop::Stop;
use crate::authenticate::{authenticate, precheck};
use crate::body::{self, ArrivingBody};
use crate::error_chain::ErrorChain;
use crate::handshake::{Confirmation, brings_secret};
use crate::lookup::{Keys, Lookup, LookupError};
use crate::rejection::Rejection;
use crate::wait::within;

/// The head of a request; its body is still on its way.
pub(super) struct Unread<'e, S> {
    endpoint: &'e Endpoint<S>,
    state: &'e S,
    now: SystemTime,
    parts: &'e mut Parts,
    body: ArrivingBody,
}

/// A request whose body is there, and whose head could be authentic where the body was waited for.
pub(super) struct Read<'e, S> {
    endpoint: &'e Endpoint<S>,
    state: &'e S,
    now: SystemTime,
    parts: &'e mut Parts,
    body: Bytes,
    /// The body's share of the memory for bodies that are not verified; one that was not waited for has none.
    permit: Option<SemaphorePermit<'e>>,
    /// Whether the head was checked before the body was there.
    is_head_checked: bool,
    /// Known where a handshake had to ask for them.
    keys: Option<Box<Keys>>,
}

impl<'e, S: Send + Sync + 'static> Unread<'e, S> {
    pub(super) fn new(
        endpoint: &'e Endpoint<S>,
        state: &'e S,
        now: SystemTime,
        parts: &'e mut Parts,
        body: Body,
    ) -> Self {
        Self {
            endpoint,
            state,
            now,
            parts,
            body: ArrivingBody::new(body),
        }
    }

    /// Reads the body of a request that could be authentic by its head.
    pub(super) async fn read(mut self) -> Result<Read<'e, S>, Stop> {
        let endpoint = self.endpoint;
        if let Some(response) = endpoint.handshakes.answer_head(self.parts) {
            return Err(Stop::handshake(response));
        }
        if !endpoint.methods.contains(&self.parts.method) {
            return Err(Stop::Unverified(Rejection::MethodNotAllowed(
                endpoint.allowed(),
            )));
        }
        let keys = if endpoint.secret_exchange.is_some() && brings_secret(self.parts) {
            Box::pin(self.exchange_secret()).await?
        } else {
            None
        };
        if endpoint.lookup.is_none() {
            let limit = endpoint.limits.body;
            if let Some(body) = self.body.with_head(&self.parts.headers, limit).await {
                return Ok(Read {
                    endpoint,
                    state: self.state,
                    now: self.now,
                    parts: self.parts,
                    body,
                    permit: None,
                    is_head_checked: false,
                    keys,
                });
            }
        }
        if let Err(rejection) = precheck(&*endpoint.verifier, self.parts, self.now) {
            return Err(Box::pin(self.answer_unsigned(rejection.into())).await);
        }
        let (body, permit) = Box::pin(body::read(
            &self.parts.headers,
            self.body,
            endpoint.limits.body,
            endpoint.limits.body_timeout,
            &endpoint.unverified,
        ))
        .await
        .map_err(Stop::Unverified)?;
        Ok(Read {
            endpoint,
            state: self.state,
            now: self.now,
            parts: self.parts,
            body,
            permit,
            is_head_checked: true,
            keys,
        })
    }

    /// A request that is not signed can still be a handshake in its body, if that is small.
    async fn answer_unsigned(self, stop: Stop) -> Stop {
        let handshakes = &self.endpoint.handshakes;
        if !handshakes.read_unsigned(self.parts) {
            return stop;
        }
        let timeout = self.endpoint.limits.body_timeout;
        let Some(body) = body::read_small(self.body, timeout).await else {
            return stop;
        };
        handshakes
            .answer_unsigned(&body)
            .map_or(stop, Stop::handshake)
    }

    /// Takes part in the exchange of a secret that nothing signs, where no secret is there yet.
    ///
    /// Where one is there, the request is verified like any other, so that only its owner can replace the secret. The
    /// secrets that were looked up for this are given back.
    async fn exchange_secret(&mut self) -> Result<Option<Box<Keys>>, Stop> {
        let endpoint = self.endpoint;
        let keys = match &endpoint.lookup {
            Some(lookup) => Some(endpoint.keys(lookup, self.parts, self.state).await?),
            None => None,
        };
        let has_secret = keys.as_ref().map_or(!endpoint.secrets.is_empty(), |keys| {
            !keys.secrets.is_empty()
        });
        if has_secret {
            return Ok(keys);
        }
        Err(endpoint.confirmed(self.parts, self.state).await)
    }
}

impl<'e, S: Send + Sync + 'static> Read<'e, S> {
    /// Verifies the signature over the bytes as they came.
    pub(super) async fn verify(mut self) -> Result<AuthenticatedRequest<'e, S>, Stop> {
        let endpoint = self.endpoint;
        let keys = match (self.keys.take(), &endpoint.lookup) {
            (None, Some(lookup)) => {
                Some(Box::pin(endpoint.keys(lookup, self.parts, self.state)).await?)
            }
            (keys, _) => keys,
        };
        let (asked, secrets): (&dyn Verifier, _) = match &keys {
            Some(keys) => (&**keys, &keys.secrets),
            None => (&*endpoint.verifier, &endpoint.secrets),
        };
        let verified = match authenticate(asked, self.parts, &self.body, self.now) {
            Ok(verified) => verified,
            Err(rejection) => return Err(self.refused(rejection)),
        };
        drop(self.permit.take());
        let secret = secrets.get(verified.secret());
        if let Some(response) = endpoint.handshakes.answer_signed(&self.body, secret) {
            return Err(Stop::handshake(response));
        }
        if endpoint.secret_exchange.is_some() && brings_secret(self.parts) {
            return Err(Box::pin(endpoint.confirmed(self.parts, self.state)).await);
        }
        let receiver = endpoint.label(keys.as_deref());
        Ok(AuthenticatedRequest {
            endpoint,
            now: self.now,
            parts: self.parts,
            body: self.body,
            verified,
            receiver,
        })
    }
}

impl<S> Read<'_, S> {
    /// Why a request is not authentic: what its head alone says comes first, whether the body was waited for or not.
    fn refused(&self, rejection: webhooks_signature::Rejection) -> Stop {
        if self.is_head_checked {
            return rejection.into();
        }
        match precheck(&*self.endpoint.verifier, self.parts, self.now) {
            Ok(()) => rejection.into(),
            Err(of_head) => self.answer_unsigned(of_head.into()),
        }
    }

    /// A request that is not signed can still be a handshake in its body, if that is small.
    fn answer_unsigned(&self, stop: Stop) -> Stop {
        let handshakes = &self.endpoint.handshakes;
        if self.body.len() > body::SMALL || !handshakes.read_unsigned(self.parts) {
            return stop;
        }
        handshakes
            .answer_unsigned(&self.body)
            .map_or(stop, Stop::handshake)
    }
}

impl<S: Send + Sync + 'static> Endpoint<S> {
    /// The keys of this request.
    async fn keys(
        &self,
        lookup: &Lookup<S>,
        parts: &mut Parts,
        state: &S,
    ) -> Result<Box<Keys>, Stop> {
        let found = within(
            self.limits.storage_timeout,
            lookup.keys(&self.name, parts, state, &self.log.authentic),
        );
        match found.await {
            Some(Ok(keys)) => return Ok(Box::new(keys)),
            Some(Err(LookupError::Failed(error))) => tracing::error!(
                receiver = self.name,
                "the secrets could not be looked up: {}",
                ErrorChain(&*error)
            ),
            Some(Err(LookupError::Extractor(status))) => tracing::error!(
                receiver = self.name,
                "the secrets could not be looked up: an extractor answered {}",
                status.as_u16()
            ),
            None => tracing::error!(
                receiver = self.name,
                "the lookup of the secrets took longer than {:?}",
                self.limits.storage_timeout
            ),
        }
        Err(Stop::Unavailable)
    }

    /// The application's answer to a secret that it is given.
    async fn confirmed(&self, parts: &mut Parts, state: &S) -> Stop {
        let Some(exchange) = &self.secret_exchange else {
            return Stop::Unavailable;
        };
        let asked = within(self.limits.storage_timeout, exchange.confirm(parts, state));
        match asked.await {
            Some(Confirmation::Answered(response)) => return Stop::handshake(response),
            Some(Confirmation::Failed(error)) => tracing::error!(
                receiver = self.name,
                "whether a secret is expected could not be found out: {}",
                ErrorChain(&*error)
            ),
            None => tracing::error!(
                receiver = self.name,
                "the confirmation of a secret took longer than {:?}",
                self.limits.storage_timeout
            ),
        }
        Stop::Unavailable
    }
}
