//! A document as JSON text.
//!
//! Our schemas are text already, so they are copied and not written again; a serializer of serde could only read them
//! first. What it writes is what serde would write, with and without indentation.

use serde::Serialize;

use super::document::{ComponentsObject, Document};

impl Document {
    /// The document as indented JSON.
    pub fn to_json(&self) -> String {
        indented(&text(self))
    }

    /// The document as JSON without white space, as it is served.
    pub fn to_json_bytes(&self) -> Vec<u8> {
        text(self)
    }
}

/// About how many bytes an operation has, with its name: room for the text, so that it is seldom moved while it grows.
const OPERATION: usize = 768;

/// The document without white space.
fn text(document: &Document) -> Vec<u8> {
    let schemas = document.components.ours.iter();
    let schemas: usize = schemas.map(|(_, text)| text.len()).sum();
    let operations = document.paths.len() + document.webhooks.len();
    let mut object = Object::new(Vec::with_capacity(schemas + operations * OPERATION));
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
    // Readers in the field crash without `paths`, so it is there even when it is empty.
    object.member("paths", &document.paths);
    if !document.webhooks.is_empty() {
        object.member("webhooks", &document.webhooks);
    }
    if !document.components.is_empty() {
        object.inner("components", |text| components(&document.components, text));
    }
    for (member, value) in &document.extra {
        object.member(member, value);
    }
    object.finish()
}

fn components(components: &ComponentsObject, text: Vec<u8>) -> Vec<u8> {
    let mut object = Object::new(text);
    if !components.merged.is_empty() || !components.ours.is_empty() {
        object.inner("schemas", |text| {
            let mut schemas = Object::new(text);
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
}

impl Object {
    fn new(mut text: Vec<u8>) -> Self {
        text.push(b'{');
        Self {
            text,
            is_empty: true,
        }
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
        self.value(key);
        self.text.push(b':');
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(&mut self.text, value)
            .expect("the model has string keys only and no serializer that fails");
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        self.value(value);
    }

    /// A member whose value is JSON already.
    fn written(&mut self, key: &str, json: &str) {
        self.key(key);
        self.text.extend_from_slice(json.as_bytes());
    }

    /// A member that is an object, written by `write` at the end of the text.
    fn inner(&mut self, key: &str, write: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        self.key(key);
        self.text = write(std::mem::take(&mut self.text));
    }

    fn finish(mut self) -> Vec<u8> {
        self.text.push(b'}');
        self.text
    }
}

/// JSON without white space, indented by two spaces as serde does it.
fn indented(json: &[u8]) -> String {
    let mut text = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    while at < json.len() {
        match json[at] {
            b'"' => at = end_of_string(json, at),
            b'{' | b'[' => {
                // An empty object or list stays on its line.
                if matches!(json.get(at + 1), Some(b'}' | b']')) {
                    at += 1;
                } else {
                    text.extend_from_slice(&json[start..=at]);
                    start = at + 1;
                    depth += 1;
                    new_line(&mut text, depth);
                }
            }
            b'}' | b']' => {
                text.extend_from_slice(&json[start..at]);
                start = at;
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
            }
            b',' => {
                text.extend_from_slice(&json[start..=at]);
                start = at + 1;
                new_line(&mut text, depth);
            }
            b':' => {
                text.extend_from_slice(&json[start..=at]);
                start = at + 1;
                text.push(b' ');
            }
            _ => {}
        }
        at += 1;
    }
    text.extend_from_slice(&json[start..]);
    String::from_utf8(text)
        .expect("serde_json writes UTF-8, and white space stands between characters")
}

/// The place of the quote that ends the string that begins here.
///
/// Most of a document is strings, so eight bytes are looked at together.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        match first_mark(*eight) {
            None => at += 8,
            Some(mark) if eight[mark] == b'"' => return at + mark,
            Some(escape) => at += escape + 2,
        }
    }
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// The place of the first quote or backslash.
///
/// A byte that is zero is found as in Hacker's Delight, section 6-1: the lowest bit that is set is its own, whatever the
/// bytes behind it are.
fn first_mark(eight: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let word = u64::from_le_bytes(eight);
    let repeated = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let marks = zeros(word ^ repeated(b'"')) | zeros(word ^ repeated(b'\\'));
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

fn new_line(text: &mut Vec<u8>, depth: usize) {
    text.push(b'\n');
    text.resize(text.len() + depth * 2, b' ');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn indentation_is_that_of_serde() {
        let mut deep = json!([1]);
        for level in 0..50 {
            deep = json!({ "a": [deep, {}], "b": [], format!("{level}"): [[], [{}]] });
        }
        for value in [
            json!({}),
            json!([]),
            json!(null),
            json!("a\"b\\\\\"{[:,]}\u{e9}\n"),
            json!({ "a,:{}": ["\\", "\"", "", { "\"": -1.5e3 }], "b": true }),
            deep,
        ] {
            let pretty = serde_json::to_string_pretty(&value).expect("a value can be written");
            assert_eq!(indented(value.to_string().as_bytes()), pretty);
        }
    }

    #[test]
    fn a_string_ends_at_the_quote_that_nothing_escapes() {
        for length in 0..40 {
            for text in ["x", "\u{e9}", "!", "#", "]", "\u{80}\u{1}"] {
                let text = text.repeat(length);
                for escaped in ["", "\\\"", "\\\\", "\\\\\\\""] {
                    let string = format!("\"{text}{escaped}{text}\"");
                    let behind = format!("{string}:\"\",");
                    assert_eq!(end_of_string(behind.as_bytes(), 0), string.len() - 1);
                }
            }
        }
    }

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
