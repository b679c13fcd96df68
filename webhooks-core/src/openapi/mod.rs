//! The OpenAPI 3.1 document: [`OpenApi`] collects its parts, [`Document`] is the checked result.
//!
//! Our own small model. Schemas stay as schemars wrote them, merged documents stay JSON, and the whole is written
//! straight to bytes; nothing is ever squeezed through another crate's idea of OpenAPI.

mod assemble;
mod builder;
mod components;
mod describe;
mod docs;
mod document;
mod info;
mod merge;
mod object;
mod operation_id;
mod refs;
mod route;

pub use builder::OpenApi;
pub use document::Document;
pub use info::{Contact, ExternalDocumentation, Info, License, SecurityScheme, Server, Tag};
pub use route::Operation;
