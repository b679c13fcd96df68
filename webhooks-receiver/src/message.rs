//! One message as it came in: verified, named, its payload found but not yet read.
//!
//! It owns everything it says, so that it can be kept: an inbox stores messages and gives them to the same handlers
//! later.

use std::time::SystemTime;

use bytes::Bytes;

/// A verified message, whose payload is not read yet. For [`FromMessage`](crate::FromMessage).
#[derive(Clone, Debug)]
pub struct IncomingMessage {
    pub(crate) event: String,
    pub(crate) id: Option<String>,
    /// Whether the signature covers the name of the event and the id, so that they can be trusted.
    pub(crate) is_signed: bool,
    pub(crate) timestamp: Option<SystemTime>,
    pub(crate) body: Bytes,
    pub(crate) payload: Payload,
}

/// The part of a body that a handler reads.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) bytes: Bytes,
    pub(crate) format: Format,
}

impl Payload {
    /// A piece of it. `text` must be a slice of these bytes, as a search in them returns it.
    pub(crate) fn part(&self, text: &str) -> Self {
        Self {
            bytes: self.bytes.slice_ref(text.as_bytes()),
            format: self.format,
        }
    }
}

/// How a payload is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Compressed, or in several parts: something that is not read here.
    Opaque,
}
