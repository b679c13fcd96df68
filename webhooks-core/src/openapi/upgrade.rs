//! An OpenAPI 3.0 document as 3.1: the same meaning in the newer words, nothing lost.
//!
//! The rules are those of the OpenAPI Initiative's migration guide, with one addition. By the letter of 3.0.3,
//! `nullable` next to `$ref`, `allOf`, `anyOf` or `oneOf` says nothing. Its authors mean that null is allowed, so it is.

use serde_json::{Map, Value, json};

use super::grammar::{self, ObjectKind};
use super::pointer;

/// Rewrites a 3.0 document as 3.1, in place; leaves any other as it is.
///
/// | 3.0 | 3.1 |
/// |---|---|
/// | `type: string, nullable: true` | `type: [string, null]`; an `enum` gets null too |
/// | `nullable: true` next to `$ref`, `allOf`, `anyOf`, `oneOf` | `anyOf` with `type: null` |
/// | `exclusiveMinimum: true, minimum: 1` (and maximum) | `exclusiveMinimum: 1` |
/// | `example` of a schema | `examples` with one item |
/// | `format: byte` | `contentEncoding: base64` |
/// | `format: binary` | `contentMediaType: application/octet-stream` |
/// | what is next to a `$ref` | stays where it only describes; else it goes, because 3.0 ignored it |
/// | `x-webhooks` (a map of path items) | `webhooks` |
///
/// A property that is called `nullable` or `example` is a property and stays.
///
/// ```
/// let mut document = serde_json::json!({
///     "openapi": "3.0.3",
///     "paths": {},
///     "components": { "schemas": { "Note": { "type": "string", "nullable": true } } },
/// });
/// webhooks_core::openapi::upgrade(&mut document);
/// assert_eq!(document["openapi"], "3.1.0");
/// assert_eq!(document["components"]["schemas"]["Note"]["type"], serde_json::json!(["string", "null"]));
/// ```
pub fn upgrade(document: &mut Value) {
    if !is_3_0(document) {
        return;
    }
    grammar::each_mut(
        document,
        ObjectKind::Document,
        &mut String::new(),
        &mut |kind, value, _| match (kind, value) {
            (ObjectKind::Schema, Value::Object(members)) => schema(members),
            (
                ObjectKind::Document | ObjectKind::PathItem | ObjectKind::Operation,
                Value::Object(members),
            ) => servers(members),
            _ => {}
        },
    );
    let Value::Object(members) = document else {
        return;
    };
    members.insert("openapi".to_owned(), json!("3.1.0"));
    if members.get("x-webhooks").is_some_and(is_path_items)
        && !members.contains_key("webhooks")
        && let Some(webhooks) = members.shift_remove("x-webhooks")
    {
        members.insert("webhooks".to_owned(), webhooks);
    }
}

/// Whether a document says that it is 3.0.
pub(crate) fn is_3_0(document: &Value) -> bool {
    let version = document.get("openapi").and_then(Value::as_str);
    version.is_some_and(|version| version == "3.0" || version.starts_with("3.0."))
}

/// `x-webhooks` is also the name of something else (groups of events, at `APIMatic`), which stays an extension.
fn is_path_items(value: &Value) -> bool {
    let operations = |item: &Value| {
        crate::method::Method::ALL
            .into_iter()
            .any(|method| item.get(method.key()).is_some_and(Value::is_object))
    };
    value.as_object().is_some_and(|items| {
        items
            .values()
            .all(|item| operations(item) || pointer::reference(item).is_some())
    })
}

/// The crate `openapiv3` writes a variable without a description as `"description": null`, which no version allows.
fn servers(members: &mut Map<String, Value>) {
    let servers = members
        .get_mut("servers")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    let variables = servers
        .filter_map(|server| server.get_mut("variables")?.as_object_mut())
        .flatten();
    for variable in variables.filter_map(|(_, variable)| variable.as_object_mut()) {
        variable.retain(|_, member| !member.is_null());
    }
}

