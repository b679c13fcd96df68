//! The command `webhooks`, and what it is made of: reading OpenAPI documents, checking their webhooks, comparing two
//! versions of them, writing them for other tools.
//!
//! ```text
//! webhooks events openapi.json                     what can be sent, as a table
//! webhooks lint http://localhost:8000              does it keep the rules that tools force?
//! webhooks diff old.json new.json                  would a receiver break?
//! webhooks export openapi-3.0 openapi.json         for tools that read nothing newer
//! webhooks dashboard --database shop.db            what was sent, what fails and why, as pages
//! ```
//!
//! The last one is behind the feature `dashboard`, which is on for the command; a program that only wants the
//! functions leaves it out with `default-features = false`.
//!
//! [`lint`](lint::lint) and [`diff`](diff::diff) are pure functions over a [`Document`], for programs that want the
//! answers without the command:
//!
//! ```
//! use webhooks_cli::{Document, diff};
//!
//! let old = Document::parse(br#"{"openapi": "3.1.0", "webhooks": {"paid": {"post": {}}}}"#)?;
//! let new = Document::parse(br#"{"openapi": "3.1.0", "webhooks": {}}"#)?;
//! let changes = diff::diff(&old, &new)?;
//! assert!(changes[0].breaking && changes[0].rule == "event-removed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod command;
#[cfg(feature = "dashboard")]
mod dashboard;
pub mod diff;
mod document;
pub mod lint;
#[cfg(test)]
mod merge_patch;
mod pointer;
mod reference;
mod source;
mod terminal;
mod walk;
mod zapier;

pub use self::command::run;
pub use self::document::{Document, DocumentError, LARGEST, Version};
pub use self::pointer::Pointer;
