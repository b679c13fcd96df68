//! Everything about a receiver that has a default: the layout of requests, the public URL, limits and answers.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::{Method, StatusCode};
use tokio::sync::Semaphore;
use webhooks_signature::TrustedProxies;

use crate::deduplicate::Deduplicate;
use crate::error::SetupError;
use crate::handshake::{ConfirmSecret, Handshake, SecretExchange};
use crate::late_handlers::LateHandlers;
#[cfg(doc)]
use crate::provider::Provider;
use crate::public_url::PublicUrl;
use crate::source::{EventSource, Forms, MessageIdSource, MessageShape};

use super::build::Receiver;

/// # Layout of the requests
///
/// A [`Provider`] constant says all of this; here it is said for others, or changed.
impl<S> Receiver<S> {
    /// Where the name of the event is. [Other shapes](Provider::other_shapes) of the provider no longer count.
    pub fn event_name(mut self, name: EventSource) -> Self {
        self.endpoint.layout.set_name(name);
        self
    }

    /// Where the payload is, as a JSON pointer; the empty text is the whole body.
    pub fn payload_at(mut self, pointer: &str) -> Self {
        self.endpoint.layout.set_payload(pointer);
        self
    }

    /// Where the list is whose elements are the messages, as a JSON pointer; see [`Provider::batch_at`]. Name and
    /// payload are then looked for in each element, and one failure is the answer for all.
    pub fn batch_at(mut self, pointer: &str) -> Self {
        self.endpoint.layout.set_batch(pointer);
        self
    }

    /// Where the id of the message is, for schemes that do not sign one.
    pub fn message_id(mut self, id: MessageIdSource) -> Self {
        self.endpoint.layout.set_id(id);
        self
    }

    /// The methods that messages come with; POST when nothing is said.
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.endpoint.methods = methods.into_iter().collect();
        self
    }

    /// Further shapes of what comes to this URL; see [`Provider::other_shapes`].
    pub fn other_shapes(mut self, shapes: &[MessageShape]) -> Self {
        self.endpoint.layout.set_other_shapes(shapes);
        self
    }

    /// Reads bodies that are forms; see [`Provider::form_field`].
    pub fn form_field(mut self, name: &'static str) -> Self {
        self.endpoint.layout.set_forms(Forms::Field(name));
        self
    }
}

/// # Handlers of events that do not exist
impl<S> Receiver<S> {
    /// Looks for slips in the names of the handlers' events when the receiver becomes a route: the log has a warning for
    /// each name that differs from one that is known by its case or by one character, and is not known itself.
    ///
    /// Known are the webhooks that are declared in this program, and what the provider documents
    /// ([`Provider::known_events`]; of the constants GitHub, GitLab and Stripe have such a list). Off when nothing is said,
    /// because a provider may have new events that no list knows.
    ///
    /// ```
    /// use axum::Router;
    /// use webhooks_receiver::{Provider, Receiver};
    ///
    /// let stripe = Receiver::new(Provider::STRIPE)
    ///     .secret("whsec_1")?
    ///     .strict()
    ///     .on_event("charge.succeded", async || ());
    /// // WARN the handler of `charge.succeded` is probably meant for `charge.succeeded`
    /// let app: Router = Router::new().route("/hooks/stripe", stripe.into());
    /// # Ok::<(), webhooks_receiver::SetupError>(())
    /// ```
    #[doc(alias = "typo")]
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }
}

/// # Handshakes
impl<S> Receiver<S> {
    /// Adds a handshake to those that the provider brings.
    pub fn handshake(mut self, handshake: Handshake) -> Self {
        self.endpoint.handshakes.add(handshake);
        self
    }

