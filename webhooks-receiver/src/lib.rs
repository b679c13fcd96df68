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
//! 2. What cannot be authentic by its headers is refused: no signature, a time that is over. Then the body is waited
//!    for, to a limit and in time.
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
//! | 400 | the body is not JSON, or names no event, or two, or one that no log and no database takes |
//! | 401 | the signature is missing, wrong or too old; outside all of these look the same, the log tells them apart |
//! | 405 | another method than POST ([`methods`](Receiver::methods)) |
//! | 408, 413 | the body is too slow or too large ([`body_timeout`](Receiver::body_timeout), [`body_limit`](Receiver::body_limit)) |
//! | 409 | an id came back with another body, where [that is refused](Receiver::refuse_changed_bodies) |
//! | 415 | a compressed or multipart body that a handler wants to read; it is verified as it came |
//! | 422 | the payload is not what a handler takes, with the place |
//! | 500 | a handler failed or panicked |
//! | 503 | it cannot be known whether the message came before, or with which secret it is signed; or another request with it is being handled, or too many bodies are being received, with `Retry-After` |
//!
//! A handler can [answer something else](HandlerReturn). [`Reception`], in the extensions of the response, says what became
//! of the request. Of several answers the worst counts, so that the sender tries again
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
//! Most schemes sign the body and nothing else. What is not signed decides nothing here: the content type, the method
//! and the order of headers never change what a signed body means. Bytes that begin as JSON are JSON, and forms are read
//! only of [providers that send them](Provider::form_field).
//!
//! The exceptions are headers that name the event or hold the id, where a provider has nothing else (GitHub, Shopify):
//! a person who has seen a request can send its body again under another name. Check what matters in the payload. Such
//! an id hides no other message, and an equal body is a repeat for a while; see
//! [`RecentMessages::same_body_within`]. Schemes without a timestamp accept a request of any age. Each constant of
//! [`Scheme`] says what it leaves open.
//!
//! # Compressed bodies
//!
//! A body is verified and read as it came, so a compressed one is answered 415. A provider that signs the bytes before
//! it compresses them (Stream) needs a layer around the receiver that decompresses, `RequestDecompressionLayer` of the
//! crate `tower-http`; with it, the receiver sees and verifies the original bytes. The
//! [limit of the body](Receiver::body_limit) then counts decompressed bytes, which bounds what a small request can
//! become.
//!
//! # Memory
//!
//! A body is kept until its signature is verified, so a client that writes headers which look right makes a receiver
//! hold up to [`body_limit`](Receiver::body_limit) bytes for up to [`body_timeout`](Receiver::body_timeout). The sum over
//! all requests is bounded by [`unverified_bytes`](Receiver::unverified_bytes), 64 MiB when nothing is said; beyond it,
//! requests are answered 503. A body of at most 16 KiB that has come with its head is verified without waiting, and
//! needs no share of it.
//!
//! Do not bound the number of requests with a layer such as tower's `ConcurrencyLimitLayer`: it counts a request before
//! the receiver has looked at it. A few clients that send one byte and wait would then keep all genuine requests out.
//!
//! # Behind a proxy that cuts off a part of the path
//!
//! Schemes that sign the URL (Twilio, Square, HubSpot) need the one that the provider called. For a fixed one there is
//! [`public_url`](Receiver::public_url), and for the rest of the path and the query
//! [`public_origin`](Receiver::public_origin), which takes the prefix too: `https://example.com/api/v1`.
//!
//! # Testing
//!
//! [`testing`] has a receiver that signs its own requests, without network and clock.
//!
//! # Delivery
//!
//! Handlers run before the answer, so that a failure is answered 500 and the sender tries again. There is no queue
//! here: work that outlives the request belongs into one that the handler writes to.
//!
//! A sender that hangs up before its answer stops the handlers, and its next try starts them again. Where they can take
//! longer than the sender waits, set [`answer_within`](Receiver::answer_within): they then run to their end.

mod attributes;
mod authenticate;
mod body;
mod catch_panic;
mod collect;
mod cursor;
mod declared;
mod deduplicate;
mod dispatch;
mod endpoint;
mod error;
mod error_chain;
mod handler;
mod handler_return;
mod handshake;
mod late_handlers;
mod layout;
mod log_text;
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
mod similar_names;
mod source;
pub mod testing;
mod via;
mod wait;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use attributes::on;
// rustdoc (1.95) does not find a re-exported type by an alias that is written on the type, only by one that is written
// here.
#[doc(alias("dedup", "exactly once", "idempotency", "inbox"))]
pub use deduplicate::Deduplicate;
#[doc(alias("dedup", "idempotency", "replay attack"))]
pub use deduplicate::RecentMessages;
pub use deduplicate::{BoxFuture, Claim, ClaimGuard, MessageKey};
pub use error::SetupError;
pub use handler::Handler;
pub use handler_return::{BoxError, HandlerError, HandlerReturn};
pub use handshake::ConfirmSecret;
#[doc(alias("challenge", "endpoint validation", "url verification"))]
pub use handshake::Handshake;
#[doc(alias("background", "graceful"))]
pub use late_handlers::LateHandlers;
#[doc(alias("multi-tenant", "tenant"))]
pub use lookup::SecretLookup;
#[doc(alias("multi-tenant", "tenant"))]
pub use lookup::TenantSecrets;
pub use message::IncomingMessage;
pub use on::{Attributed, On};
pub use payload::FromMessage;
pub use provider::Provider;
#[doc(alias("headers", "raw body"))]
pub use received::Received;
pub use received::Unread;
#[doc(alias("consumer", "endpoint", "listener", "verify"))]
pub use receiver::Receiver;
pub use receiver::{IntoSecret, NeedsSecret};
pub use report::Reception;
#[doc(alias("event type", "topic"))]
pub use source::EventSource;
pub use source::{MessageIdSource, MessageShape};
#[doc(alias("unauthorized", "401"))]
pub use webhooks_signature::Rejection;
#[doc(alias("algorithm", "hmac"))]
pub use webhooks_signature::Scheme;
#[doc(alias("signing secret", "whsec"))]
pub use webhooks_signature::Secret;
#[doc(alias("X-Forwarded-For", "reverse proxy", "load balancer"))]
pub use webhooks_signature::TrustedProxies;
pub use webhooks_signature::{
    AnyOf, Reason, RejectionKind, Request, SecretError, Verified, Verifier,
};
