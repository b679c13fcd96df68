//! Pages over [`webhooks_api`]: customers make and change their subscriptions and see what was delivered, why not, and
//! what to do; operators see all owners, the queue, the processes, and what fails.
//!
//! ```
//! use axum::Router;
//! use axum::http::{HeaderMap, StatusCode};
//! use webhooks_api::{Ability, Access};
//! use webhooks_portal::{Brand, Portal};
//! use webhooks_sender::{Sender, Sqlite};
//!
//! /// Any extractor can be an argument: the session, `State`, headers.
//! async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
//!     let account = headers.get("x-account").and_then(|value| value.to_str().ok());
//!     Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
//! }
//!
//! fn app(sender: &Sender<Sqlite>) -> Router {
//!     let portal = Portal::new(sender, access).brand(Brand::new("Acme")).documentation("/docs");
//!     Router::new().merge(portal.at("/portal"))
//! }
//! ```
//!
//! The pages are written on the server. They work without a script, load nothing from another host, and keep a
//! Content-Security-Policy without inline scripts and styles. One small script adds buttons that copy, times that stay
//! true, a search over events, a target that is checked while it is typed, and a log that goes on by itself.
//!
//! # What holds for every page
//!
//! - **Nothing is shown that the API would refuse.** Each page goes through the API's own routes, with the
//!   [`Access`](webhooks_api::Access) of its visitor. An id of another owner's is not found.
//! - **A form is sent from a page of ours, by the visitor it was shown to, once.** Its token is bound to the browser and
//!   to the owner; a second submit changes nothing and says so.
//! - **Two tabs do not undo each other's changes**: a form holds the revision that it was made from.
//! - **Payloads, answers and names are text**, never markup; bytes leave as a file, with their digits and order as they
//!   are stored.
//! - **Links are relative**, so the pages can be mounted anywhere and stand behind a proxy that cuts a prefix off.
//! - **A secret is shown once**, in the answer to the form that made it.
//!
//! The application's function says who asks. Customers without an account there come in by [`Links`]: one-time codes that
//! open sessions, in a browser or in a frame of another site.
//!
//! It needs TLS, except on this machine: its cookies are for secure connections alone.

mod brand;
mod contrast;
mod cookie;
mod endpoint;
mod fields;
mod foreign;
mod form_token;
mod language;
mod links;
mod pages;
mod parts;
mod portal;
mod pretty;
mod reply;
mod response;
mod route;
mod session;
mod site;
mod source;
mod tail;
mod text;
mod visit;
mod way;

// rustdoc (1.95) finds a re-exported type by an alias only if it is written here.
pub use brand::{Brand, BrandError};
pub use language::Language;
#[doc(alias("one-time code", "magic link"))]
pub use links::Link;
#[doc(alias("login", "magic link"))]
pub use links::Links;
pub use links::{LinkRequest, links_only};
#[doc(alias("customer", "dashboard", "self-service", "ui"))]
pub use portal::Portal;
