//! The reverse of reading: a request of this layout, for tests.

use serde_json::{Map, Value};

use super::reader::Layout;
use crate::pointer::Pointer;
use crate::source::{IdSource, NameSource};

/// What a provider would send, but for the signature.
#[derive(Debug)]
pub(crate) struct TestMessage {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) id: String,
    pub(crate) body: Value,
}

impl Layout {
    /// One message of this event. None where the name is in the route.
    pub(crate) fn compose(&self, event: &str, payload: Value, id: &str) -> Option<TestMessage> {
        let id = if self.shape.bound {
            webhooks_core::binding::bind(id, event)
        } else {
            id.to_owned()
        };
        let mut headers = Vec::new();
        let mut item = Value::Null;
        *place(&mut item, self.shape.payload.tokens()) = payload;
        let (name, joined) = match event.split_once('.') {
            Some((name, action)) if !self.shape.join.is_root() => (name, Some(action)),
            _ => (event, None),
        };
        match self.shape.name {
            NameSource::Header(header) => headers.push((header, name.to_owned())),
            NameSource::AnyHeader(names) => headers.push((names.first()?, name.to_owned())),
            NameSource::Json(_) => set(&mut item, &self.shape.name_pointer, name),
            NameSource::Path(_) => return None,
            NameSource::Fixed(_) => {}
        }
        if let Some(action) = joined {
            set(&mut item, &self.shape.join, action);
        }
        let mut body = self
            .batch
            .iter()
            .flatten()
            .rev()
            .fold(item, |item, pointer| {
                let mut document = Value::Null;
                *place(&mut document, pointer.tokens()) = Value::Array(vec![item]);
                document
            });
        match self.id {
            Some(IdSource::Header(header)) => headers.push((header, id.clone())),
            Some(IdSource::AnyHeader(names)) => headers.push((names.first()?, id.clone())),
            Some(IdSource::Json(_)) => set(&mut body, &self.id_pointer, &id),
            None => {}
        }
        Some(TestMessage { headers, id, body })
    }
}

/// Writes a member, unless the payload brought it: then the test says what is there.
fn set(document: &mut Value, pointer: &Pointer, text: &str) {
    let place = place(document, pointer.tokens());
    if place.is_null() {
        *place = Value::String(text.to_owned());
    }
}

/// The place at the end of the way, made where it is missing.
fn place<'v>(document: &'v mut Value, tokens: &[String]) -> &'v mut Value {
    let mut value = document;
    for token in tokens {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        value = &mut value[token.as_str()];
    }
    value
}
