//! The OpenAPI 3.1 document: [`OpenApi`] collects its parts, [`Document`] is the checked result.
//!
//! Our own small model. Schemas stay as schemars wrote them, merged documents stay JSON, and the whole is written
//! straight to bytes; nothing is ever squeezed through another crate's idea of OpenAPI.
//!
//! # Documents of others
//!
//! In addition to the two there are functions on any document that is JSON: [`read_json`] finds keys that
//! are there twice, [`upgrade`] makes 3.1 of 3.0 and [`downgrade`] 3.0.3 of 3.1, [`convert`] writes either in 3.1 or 3.2, [`inline`] writes out the references of
//! webhooks, and [`json_schemas`] takes the payloads out of it.

mod assemble;
mod builder;
mod clash;
mod complete;
mod component_names;
mod components;
mod declared_order;
mod describe;
mod docs;
mod document;
mod downgrade;
mod findings;
mod foreign;
pub(crate) mod grammar;
mod indentation;
mod info;
mod inline;
mod json_schema;
mod members;
mod merge;
mod object;
mod operation_id;
mod own_name;
mod path_items;
pub(crate) mod pointer;
mod read;
mod refs;
mod route;
mod same_type;
mod schema_id;
mod security;
mod tags;
mod type_ids;
mod unresolved;
mod upgrade;
mod version;
mod write;
#[cfg(feature = "yaml")]
mod yaml;

pub use crate::descriptor::Operation;
pub use builder::{CatalogueSource, MergeSource, OpenApi};
pub use document::Document;
#[cfg(feature = "openapiv3")]
pub(crate) use downgrade::Losses;
pub use downgrade::{DowngradedDocument, Loss, convert, downgrade};
pub use info::{Contact, ExternalDocumentation, Info, License, SecurityScheme, Server, Tag};
pub use inline::{InlinedDocument, inline};
pub use json_schema::{JsonSchemas, json_schemas};
pub use read::read_json;
pub use upgrade::upgrade;
pub use version::OpenApiVersion;
#[cfg(feature = "yaml")]
pub use yaml::write_yaml;
