//! An HTTP API for [`webhooks_sender`]: subscriptions, messages, deliveries, attempts and replay, for customers and for
//! the people who run the service.
//!
//! Every application that sends webhooks needs one: customers make subscriptions, ask why nothing arrived, and have it
//! sent again. Written by hand it is some 250 lines in which one forgotten `WHERE owner = ..` shows one customer's data
//! to another. Here the owner comes from the application's own extractor and goes into every statement.
//!
//! ```
//! use axum::Router;
//! use axum::http::{HeaderMap, StatusCode};
//! use webhooks_api::{Ability, Access, Api};
//! use webhooks_sender::{Sender, Sqlite};
//!
//! /// Any extractor can be an argument: the session, `State`, headers.
//! async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
//!     let account = headers.get("x-account").and_then(|value| value.to_str().ok());
//!     Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
//! }
//!
//! fn app(sender: &Sender<Sqlite>) -> Router {
//!     Router::new().merge(Api::new(sender, access).at("/webhooks"))
//! }
//! ```
//!
//! It does not know users or sessions: a function of the application's own extractors says who asks
//! ([`Authorize`]). It sets no CORS headers and limits no rates: layers of tower do.
//!
//! # Rules that hold for every operation
//!
//! - **An id of another owner's is not found** (404), as one that does not exist.
//! - **Errors are problem documents** (RFC 9457, `application/problem+json`), also those of paths and methods that do not
//!   exist. Their `type` leads to a page that says what it means. Expect types that you do not know.
//! - **What is not known is refused**: members of a body, with a pointer to them, and parameters of a query. So is what is
//!   there twice.
//! - **Lists** have `limit`, `cursor` and a `Link` header, and no totals.
//! - **Secrets** are shown once, when they are made. Values of headers are never shown.
//! - **Links are relative**, so the API can be nested anywhere and stand behind a proxy that cuts a prefix off.
//! - **Bulk work is a job**: counted first on request, watched and cancelled. One replay of a subscription at a time.
//! - **Each change is written down** with who made it ([`Access::actor`]) and what was different before.
//! - **Requests can be repeated**: with an `Idempotency-Key`, what they make is made once.
//! - An **operator** ([`Access::operator`]) reaches all owners, and says `?owner=` to act for one.
//!
//! # What there is
//!
//! | | |
//! |---|---|
//! | events | the catalogue, with schema, example and samples |
//! | subscriptions | made, changed, paused, tested, removed, kept under a key of the application's; secrets; statistics; what one missed |
//! | messages, deliveries, attempts | found by owner, event, time, state and answer; tried again one by one or by a filter, cancelled, replayed |
//! | `/jobs` | replays, retries by a filter and erasures in the background |
//! | `/subscriptions/{id}/poll` | messages that are fetched instead of sent, each until it is acknowledged |
//! | `/live` | server-sent events of what happens |
//! | `/hooks` | the same subscriptions in the words of REST Hooks and Zapier |
//! | `/audit` | who changed what |
//! | `/targets/check` | whether a target is allowed, before it is one |
//! | `/queue`, `/health`, `/metrics/` | for those who run the service: how it stands, and numbers over time |
//! | `/owners`, `/processes`, `/sealing-keys`, `/static-subscriptions`, `/retention` | for them too: what runs, and with which settings |
//! | `/pause` | holds all deliveries back |
//! | `/portal-links` | links into a portal, for customers without a login |
//! | `/sources`, `/keys`, `/openapi.json`, `/errors/` | open to every caller |
//!
//! Generated clients, a Zapier integration (`webhooks export zapier`) and a checker that makes requests up are held against
//! it by `cargo xtask interop api`.
//!
//! # A client
//!
//! With the feature `client` there is one for programs in Rust, with a method for each operation and these types: over HTTPS,
//! or calling a router in the same process. For other languages, clients are generated from `/openapi.json`.
//! In an application's own document stands [`customer_document`], or [`document`](document()) with what is for operators too.
//!
//! # What it does not do
//!
//! No CORS headers, no rate limits, no users: layers of tower and the application have them. For CORS, allow the headers
//! `authorization`, `content-type`, `if-match`, `idempotency-key` and `last-event-id`, and expose `etag`, `link` and
//! `location`.
//!
//! See [`Api`] for an example.

mod access;
mod api;
mod authorize;
#[cfg(feature = "client")]
pub mod client;
mod describe;
mod document;
mod operation;
mod pages;
mod portal_grant;
mod problem;
mod request;
mod routes;
mod sources;

// rustdoc (1.95) finds a re-exported type by an alias only if it is written here.
#[doc(alias("permission", "authorization", "scope"))]
pub use access::Ability;
#[doc(alias("permissions", "authorization", "tenant"))]
pub use access::Access;
#[doc(alias("rest", "management api", "endpoints"))]
pub use api::Api;
#[doc(alias("authentication", "session"))]
pub use authorize::Authorize;
pub use document::{customer_document, document};
pub use portal_grant::PortalGrant;
#[doc(alias("egress", "ip", "allow list"))]
pub use sources::Sources;
pub use sources::SourcesError;

/// What operations take and answer that is not the sender's own: types that the client (feature `client`) shares with the
/// routes.
pub mod answer {
    pub use crate::problem::{InvalidPart, Kind as ProblemKind, ProblemDocument};
    pub use crate::routes::events::Event;
    pub use crate::routes::hooks::{Hook, HookMade};
    pub use crate::routes::jobs::MessageReplayed;
    pub use crate::routes::portal_links::{PortalLink, PortalLinkRequest};
    pub use crate::routes::queue::Health;
    pub use crate::routes::subscription_patch::SubscriptionPatch;
}
