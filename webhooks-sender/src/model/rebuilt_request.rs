//! The request of an attempt, made once more from what is stored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The request of an attempt, made once more from what is stored: headers and signatures are not kept. It is what was sent,
/// byte for byte, where [`is_certain`](Self::is_certain) says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    description = "The request of an attempt, made once more from what is stored: headers and signatures are not kept."
)]
#[non_exhaustive]
pub struct RebuiltRequest {
    /// Its method.
    pub method: String,
    /// Where it went.
    pub url: String,
    /// Its headers, but for those that the HTTP client adds, and those of a trace.
    pub headers: Vec<RebuiltHeader>,
    /// Whether the subscription was not changed after the attempt: otherwise its target, headers or secrets may have been
    /// others.
    pub is_certain: bool,
}

/// One header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RebuiltHeader {
    /// Its name.
    pub name: String,
    /// Its value; none where it is a credential, which is never shown.
    pub value: Option<String>,
}
