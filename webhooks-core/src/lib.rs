//! Declare a webhook once, as a Rust function: document, message and rustdoc page come from it.
//!
//! A *webhook* is a request that your API sends to its customers' servers when something happened. OpenAPI 3.1 has a
//! section for them; this crate fills it from your code, shows it on a page, and gives you a typed constructor for
//! each message. Sending is the business of the crate `webhooks-sender`, receiving that of `webhooks-receiver`.
//!
//! ```standalone_crate
//! use axum::{Json, Router, routing::post};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//! use webhooks_core::{OpenApi, Webhooks, openapi::Operation, whpost};
//!
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! struct Payment {
//!     amount: f64,
//! }
//!
//! /// Sent as soon as the bank has confirmed a payment.
//! #[whpost("payment.created", tags = ["payments"])]
//! async fn payment_created(data: Payment);
//!
//! async fn create_payment(Json(payment): Json<Payment>) {
//!     let message = payment_created(payment);
//!     assert_eq!(message.event(), "payment.created");
//! }
//!
//! let docs = OpenApi::new("Payments", "1.0.0")
//!     .path("/create", Operation::post().body::<Payment>().summary("Create a payment"))
//!     .webhooks(Webhooks::collect()?);
//! let app: Router = Router::new().route("/create", post(create_payment)).merge(docs.router()?);
//! // GET /openapi.json and /docs
//! # Ok::<(), webhooks_core::BuildError>(())
//! ```
//!
//! # Tour
//!
//! | step | where |
//! |---|---|
//! | declare a webhook on a function | [`whpost`], [`whroute`] and their family |
//! | declare several on a type | [`whview`]: class-based views |
//! | declare one by hand | [`Descriptor`]: all that an attribute says can be written so |
//! | collect them | [`Webhooks::collect`], or an explicit list with [`Webhooks::with`] |
//! | tag, prefix, deprecate or secure many together | [`WebhookGateway`] |
//! | choose what is around the payload | [`Envelope`] |
//! | say how requests are signed | [`RequestSecurity`] |
//! | join the document that the app already has | [`OpenApi::merge`], [`OpenApi::merge_json`] |
//! | write it for other tools | [`openapi`]: older version, JSON Schemas, without references |
//! | serve document and page | [`OpenApi::router`], [`DocsRouter`] |
//!
//! # The registry and the linker
//!
//! [`Webhooks::collect`] finds every webhook of the crates that are in the binary. A crate that no code names is not in
//! it: see [what the linker leaves out](Webhooks#what-the-linker-leaves-out). The order of declaration, of crates and
//! of the linker changes nothing: a document is the same bytes every time.
//!
//! Two copies of this crate in one binary would be two registries; cargo refuses them (`links = "webhooks-core"`).
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `axum` | yes | routers for document and page: [`DocsRouter`] |
//! | `binding` | with `page` | the rule that binds a message id to its event, for sender and receiver |
//! | `form` | yes | payloads that are sent as forms |
//! | `openapiv3` | no | OpenAPI 3.0 in the types of the crate `openapiv3`, in and out: `Document::to_openapiv3` |
//! | `page` | with `axum` | the documentation page without a server: [`Document::to_html`] |
//! | `yaml` | no | documents as YAML, also at `/openapi.yaml`: `Document::to_yaml` |
//!
//! A crate that only declares webhooks says `default-features = false` and stays light.

#[allow(
    unused_extern_crates,
    reason = "the attributes name it, where this crate uses them itself"
)]
extern crate self as webhooks_core;

// Modules that are named as the crate they serve stay private: `use webhooks_core::*` must not hide that crate.
mod attributes;
#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "binding")]
pub mod binding;
mod catalogue;
mod codec;
mod delivery_terms;
mod descriptor;
mod envelope;
mod error;
mod event;
mod finite;
#[cfg(feature = "form")]
mod form;
mod gateway;
mod into_webhooks;
mod listing;
mod message;
mod method;
pub mod openapi;
#[cfg(feature = "openapiv3")]
mod openapiv3;
#[cfg(feature = "page")]
mod page;
mod registry;
mod rules;
mod schemas;
mod security;
mod warning;
#[cfg(feature = "page")]
pub mod web;
mod webhook;
mod webhooks;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

// rustdoc (1.95) finds a re-exported type by an alias only if it is written here.
#[doc(alias("authentication", "basic auth"))]
#[cfg(feature = "axum")]
pub use self::axum::DocsRouter;
#[cfg(feature = "openapiv3")]
pub use self::openapiv3::Projection;
pub use attributes::*;
#[doc(alias = "registry")]
pub use catalogue::Catalogue;
pub use catalogue::CatalogueEntry;
pub use delivery_terms::DeliveryOrder;
#[doc(alias("guarantee", "sla"))]
pub use delivery_terms::DeliveryTerms;
#[doc(alias("sunset", "version"))]
pub use descriptor::Deprecation;
#[doc(alias = "declaration")]
pub use descriptor::Descriptor;
pub use descriptor::{
    Callback, Example, Extension, ExternalDocs, Identity, Member, OptionalHeader, Parameter,
    ParameterLocation, ParameterValue, Payload, PayloadInfo, RawPayload, Response, ResponseBody,
    Security, SourceLocation, json_value,
};
#[doc(alias("standard webhooks", "wrapper"))]
pub use envelope::Envelope;
pub use error::BuildError;
#[doc(alias("event type", "topic"))]
pub use event::EventName;
pub use event::EventNameError;
#[doc(alias("filter", "wildcard"))]
pub use event::EventPattern;
#[doc(alias("group", "prefix"))]
pub use gateway::WebhookGateway;
pub use into_webhooks::IntoWebhooks;
#[doc(alias = "occurrence")]
pub use message::Message;
pub use message::{AnyWebhook, MessageError};
pub use method::Method;
pub use openapi::Document;
#[doc(alias("openapi.json", "swagger", "utoipa", "aide"))]
pub use openapi::OpenApi;
#[cfg(feature = "page")]
#[doc(alias("documentation", "html", "redoc"))]
pub use page::Page;
pub use rules::{MAX_EVENT_NAME, RESERVED_HEADERS, is_reserved_header};
pub use schemas::{AddSchema, Schemas};
#[doc(alias("signature", "signing"))]
pub use security::RequestSecurity;
pub use warning::Warning;
pub use webhook::{Carries, Constructor, Invalid, MethodOf, View, Webhook};
pub use webhooks::Webhooks;
