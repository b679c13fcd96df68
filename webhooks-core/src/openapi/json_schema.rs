//! The payloads of a document as JSON Schemas that stand alone, with an index: a catalogue for those who read no OpenAPI.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::grammar::{self, ObjectKind};
use super::pointer;
use super::refs;
use crate::descriptor::is_json;
use crate::method::Method;

/// JSON Schemas of all payloads, ready to be written to a folder or served below one URL.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JsonSchemas {
    /// What there is: title and version of the API, and for each webhook `name`, `summary`, `description`, `tags`,
    /// `deprecated`, and under `payloads` the `methods`, `contentType`, `schema` (a URL) and `examples`.
    pub index: Value,
    /// The schemas by file name, such as `payment.created.schema.json`.
    pub files: IndexMap<String, Value>,
}

/// Takes the payload of each webhook out of a 3.1 document, as JSON Schema 2020-12 with everything it refers to under
/// `$defs`.
///
/// The `$id` of a schema is `base`, then the name of its file: the same for the same event in every build. Events whose
/// methods carry different payloads have a file for each (`payment.synced.put.schema.json`). A payload in several
/// content types is taken in JSON. Keywords that only OpenAPI knows (`discriminator`, `xml`, `externalDocs`) and
/// references that lead nowhere are left out; `example` becomes `examples`.
///
/// ```
/// let document = serde_json::json!({
///     "openapi": "3.1.0",
///     "info": { "title": "Payments", "version": "1.0.0" },
///     "webhooks": { "payment.created": { "post": { "requestBody": { "content": { "application/json": {
///         "schema": { "$ref": "#/components/schemas/Payment" },
///     } } } } } },
///     "components": { "schemas": { "Payment": { "type": "object" } } },
/// });
/// let schemas = webhooks_core::openapi::json_schemas(&document, "https://example.com/schemas/");
/// assert_eq!(schemas.files["payment.created.schema.json"], serde_json::json!({
///     "$schema": "https://json-schema.org/draft/2020-12/schema",
///     "$id": "https://example.com/schemas/payment.created.schema.json",
///     "title": "Payment",
///     "type": "object",
/// }));
/// ```
pub fn json_schemas(document: &Value, base: &str) -> JsonSchemas {
    let mut files = IndexMap::new();
    let mut entries = Vec::new();
    let items = document.get("webhooks").and_then(Value::as_object);
    for (name, item) in items
        .into_iter()
        .flatten()
        .filter(|(_, item)| item.is_object())
    {
        entries.push(webhook(
            document,
            name,
            resolved(document, item),
            base,
            &mut files,
        ));
    }
    let info = |member: &str| {
        document
            .get("info")
            .and_then(|info| info.get(member))
            .cloned()
    };
    let mut index = Map::new();
    for member in ["title", "version"] {
        index.extend(info(member).map(|value| (member.to_owned(), value)));
    }
    index.insert("webhooks".to_owned(), Value::Array(entries));
    JsonSchemas {
        index: Value::Object(index),
        files,
    }
}

/// The entry of one webhook in the index; its schemas go into `files`.
fn webhook(
    document: &Value,
    name: &str,
    item: &Value,
    base: &str,
    files: &mut IndexMap<String, Value>,
) -> Value {
    let operations: Vec<(Method, &Value)> = Method::ALL
        .into_iter()
        .filter_map(|method| Some((method, item.get(method.key())?)))
        .collect();
    let mut entry = Map::from_iter([("name".to_owned(), json!(name))]);
    let said = |member: &str| {
        operations
            .iter()
            .find_map(|(_, operation)| operation.get(member))
            .cloned()
    };
    for member in ["summary", "description", "tags", "deprecated"] {
        entry.extend(said(member).map(|value| (member.to_owned(), value)));
    }
    let (payloads, without_body) = payloads(document, &operations);
    let several = payloads.len() > 1;
    let described = payloads.iter().map(|payload| {
        let method = if several {
            format!(".{}", payload.methods[0].key())
        } else {
            String::new()
        };
        let file = format!("{}{method}.schema.json", file_name(name));
        let id = format!("{base}{file}");
        let described = payload.index_entry(document, &id);
        if let Some(schema) = payload.media.get("schema") {
            files.insert(file, alone(document, schema, &id));
        }
        described
    });
    entry.insert("payloads".to_owned(), described.collect());
    if !without_body.is_empty() {
        entry.insert("methodsWithoutPayload".to_owned(), json!(without_body));
    }
    Value::Object(entry)
}

/// What the methods carry, each schema once, and the methods that carry nothing.
fn payloads<'a>(
    document: &'a Value,
    operations: &[(Method, &'a Value)],
) -> (Vec<Payload<'a>>, Vec<&'static str>) {
    let (mut payloads, mut without_body): (Vec<Payload<'_>>, _) = (Vec::new(), Vec::new());
    for &(method, operation) in operations {
        let Some((content_type, media)) = body(document, operation) else {
            without_body.push(method.as_str());
            continue;
        };
        let schema = media.get("schema");
        let mut known = payloads.iter_mut();
        match known.find(|one| one.media.get("schema") == schema) {
            Some(same) => same.methods.push(method),
            None => payloads.push(Payload {
                methods: vec![method],
                content_type,
                media,
            }),
        }
    }
    (payloads, without_body)
}

/// What one or several methods of a webhook carry.
struct Payload<'a> {
    methods: Vec<Method>,
    content_type: &'a str,
    media: &'a Value,
}

impl Payload<'_> {
    fn index_entry(&self, document: &Value, id: &str) -> Value {
        let methods: Vec<_> = self.methods.iter().map(|method| method.as_str()).collect();
        let mut entry = json!({ "methods": methods, "contentType": self.content_type });
        if self.media.get("schema").is_some() {
            entry["schema"] = json!(id);
        }
        let named = self
            .media
            .get("examples")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let values = named.filter_map(|(_, example)| resolved(document, example).get("value"));
        let examples: Vec<_> = values.chain(self.media.get("example")).cloned().collect();
        if !examples.is_empty() {
            entry["examples"] = Value::Array(examples);
        }
        entry
    }
}