    /// REST Hooks: a POST with `X-Hook-Secret`, whose secret is echoed when `confirm` says that it was expected, and
    /// answered 403 otherwise.
    ///
    /// Nothing signs such a request, so any client can send one. So `confirm` must know which subscription it is, by a
    /// part of the path that cannot be guessed, and must store the secret only if that subscription has none yet, in
    /// one statement. It gets axum's extractors for that ([`ConfirmSecret`]).
    ///
    /// Where the receiver already has a secret for the request, by [`secrets_by`](crate::NeedsSecret::secrets_by) or
    /// [`secret`](Self::secret), a new one is only taken in a request that is signed under the old one.
    ///
    /// Source: <https://resthooks.org/docs/security/>, and Asana's webhooks.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use axum::Router;
    /// use axum::extract::{Path, State};
    /// use webhooks_receiver::{Receiver, Scheme, Secret};
    ///
    /// #[derive(Clone)]
    /// struct Db;
    ///
    /// impl Db {
    ///     async fn secret(&self, token: &str) -> Option<Secret> {
    ///         None // SELECT secret FROM subscriptions WHERE token = $1
    ///     }
    ///
    ///     async fn set_secret(&self, token: &str, secret: &str) -> bool {
    ///         true // UPDATE subscriptions SET secret = $2 WHERE token = $1 AND secret IS NULL
    ///     }
    /// }
    ///
    /// /// The token is a random text of 128 bits, made when the subscription was asked for.
    /// async fn confirm(secret: Secret, Path(token): Path<String>, State(db): State<Db>) -> Result<bool, Infallible> {
    ///     Ok(db.set_secret(&token, secret.expose()).await)
    /// }
    ///
    /// async fn secrets(Path(token): Path<String>, State(db): State<Db>) -> Result<Vec<Secret>, Infallible> {
    ///     Ok(db.secret(&token).await.into_iter().collect())
    /// }
    ///
    /// # fn main() -> Result<(), webhooks_receiver::SetupError> {
    /// let asana = Receiver::new(Scheme::hmac_sha256("x-hook-signature"))
    ///     .secrets_by(secrets)?
    ///     .rest_hooks(confirm)
    ///     .on_event("*", async || ());
    /// let app: Router = Router::new().route("/hooks/asana/{token}", asana.into()).with_state(Db);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rest_hooks<M: 'static>(mut self, confirm: impl ConfirmSecret<M, S>) -> Self
    where
        S: Send + Sync + 'static,
    {
        self.endpoint.secret_exchange = Some(SecretExchange::new(confirm));
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

    /// Scheme, host and port of the public URL, with the prefix of the path that a proxy removes, if one does:
    /// `https://example.com/api/v1`. The rest of the path and the query are those of the request.
    ///
    /// # Errors
    ///
    /// For anything but an `http` or `https` origin with or without a path, and for a receiver with a verifier of its own.
    pub fn public_origin(mut self, origin: impl Into<String>) -> Result<Self, SetupError> {
        self.url = Some(PublicUrl::Origin(origin.into()));
        self.renew_verifier()
    }

    /// Believes `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix` of requests that come directly from one of these proxies.
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
    /// What logs call the receiver, and what keeps its ids apart from those of others in the same
    /// [store](Self::deduplicate). Each of the receivers of one store needs a name of its own.
    ///
    /// When nothing is said, logs have the provider's name, and a label made of the secrets keeps the ids apart. That
    /// label changes with the secrets, and in most stores with the process: give a name where ids are stored durably.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.name = name.into();
        self.endpoint.is_named = true;
        self
    }

