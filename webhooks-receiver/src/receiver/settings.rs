//! Everything about a receiver that has a default: the layout of requests, the public URL, limits and answers.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use webhooks_signature::TrustedProxies;

use crate::deduplicate::Deduplicate;
use crate::error::SetupError;
use crate::handshake::Handshake;
#[cfg(doc)]
use crate::provider::Provider;
use crate::public_url::PublicUrl;
use crate::source::{EventSource, MessageIdSource};

use super::Receiver;

/// # Layout of the requests
///
/// A [`Provider`] constant says all of this; here it is said for others, or changed.
impl<S> Receiver<S> {
    /// Where the name of the event stands.
    pub fn event_name(mut self, name: EventSource) -> Self {
        self.endpoint.layout.set_name(name);
        self
    }

    /// Where the payload stands, as a JSON pointer; the empty text is the whole body.
    pub fn payload_at(mut self, pointer: &str) -> Self {
        self.endpoint.layout.set_payload(pointer);
        self
    }

    /// Where the list stands whose elements are the messages, as a JSON pointer; see [`Provider::batch_at`]. Name and
    /// payload are then looked for in each element, and one failure is the answer for all.
    pub fn batch_at(mut self, pointer: &str) -> Self {
        self.endpoint.layout.set_batch(pointer);
        self
    }

    /// Where the id of the message stands, for schemes that do not sign one.
    pub fn message_id(mut self, id: MessageIdSource) -> Self {
        self.endpoint.layout.set_id(id);
        self
    }

    /// The methods that messages come with; POST when nothing is said.
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.endpoint.methods = methods.into_iter().collect();
        self
    }

    /// Adds a handshake to those that the provider brings.
    pub fn handshake(mut self, handshake: Handshake) -> Self {
        self.endpoint.handshakes.push(handshake);
        self
    }
}

/// # The public URL
///
/// Some providers sign it (Twilio, Square, HubSpot), and behind a proxy the server does not see it. One of these is
/// then needed; for all other schemes they change nothing.
impl<S> Receiver<S> {
    /// The URL exactly as it is registered with the provider.
    ///
    /// # Errors
    ///
    /// For anything but an absolute `http` or `https` URL, and for a receiver with a verifier of its own.
    pub fn public_url(mut self, url: impl Into<String>) -> Result<Self, SetupError> {
        self.url = Some(PublicUrl::Fixed(url.into()));
        self.renew_verifier()
    }

    /// Scheme, host and port of the public URL; path and query are those of the request.
    ///
    /// # Errors
    ///
    /// For anything but an `http` or `https` origin, and for a receiver with a verifier of its own.
    pub fn public_origin(mut self, origin: impl Into<String>) -> Result<Self, SetupError> {
        self.url = Some(PublicUrl::Origin(origin.into()));
        self.renew_verifier()
    }

    /// Believes `X-Forwarded-Proto` and `X-Forwarded-Host` of requests that come directly from one of these proxies.
    /// Serve the app with `into_make_service_with_connect_info::<SocketAddr>()`, or no address is known and nothing
    /// is believed.
    ///
    /// # Errors
    ///
    /// For a receiver with a verifier of its own.
    pub fn behind(mut self, proxies: TrustedProxies) -> Result<Self, SetupError> {
        self.url = Some(PublicUrl::Behind(proxies));
        self.renew_verifier()
    }
}

/// # Limits and answers
impl<S> Receiver<S> {
    /// What logs call the receiver, and what keeps its ids apart from those of others that share a memory. The
    /// provider's name when nothing is said.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.name = name.into();
        self
    }

    /// The most bytes of a body; a longer one is answered 413 and not kept. axum's `DefaultBodyLimit` does not apply.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.endpoint.body_limit = bytes;
        self
    }

    /// How long the whole body may take to arrive; a slower one is answered 408. 10 seconds when nothing is said.
    pub fn body_timeout(mut self, time: Duration) -> Self {
        self.endpoint.body_timeout = time;
        self
    }

    /// What an event without a handler is answered. 204 when nothing is said: senders take anything but 2xx for a
    /// failure, try again and in the end switch the webhook off.
    pub fn unknown_status(mut self, status: StatusCode) -> Self {
        self.endpoint.unknown = status;
        self
    }

    /// Answers 202 when the handlers are not done within this time, and lets them go on.
    ///
    /// For senders that wait less long than the work takes (GitHub 10 seconds, Slack 3). What fails afterwards, or is
    /// cut off when the process ends, is in the log only: the sender was told that all is well and does not try again.
    /// Without this, handlers stop when the sender hangs up.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.endpoint.answer_within = Some(time);
        self
    }

    /// Recognises a message that comes again: one that was handled is answered 200, one that is being handled 503
    /// with `Retry-After`, and neither reaches a handler.
    ///
    /// A message that is being handled may still fail, and a sender that was told of a success would not send it
    /// again.
    ///
    /// A message is known by the id that its signature covers, else by the one at
    /// [`message_id`](Self::message_id); without an id it is always new. One that failed is handled again. When an id
    /// comes back with another body, the first is kept and the answer is 200, because there are senders that write
    /// the body anew for each attempt.
    pub fn deduplicate(mut self, memory: impl Deduplicate) -> Self {
        self.endpoint.memory = Some(Box::new(memory));
        self
    }

    /// Answers 409 instead when an id comes back with another body.
    pub fn refuse_changed_bodies(mut self) -> Self {
        self.endpoint.refuses_other_body = true;
        self
    }
}
