//! What is wrong with a document, and where.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::pointer::Pointer;

/// A document that cannot be read, or a part of it that cannot be understood.
#[derive(Debug, Clone)]
pub struct DocumentError {
    pointer: Pointer,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl DocumentError {
    pub(crate) fn new(pointer: Pointer, message: impl Into<String>) -> Self {
        Self {
            pointer,
            message: message.into(),
            source: None,
        }
    }

    /// Says which reader's error it is. Its words are part of the message already.
    pub(crate) fn because(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(error));
        self
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

impl Error for DocumentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source.as_ref())
    }
}

/// Equal place and message: the message has the words of the source.
impl PartialEq for DocumentError {
    fn eq(&self, other: &Self) -> bool {
        self.pointer == other.pointer && self.message == other.message
    }
}

impl Eq for DocumentError {}

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
