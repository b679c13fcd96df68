//! Receive webhooks.
mod attributes;
mod authenticate;
mod body;
mod collect;
mod declared;
mod deduplicate;
mod dispatch;
mod endpoint;
mod error;
mod event_name;
mod handler;
mod handshake;
mod layout;
mod message;
mod on;
mod outcome;
mod payload;
mod pointer;
mod provider;
mod received;
mod receiver;
mod rejection;
mod report;
mod route;
mod routes;
mod scan;
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use attributes::on;
pub use deduplicate::{Boxed, Claim, Claimed, Deduplicate, MessageKey, RecentMessages};
pub use error::SetupError;
pub use event_name::{EventName, MessageId};
pub use handler::Handler;
pub use handshake::Handshake;
pub use message::IncomingMessage;
pub use on::{Attributed, On};
pub use outcome::{BoxError, Outcome};
pub use payload::FromMessage;
pub use provider::Provider;
pub use received::{Received, Unread};
pub use receiver::{IntoSecret, NeedsSecret, Receiver};
pub use webhooks_signature::{AnyOf, Rejection, Request, Scheme, Secret, TrustedProxies, Verified, Verifier};
