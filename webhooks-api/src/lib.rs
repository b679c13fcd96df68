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
//!     Router::new().nest("/webhooks", Api::new(sender, access).router())
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
//! - **What is not known is refused**: members of a body, with a pointer to them, and parameters of a query.
//! - **Lists** have `limit`, `cursor` and a `Link` header, and no totals.
//! - **Secrets** are shown once, when they are made. Values of headers are never shown.
//! - **Links are relative**, so the API can be nested anywhere and stand behind a proxy that cuts a prefix off.
//! - An **operator** ([`Access::operator`]) reaches all owners, and says `?owner=` to act for one.
//!
//! See [`Api`] for an example.

mod access;
mod api;
mod authorize;
mod describe;
mod document;
mod operation;
mod pages;
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
pub use document::document;
#[doc(alias("egress", "ip", "allow list"))]
pub use sources::Sources;
pub use sources::SourcesError;
