//! Receive webhooks.
mod authenticate;
mod body;
mod dispatch;
mod endpoint;
mod event_name;
mod handler;
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

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use event_name::{EventName, MessageId};
pub use handler::Handler;
pub use message::IncomingMessage;
pub use on::{Attributed, On};
pub use outcome::{BoxError, Outcome};
pub use payload::FromMessage;
pub use provider::Provider;
pub use received::{Received, Unread};
pub use receiver::{IntoSecret, NeedsSecret, Receiver};
pub use webhooks_signature::{
    AnyOf, Request, Scheme, Secret, SetupError, TrustedProxies, UrlError, Verified, Verifier,
};
