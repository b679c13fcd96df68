//! What is wrong with a document, and where.

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::pointer::Pointer;

/// A document that cannot be read, or a part of it that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    pointer: Pointer,
    message: String,
}

impl DocumentError {
    pub(crate) fn new(pointer: Pointer, message: impl Into<String>) -> Self {
        Self {
            pointer,
            message: message.into(),
        }
    }

    /// The place in the document.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// What was found there and what to do, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

impl Error for DocumentError {}

/// What a value is, for "expected an object, found ..".
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