    /// The most bytes of a body; a longer one is answered 413 and not kept. axum's `DefaultBodyLimit` does not apply.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.endpoint.limits.body = bytes;
        let permits = self.endpoint.unverified.available_permits();
        self.endpoint
            .unverified
            .add_permits(bytes.saturating_sub(permits));
        self
    }

    /// The most bytes of bodies that the receiver holds before they are verified, of all requests together; 64 MiB when
    /// nothing is said, and never less than one body may have.
    ///
    /// A body that finds no place within a second is answered 503 with `Retry-After`. Bytes count as they arrive, so
    /// clients that announce much and send little keep no other client out.
    #[doc(alias = "memory")]
    #[doc(alias = "concurrency")]
    pub fn unverified_bytes(mut self, bytes: usize) -> Self {
        let bytes = bytes.max(self.endpoint.limits.body);
        self.endpoint.unverified = Semaphore::new(bytes.min(Semaphore::MAX_PERMITS));
        self
    }

    /// How long the whole body may take to arrive; a slower one is answered 408. 10 seconds when nothing is said.
    pub fn body_timeout(mut self, time: Duration) -> Self {
        self.endpoint.limits.body_timeout = time;
        self
    }

    /// What an event without a handler is answered. 204 when nothing is said: senders take anything but 2xx for a
    /// failure, try again and in the end switch the webhook off.
    pub fn unknown_status(mut self, status: StatusCode) -> Self {
        self.endpoint.unknown = status;
        self
    }

    /// How long a lookup of secrets, a claim of a message, the end of a claim or a confirmation of a secret may take.
    /// After it, the request is answered 503. 5 seconds when nothing is said.
    ///
    /// A request that is not signed can cause a lookup. Without a limit, a database that hangs would keep all such
    /// requests with their bodies.
    #[doc(alias = "timeout")]
    pub fn storage_timeout(mut self, time: Duration) -> Self {
        self.endpoint.limits.storage_timeout = time;
        self
    }

    /// How long the handlers of a request may take together; then they are stopped, the log names the message, and the
    /// request is answered 500. 5 minutes when nothing is said.
    ///
    /// A [claim](Self::deduplicate) is held 30 seconds longer than this, so that a process that was killed keeps no
    /// message for ever.
    #[doc(alias = "timeout")]
    #[doc(alias = "lease")]
    pub fn handler_timeout(mut self, time: Duration) -> Self {
        self.endpoint.limits.handler_timeout = time;
        self
    }

    /// Answers 202 when the handlers are not done within this time, and lets them go on.
    ///
    /// Recommended wherever handlers may take longer than the sender waits (GitHub 10 seconds, Slack 3). Without it,
    /// a sender that hangs up stops the handlers half way, and its next try starts them again.
    ///
    /// What fails after the answer, or is cut off when the process ends, is named in the log and is not sent again. Wait
    /// for [`late_handlers`](Self::late_handlers) at shutdown. At most [so many](Self::late_limit) requests are handled
    /// this way; more are answered when their handlers are done.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.endpoint.answer_within = Some(time);
        self
    }

    /// How many requests may be handled in tasks that outlive their answer; 100 when nothing is said. For
    /// [`answer_within`](Self::answer_within).
    pub fn late_limit(self, requests: usize) -> Self {
        self.endpoint.late.set_limit(requests);
        self
    }

    /// The handlers that go on after an [early answer](Self::answer_within), to wait for at shutdown.
    #[doc(alias = "graceful")]
    #[doc(alias = "shutdown")]
    pub fn late_handlers(&self) -> LateHandlers {
        self.endpoint.late.clone()
    }

    /// Recognises a message that comes again: one that was handled is answered 200, one that is being handled 503
    /// with `Retry-After`, and neither reaches a handler.
    ///
    /// A message that is being handled may still fail, and a sender that had read of a success would not send it again.
    ///
    /// A message is known by the id that its signature covers, else by the one at
    /// [`message_id`](Self::message_id); without an id it is always new. One that failed is handled again. When an id
    /// comes back with another body, the first is kept and the answer is 200, because there are senders that write
    /// the body anew for each attempt.
    ///
    /// Where the signature covers neither the id nor the name of the event (GitHub, Shopify), the body counts too: the
    /// same id with another body is another message. Otherwise a person who has seen a request could send it under
    /// the id of a message that is still to come, which would then be taken for a repeat.
    #[doc(alias = "idempotency")]
    pub fn deduplicate(mut self, store: impl Deduplicate) -> Self {
        self.endpoint.store = Some(Box::new(store));
        self
    }

    /// Answers 409 instead when an id comes back with another body.
    pub fn refuse_changed_bodies(mut self) -> Self {
        self.endpoint.refuses_other_body = true;
        self
    }

    /// The clock: the time at which requests are verified and claimed. That of the system when nothing is said.
    ///
    /// For tests of a whole `Router`; [`testing`](Self::testing) has a clock of its own.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.endpoint.clock = Some(Arc::new(now));
        self
    }
}