/// One Schema Object, whose inner schemas are done.
fn schema(members: &mut Map<String, Value>) {
    if members.get("$ref").is_some_and(Value::is_string) {
        // With `nullable` the author meant something; everything else that 3.0 ignored would now count.
        members.retain(|key, _| key == "$ref" || key == "nullable" || is_annotation(key));
    }
    exclusive(members, "minimum", "exclusiveMinimum");
    exclusive(members, "maximum", "exclusiveMaximum");
    content(members);
    if let Some(example) = members.shift_remove("example") {
        members.insert("examples".to_owned(), json!([example]));
    }
    if members.shift_remove("nullable") == Some(Value::Bool(true)) {
        nullable(members);
    }
}

/// Draft 4 says with a flag whether the limit itself is allowed; 2020-12 has two limits.
fn exclusive(members: &mut Map<String, Value>, limit: &str, flag: &str) {
    match members.get(flag) {
        Some(Value::Bool(true)) => {
            members.shift_remove(flag);
            if let Some(value) = members.shift_remove(limit) {
                members.insert(flag.to_owned(), value);
            }
        }
        Some(Value::Bool(false)) => {
            members.shift_remove(flag);
        }
        _ => {}
    }
}

fn content(members: &mut Map<String, Value>) {
    let (keyword, value) = match members.get("format").and_then(Value::as_str) {
        Some("byte") => ("contentEncoding", "base64"),
        Some("binary") => ("contentMediaType", "application/octet-stream"),
        _ => return,
    };
    members.shift_remove("format");
    members.insert(keyword.to_owned(), json!(value));
}

fn nullable(members: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = members.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if !COMBINATIONS
        .iter()
        .any(|keyword| members.contains_key(*keyword))
    {
        if let Some(kind @ Value::String(_)) = members.get_mut("type") {
            *kind = json!([kind.take(), "null"]);
        }
        return;
    }
    let only_any_of = !["type", "$ref", "allOf", "oneOf", "not"]
        .iter()
        .any(|key| members.contains_key(*key));
    if let Some(Value::Array(branches)) = members.get_mut("anyOf").filter(|_| only_any_of) {
        branches.push(json!({ "type": "null" }));
        return;
    }
    let (outside, inside): (Map<_, _>, Map<_, _>) = std::mem::take(members)
        .into_iter()
        .partition(|(key, _)| is_annotation(key));
    *members = outside;
    members.insert(
        "anyOf".to_owned(),
        json!([only_branch(inside), { "type": "null" }]),
    );
}

/// Keywords whose schemas must hold as well, so that a `type` alone lets no null in.
const COMBINATIONS: [&str; 5] = ["$ref", "allOf", "anyOf", "oneOf", "not"];

/// `allOf` with one item, which 3.0 needs to write something next to a `$ref`, is that item.
fn only_branch(mut inside: Map<String, Value>) -> Value {
    let single = inside.len() == 1
        && inside
            .get("allOf")
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.len() == 1);
    match inside.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(branches) if single => branches.remove(0),
        _ => Value::Object(inside),
    }
}

