//! A document as JSON text.
//!
//! Our schemas are text already, so they are copied and not written again; a serializer of serde could only read them
//! first. What it writes is what serde would write, with and without indentation.

use serde::Serialize;
use serde_json::Serializer;

use super::document::{ComponentsObject, Document};
use super::indentation::{self, Indentation};

impl Document {
    /// The document as indented JSON.
    pub fn to_json(&self) -> String {
        indented(self)
    }

    /// The document as JSON without white space, as it is served.
    pub fn to_json_bytes(&self) -> Vec<u8> {
        text(self, None)
    }
}

/// About how many bytes an operation has, with its name: room for the text, so that it is seldom moved while it grows.
const OPERATION: usize = 768;

/// The level of indentation; [`None`] writes no white space.
type Depth = Option<usize>;

fn indented(document: &Document) -> String {
    String::from_utf8(text(document, Some(0))).expect("serde_json writes UTF-8")
}

/// The document, indented or without white space.
fn text(document: &Document, depth: Depth) -> Vec<u8> {
    let schemas = document.components.ours.iter();
    let schemas: usize = schemas.map(|(_, text)| text.len()).sum();
    let operations = document.paths.len() + document.webhooks.len();
    // Room that is never written to seldom takes memory, so it may be too much.
    let spread = 1 + usize::from(depth.is_some());
    let room = (schemas + operations * OPERATION) * spread;
    let mut object = Object::new(Vec::with_capacity(room), depth);
    object.member("openapi", document.version.as_str());
    object.member("info", &document.info);
    if !document.servers.is_empty() {
        object.member("servers", &document.servers);
    }
    if let Some(security) = &document.security {
        object.member("security", security);
    }
    if !document.tags.is_empty() {
        object.member("tags", &document.tags);
    }
    if let Some(docs) = &document.external_docs {
        object.member("externalDocs", docs);
    }
    // A reader comes for the webhooks: they stand before what may be very many paths.
    if !document.webhooks.is_empty() {
        object.member("webhooks", &document.webhooks);
    }
    // Readers in the field crash without `paths`, so it is there even when it is empty.
    object.member("paths", &document.paths);
    if !document.components.is_empty() {
        object.inner("components", |text, depth| {
            components(&document.components, text, depth)
        });
    }
    for (member, value) in &document.extra {
        object.member(member, value);
    }
    object.finish()
}

fn components(components: &ComponentsObject, text: Vec<u8>, depth: Depth) -> Vec<u8> {
    let mut object = Object::new(text, depth);
    if !components.merged.is_empty() || !components.ours.is_empty() {
        object.inner("schemas", |text, depth| {
            let mut schemas = Object::new(text, depth);
            for (name, schema) in &components.merged {
                schemas.member(name, schema);
            }
            for (name, schema) in &components.ours {
                schemas.written(name, schema);
            }
            schemas.finish()
        });
    }
    for (kind, members) in &components.rest {
        object.member(kind, members);
    }
    object.finish()
}

/// An object that is being written at the end of a text.
struct Object {
    text: Vec<u8>,
    is_empty: bool,
    /// That of its members.
    depth: Depth,
}

impl Object {
    fn new(mut text: Vec<u8>, depth: Depth) -> Self {
        text.push(b'{');
        Self {
            text,
            is_empty: true,
            depth: depth.map(|depth| depth + 1),
        }
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
        if let Some(depth) = self.depth {
            indentation::new_line(&mut self.text, depth);
        }
        serde_json::to_writer(&mut self.text, key).expect("a text can be written");
        self.text.push(b':');
        if self.depth.is_some() {
            self.text.push(b' ');
        }
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        let written = match self.depth {
            None => serde_json::to_writer(&mut self.text, value),
            Some(depth) => value.serialize(&mut Serializer::with_formatter(
                &mut self.text,
                Indentation::at(depth),
            )),
        };
        written.expect("the model has string keys only and no serializer that fails");
    }

    /// A member whose value is JSON already.
    fn written(&mut self, key: &str, json: &str) {
        self.key(key);
        match self.depth {
            None => self.text.extend_from_slice(json.as_bytes()),
            Some(depth) => indentation::indent(json.as_bytes(), depth, &mut self.text),
        }
    }

    /// A member that is an object, written by `write` at the end of the text.
    fn inner(&mut self, key: &str, write: impl FnOnce(Vec<u8>, Depth) -> Vec<u8>) {
        self.key(key);
        self.text = write(std::mem::take(&mut self.text), self.depth);
    }

    fn finish(mut self) -> Vec<u8> {
        if let Some(depth) = self.depth.filter(|_| !self.is_empty) {
            indentation::new_line(&mut self.text, depth - 1);
        }
        self.text.push(b'}');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_text_of_a_document_is_its_value() {
        let document = crate::OpenApi::new("Payments", "1.0.0")
            .path(
                "/a",
                crate::openapi::Operation::post().body::<Vec<Option<u8>>>(),
            )
            .build()
            .expect("a document");
        let value: Value = serde_json::from_slice(&document.to_json_bytes()).expect("it is JSON");
        assert_eq!(value, document.to_value());
        assert_eq!(
            document.to_json(),
            serde_json::to_string_pretty(&document).expect("a document can be written")
        );
    }
}
