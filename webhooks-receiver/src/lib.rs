//! Receive webhooks in axum: verify any provider's signature, call the function for the event.
//!
//! ```
//! use axum::{Router, extract::State};
//! use webhooks_receiver::{Provider, Receiver, on};
//!
//! #[derive(serde::Deserialize)]
//! struct Charge {
//!     amount: u64,
//! }
//!
//! #[derive(Clone)]
//! struct Db;
//!
//! #[on("charge.succeeded")]
//! async fn charged(charge: Charge, State(db): State<Db>) -> Result<(), std::io::Error> {
//!     println!("{} received", charge.amount);
//!     Ok(())
//! }
//!
//! # fn main() -> Result<(), webhooks_receiver::SetupError> {
//! let stripe = Receiver::new(Provider::STRIPE)
//!     .secret("whsec_new")?
//!     .secret("whsec_old")? // while rotating
//!     .on(charged);
//! let app: Router = Router::new().route("/hooks/stripe", stripe.into()).with_state(Db);
//! # Ok(())
//! # }
//! ```
//!
//! # From request to handler
//!
//! 1. A [`Handshake`] of the provider is answered.
//! 2. What cannot be authentic by its headers is refused: no signature, a time that is over. Then the body is read, to
//!    a limit and in time.
//! 3. The signature is verified over the bytes as they came, with the receiver's secrets or with those that are
//!    [looked up](NeedsSecret::secrets_by). Nothing before this point reads the message.
//! 4. The event's name, the id and the payload are found; a batch becomes many messages.
//! 5. A message that came before is answered without being handled again, if the receiver
//!    [remembers](Receiver::deduplicate).
//! 6. The handlers run, one after the other: those of the exact name, then of longer patterns, of shorter ones, of
//!    `*`, and within these as they were added. One that fails or panics does not keep the others from running.
//!
//! # What the sender is answered
//!
//! | status | when |
//! |---|---|
//! | 200 | every handler is done, or the message was handled before |
//! | 202 | the handlers take longer than [`answer_within`](Receiver::answer_within) |
//! | 204 | no handler takes the event ([`unknown_status`](Receiver::unknown_status)) |
//! | 400 | the body is not JSON, or names no event, or two |
//! | 401 | the signature is missing, wrong or too old; outside all of these look the same, the log tells them apart |
//! | 405 | another method than POST ([`methods`](Receiver::methods)) |
//! | 408, 413 | the body is too slow or too large ([`body_timeout`](Receiver::body_timeout), [`body_limit`](Receiver::body_limit)) |
//! | 409 | an id came back with another body, where [that is refused](Receiver::refuse_changed_bodies) |
//! | 415 | a compressed or multipart body that a handler wants to read; it is verified as it came |
//! | 422 | the payload is not what a handler takes, with the place |
//! | 500 | a handler failed or panicked |
//! | 503 | it cannot be known whether the message came before, or with which secret it is signed; or another request with it is being handled, with `Retry-After` |
//!
//! A handler can [answer something else](HandlerReturn). Of several answers the worst counts, so that the sender tries again
//! when anything failed.
//!
//! # Handlers
//!
//! [`#[on]`](macro@on) takes event names, patterns and webhooks declared with `webhooks-core`, on functions and on impl
//! blocks; [`on_event`](Receiver::on_event) gives any function an event. The first parameter is the payload, or
//! [`Received`] for the payload with everything around it; the others are axum's extractors. Attributed functions can
//! still be called, and be [collected](Receiver::collect) at link time.
//!
//! # Providers
//!
//! A [`Provider`] is a [`Scheme`], which says how requests are signed, together with the places of event, payload and
//! id. Constants name the well-known ones; another one is described in a few words:
//!
//! ```
//! use webhooks_receiver::{EventSource, Receiver, Scheme};
//!
//! let acme: Receiver = Receiver::new(Scheme::hmac_sha256("x-acme-signature").prefix("v1="))
//!     .secret("s3cret")?
//!     .event_name(EventSource::json("/kind"))
//!     .payload_at("/object");
//! # Ok::<(), webhooks_receiver::SetupError>(())
//! ```
//!
//! What no scheme can say is verified by a [`Verifier`] of your own: [`Receiver::with_verifier`].
//!
//! # What a signature does not cover
//!
//! Most schemes sign the body and nothing else. A header with the event's name or with the message's id can then be
//! exchanged by whoever has seen a request: check what matters in the payload, and see
//! [`RecentMessages::same_body_within`]. Schemes without a timestamp accept a request of any age. Each constant of
//! [`Scheme`] says what it leaves open.
//!
//! # Memory
//!
//! A body is kept until its signature is verified, so whoever can write headers that look right makes a receiver hold
//! up to [`body_limit`](Receiver::body_limit) bytes for up to [`body_timeout`](Receiver::body_timeout): 2 MiB, and
//! 25 MiB for GitHub. Nothing here bounds the sum over all connections. Where that matters, lower the limit to what the
//! provider really sends, or bound how many requests are received at once; the others wait:
//!
//! ```
//! use axum::Router;
//! use axum::routing::MethodRouter;
//! use tower::limit::GlobalConcurrencyLimitLayer; // of the crate `tower`, with its feature `limit`
//! use webhooks_receiver::{Provider, Receiver};
//!
//! # fn main() -> Result<(), webhooks_receiver::SetupError> {
//! let github: MethodRouter = Receiver::new(Provider::GITHUB).secret("s3cret")?.on_event("push", async || ()).into();
//! let app: Router = Router::new().route("/hooks/github", github.layer(GlobalConcurrencyLimitLayer::new(64)));
//! # Ok(())
//! # }
//! ```
//!
//! # Testing
//!
//! [`testing`] has a receiver that signs its own requests, without network and clock.
//!
//! # Delivery
//!
//! Handlers run before the answer, so that a failure is answered 500 and the sender tries again. There is no queue
//! here: work that outlives the request belongs into one that the handler writes to.

mod attributes;
mod authenticate;
mod body;
mod collect;
mod declared;
mod deduplicate;
mod dispatch;
mod endpoint;
mod error;
mod error_chain;
mod handler;
mod handler_return;
mod handshake;
mod layout;
mod log_throttle;
mod lookup;
mod message;
mod on;
mod operation;
mod payload;
mod pointer;
mod provider;
mod public_url;
mod received;
mod receiver;
mod rejection;
mod report;
mod route;
mod routes;
mod scan;
mod source;
pub mod testing;
mod via;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use attributes::on;
pub use deduplicate::{BoxFuture, Claim, ClaimGuard, Deduplicate, MessageKey, RecentMessages};
pub use error::SetupError;
pub use handler::Handler;
pub use handler_return::{BoxError, HandlerReturn};
pub use handshake::Handshake;
pub use lookup::SecretLookup;
pub use message::IncomingMessage;
pub use on::{Attributed, On};
pub use payload::FromMessage;
pub use provider::Provider;
pub use received::{Received, Unread};
pub use receiver::{IntoSecret, NeedsSecret, Receiver};
pub use source::{EventSource, MessageIdSource};
pub use webhooks_signature::{
    AnyOf, Rejection, Request, Scheme, Secret, SecretError, TrustedProxies, Verified, Verifier,
};
