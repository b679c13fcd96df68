//! The catalogue.

#[allow(unused_extern_crates, reason = "the attributes name it, where this crate uses them itself")]
extern crate self as webhooks_core;

mod attributes;
#[cfg(feature = "axum")]
pub mod axum;
mod catalogue;
mod codec;
mod descriptor;
mod envelope;
mod error;
mod event;
#[cfg(feature = "form")]
mod form;
mod gateway;
mod into_webhooks;
mod listing;
mod message;
mod method;
pub mod openapi;
#[cfg(feature = "page")]
mod page;
mod registry;
mod schemas;
mod security;
mod webhook;
mod webhooks;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use attributes::*;
pub use catalogue::{Catalogue, Entry, Warning};
pub use descriptor::{
    Deprecation, Descriptor, Example, Extension, ExternalDocs, Location, Parameter, ParameterValue, Payload,
    PayloadInfo, Place, RawPayload, Response, Security, json_value,
};
pub use envelope::Envelope;
pub use error::BuildError;
pub use event::{EventName, EventNameError, EventPattern, MAX_EVENT_NAME};
pub use gateway::WebhookGateway;
pub use into_webhooks::IntoWebhooks;
pub use message::{Erased, Message, MessageError};
pub use method::Method;
pub use openapi::{Document, OpenApi};
pub use schemas::{AddSchema, Schemas};
pub use security::RequestSecurity;
pub use webhook::{Carries, Constructor, Invalid, MethodOf, View, Webhook};
pub use webhooks::Webhooks;
