//! What the API refuses, or cannot do.

use http::StatusCode;
use serde::Deserialize;

use crate::foreign::Foreign;

/// A problem (RFC 9457), as far as pages show it.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The kind: the last part of its type, such as `not-found`.
    pub(crate) kind: String,
    /// What was found, and what to do.
    pub(crate) detail: Foreign,
    /// What is wrong in what was sent, part by part.
    pub(crate) errors: Vec<PartError>,
}

/// What is wrong with one part.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PartError {
    /// A JSON pointer into what was sent.
    #[serde(default)]
    pub(crate) pointer: String,
    #[serde(default)]
    pub(crate) detail: Foreign,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    detail: Foreign,
    #[serde(default)]
    errors: Vec<PartError>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: kind.to_owned(),
            detail: Foreign::new(detail),
            errors: Vec::new(),
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "")
    }

    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "")
    }

    /// Reads a problem document; where there is no such body, the status says enough.
    pub(super) fn read(status: StatusCode, body: &[u8]) -> Self {
        match serde_json::from_slice::<Document>(body) {
            Ok(document) => Self {
                status,
                kind: document
                    .kind
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                detail: document.detail,
                errors: document.errors,
            },
            Err(_) => Self::new(status, "", ""),
        }
    }

    /// Whether what was sent is at fault, so that the form is shown again with it.
    pub(crate) fn is_of_form(&self) -> bool {
        matches!(self.status.as_u16(), 400 | 409 | 412 | 422)
    }

    pub(crate) fn is_overtaken(&self) -> bool {
        self.status == StatusCode::PRECONDITION_FAILED
    }
}