/// Keywords that allow and refuse nothing.
pub(crate) fn is_annotation(keyword: &str) -> bool {
    let known = [
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "discriminator",
    ];
    known.contains(&keyword) || keyword.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(before: &Value) -> Value {
        let mut document =
            json!({ "openapi": "3.0.0", "components": { "schemas": { "S": before } } });
        upgrade(&mut document);
        document["components"]["schemas"]["S"].take()
    }

    #[test]
    fn every_rule_of_the_table_holds() {
        for (before, after) in [
            (
                json!({ "type": "string", "nullable": true }),
                json!({ "type": ["string", "null"] }),
            ),
            (
                json!({ "type": "string", "nullable": false }),
                json!({ "type": "string" }),
            ),
            (
                json!({ "nullable": true, "title": "any" }),
                json!({ "title": "any" }),
            ),
            (
                json!({ "type": "string", "nullable": true, "enum": ["a"] }),
                json!({ "type": ["string", "null"], "enum": ["a", null] }),
            ),
            (
                json!({ "nullable": true, "description": "d", "allOf": [{ "$ref": "#/a" }] }),
                json!({ "description": "d", "anyOf": [{ "$ref": "#/a" }, { "type": "null" }] }),
            ),
            (
                json!({ "nullable": true, "allOf": [{ "$ref": "#/a" }, { "minLength": 1 }] }),
                json!({ "anyOf": [{ "allOf": [{ "$ref": "#/a" }, { "minLength": 1 }] }, { "type": "null" }] }),
            ),
            (
                json!({ "nullable": true, "anyOf": [{ "$ref": "#/a" }] }),
                json!({ "anyOf": [{ "$ref": "#/a" }, { "type": "null" }] }),
            ),
            (
                json!({ "nullable": true, "oneOf": [{ "$ref": "#/a" }] }),
                json!({ "anyOf": [{ "oneOf": [{ "$ref": "#/a" }] }, { "type": "null" }] }),
            ),
            (
                json!({ "nullable": true, "$ref": "#/a", "minLength": 1 }),
                json!({ "anyOf": [{ "$ref": "#/a" }, { "type": "null" }] }),
            ),
            (
                json!({ "$ref": "#/a", "minLength": 1, "title": "t" }),
                json!({ "$ref": "#/a", "title": "t" }),
            ),
            (
                json!({ "minimum": 1, "exclusiveMinimum": true }),
                json!({ "exclusiveMinimum": 1 }),
            ),
            (
                json!({ "maximum": 1, "exclusiveMaximum": false }),
                json!({ "maximum": 1 }),
            ),
            (json!({ "exclusiveMaximum": true }), json!({})),
            (
                json!({ "example": { "nullable": true } }),
                json!({ "examples": [{ "nullable": true }] }),
            ),
            (
                json!({ "type": "string", "format": "byte" }),
                json!({ "type": "string", "contentEncoding": "base64" }),
            ),
            (
                json!({ "type": "string", "format": "binary" }),
                json!({ "type": "string", "contentMediaType": "application/octet-stream" }),
            ),
        ] {
            assert_eq!(upgraded(&before), after, "{before}");
        }
    }

    #[test]
    fn null_passes_a_type_that_stands_beside_a_combination() {
        let before = json!({ "type": "object", "nullable": true, "allOf": [{ "$ref": "#/a" }] });
        let after = json!({ "anyOf": [{ "type": "object", "allOf": [{ "$ref": "#/a" }] }, { "type": "null" }] });
        assert_eq!(upgraded(&before), after);
    }

    #[test]
    fn properties_with_the_names_of_keywords_stay() {
        let schema = json!({ "properties": {
            "nullable": { "type": "boolean" }, "example": { "type": "string" }, "$ref": { "type": "string" },
        } });
        assert_eq!(upgraded(&schema), schema);
    }

    #[test]
    fn only_x_webhooks_that_are_path_items_become_webhooks() {
        let mut document = json!({ "openapi": "3.0.3", "x-webhooks": { "a": { "post": {} } } });
        upgrade(&mut document);
        assert_eq!(
            document,
            json!({ "openapi": "3.1.0", "webhooks": { "a": { "post": {} } } })
        );
        let mut groups =
            json!({ "openapi": "3.0.3", "x-webhooks": { "orders": { "description": "d" } } });
        upgrade(&mut groups);
        assert!(groups.get("webhooks").is_none() && groups.get("x-webhooks").is_some());
    }

    #[test]
    fn other_documents_stay_as_they_are() {
        for document in [
            json!({ "openapi": "3.1.0", "components": { "schemas": { "S": { "nullable": true } } } }),
            json!({ "swagger": "2.0" }),
            json!([]),
        ] {
            let mut copy = document.clone();
            upgrade(&mut copy);
            assert_eq!(copy, document);
        }
    }
}