/// The body of an operation: in JSON, else in the first content type.
fn body<'a>(document: &'a Value, operation: &'a Value) -> Option<(&'a str, &'a Value)> {
    let content = resolved(document, operation.get("requestBody")?)
        .get("content")?
        .as_object()?;
    let chosen = content
        .iter()
        .find(|(name, _)| is_json(name))
        .or_else(|| content.iter().next())?;
    Some((chosen.0.as_str(), chosen.1))
}

/// What a Reference Object leads to; the object itself where it leads nowhere.
fn resolved<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    // A circle ends with the count.
    for _ in 0..100 {
        let Some(target) = pointer::reference(value).and_then(|to| pointer::follow(document, to))
        else {
            break;
        };
        value = target;
    }
    value
}

/// The characters of an event name that are none of a file name are written as in a URL.
fn file_name(event: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    event
        .bytes()
        .map(|byte| {
            if plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// A schema with all that it refers to, and nothing of OpenAPI.
fn alone(document: &Value, schema: &Value, id: &str) -> Value {
    let mut root = schema.clone();
    let mut alone = Map::new();
    alone.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    alone.insert("$id".to_owned(), json!(id));
    // A payload is a reference and nothing else: its type is the schema, and what refers to that refers to the whole.
    let own = refs::target(schema).filter(|name| {
        schema.as_object().is_some_and(|members| members.len() == 1)
            && component(document, name).is_some()
    });
    if let Some(name) = &own
        && let Some(target) = component(document, name)
    {
        root = target.clone();
        alone.insert("title".to_owned(), json!(name));
    }
    let mut bundle = Bundle {
        document,
        root: own.as_deref(),
        wanted: Vec::new(),
        seen: BTreeSet::new(),
    };
    bundle.rewrite(&mut root);
    let mut definitions = Map::new();
    while let Some((name, schema)) = bundle.wanted.pop() {
        let mut schema = schema.clone();
        bundle.rewrite(&mut schema);
        definitions.insert(name, schema);
    }
    definitions.sort_keys();
    match root {
        Value::Object(members) => alone.extend(members),
        // `false` and `true` are schemas too.
        other => alone.extend((other == false).then(|| ("not".to_owned(), json!({})))),
    }
    if !definitions.is_empty() {
        let mut all = alone.shift_remove("$defs").unwrap_or_else(|| json!({}));
        if let Value::Object(all) = &mut all {
            all.extend(definitions);
        }
        alone.insert("$defs".to_owned(), all);
    }
    Value::Object(alone)
}

fn component<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.get("components")?.get("schemas")?.get(name)
}

/// Definitions on their way into a schema.
struct Bundle<'a> {
    document: &'a Value,
    /// The component that is the schema itself.
    root: Option<&'a str>,
    wanted: Vec<(String, &'a Value)>,
    seen: BTreeSet<String>,
}

impl Bundle<'_> {
    fn rewrite(&mut self, schema: &mut Value) {
        grammar::each_mut(
            schema,
            ObjectKind::Schema,
            &mut String::new(),
            &mut |_, schema, _| {
                let Value::Object(members) = schema else {
                    return;
                };
                for keyword in ["discriminator", "xml", "externalDocs"] {
                    members.shift_remove(keyword);
                }
                if let Some(example) = members.shift_remove("example") {
                    members
                        .entry("examples")
                        .or_insert_with(|| json!([example]));
                }
                let reference = members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(|reference| self.follow(reference));
                match reference {
                    Some(Some(reference)) => {
                        members.insert("$ref".to_owned(), Value::String(reference));
                    }
                    Some(None) => {
                        members.shift_remove("$ref");
                    }
                    None => {}
                }
            },
        );
    }

    /// The reference inside of the schema; what it leads to is wanted. None where it leads nowhere.
    fn follow(&mut self, reference: &str) -> Option<String> {
        let (name, inside, target) = match refs::split(reference) {
            Some((name, inside)) if self.root == Some(name.as_ref()) => {
                return Some(format!("#{inside}"));
            }
            Some((name, inside)) => (
                name.clone().into_owned(),
                inside,
                component(self.document, &name),
            ),
            // To anything else in the document, such as a schema in a response; or to another document.
            None => match pointer::follow(self.document, reference) {
                Some(target) => (
                    reference.trim_start_matches("#/").replace('/', "."),
                    "",
                    Some(target),
                ),
                None => return (!reference.starts_with('#')).then(|| reference.to_owned()),
            },
        };
        let target = target?;
        if self.seen.insert(name.clone()) {
            self.wanted.push((name.clone(), target));
        }
        let mut rewritten = "#/$defs".to_owned();
        pointer::push(&mut rewritten, &name);
        Some(rewritten + inside)
    }
}
