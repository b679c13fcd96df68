//! Which object of OpenAPI is where: the one table by which documents are walked.
//!
//! A name such as `example`, `nullable` or `$ref` means something in some places only; elsewhere it is the name of a
//! property or part of an author's data. Whatever rewrites a foreign document therefore asks here where it is. The
//! table holds what 3.0, 3.1 and 3.2 have in common and what only one of them has.

use serde_json::Value;

use super::pointer;
use crate::method::Method;

/// A kind of object in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Document,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Schema,
    /// Examples, links and security schemes: they can be referred to, and hold nothing that is walked.
    Leaf,
}

/// How the objects of a kind stand in a member.
#[derive(Debug, Clone, Copy)]
enum Slot {
    /// The member itself.
    One(ObjectKind),
    /// Each item of a list.
    List(ObjectKind),
    /// Each member, under a name that an author chose.
    Named(ObjectKind),
    /// Each member but extensions.
    Members(ObjectKind),
}

/// Calls `see` with everything that is in the place of an object, outer before inner, with its JSON pointer.
///
/// What is met may have any JSON type: the document may be wrong.
pub(crate) fn each<'a>(
    value: &'a Value,
    kind: ObjectKind,
    pointer: &mut String,
    see: &mut impl FnMut(ObjectKind, &'a Value, &str),
) {
    see(kind, value, pointer);
    let Some(members) = value.as_object() else {
        return;
    };
    let own = pointer.len();
    for (key, value) in members {
        let Some(slot) = slot(kind, key) else {
            continue;
        };
        pointer::push(pointer, key);
        match (slot, value) {
            (Slot::One(kind) | Slot::List(kind), Value::Array(items)) => {
                let list = pointer.len();
                for (index, item) in items.iter().enumerate() {
                    pointer::push(pointer, &index.to_string());
                    each(item, kind, pointer, see);
                    pointer.truncate(list);
                }
            }
            (Slot::One(kind), value) => each(value, kind, pointer, see),
            (Slot::Named(kind) | Slot::Members(kind), Value::Object(named)) => {
                let map = pointer.len();
                for (name, value) in named.iter().filter(|(name, _)| is_member(slot, name)) {
                    pointer::push(pointer, name);
                    each(value, kind, pointer, see);
                    pointer.truncate(map);
                }
            }
            _ => {}
        }
        pointer.truncate(own);
    }
}

/// As [`each`], for changing what is met; inner before outer, so that nothing that was changed is met again.
pub(crate) fn each_mut(
    value: &mut Value,
    kind: ObjectKind,
    pointer: &mut String,
    change: &mut impl FnMut(ObjectKind, &mut Value, &str),
) {
    each_child_mut(value, kind, pointer, &mut |child, kind, pointer| {
        each_mut(child, kind, pointer, change);
    });
    change(kind, value, pointer);
}

/// Calls `change` with everything that is directly inside of an object, for walks of another order.
pub(crate) fn each_child_mut(
    value: &mut Value,
    kind: ObjectKind,
    pointer: &mut String,
    change: &mut dyn FnMut(&mut Value, ObjectKind, &mut String),
) {
    let own = pointer.len();
    for (key, value) in value.as_object_mut().into_iter().flatten() {
        let Some(slot) = slot(kind, key) else {
            continue;
        };
        pointer::push(pointer, key);
        let inner = pointer.len();
        let mut change_named = |name: &str, value: &mut Value, kind| {
            pointer::push(pointer, name);
            change(value, kind, pointer);
            pointer.truncate(inner);
        };
        match (slot, value) {
            (Slot::One(kind) | Slot::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    change_named(&index.to_string(), item, kind);
                }
            }
            (Slot::One(kind), value) => change(value, kind, pointer),
            (Slot::Named(kind) | Slot::Members(kind), Value::Object(named)) => {
                for (name, value) in named.iter_mut().filter(|(name, _)| is_member(slot, name)) {
                    change_named(name, value, kind);
                }
            }
            _ => {}
        }
        pointer.truncate(own);
    }
}

fn is_member(slot: Slot, name: &str) -> bool {
    matches!(slot, Slot::Named(_)) || !name.starts_with("x-")
}

fn slot(kind: ObjectKind, key: &str) -> Option<Slot> {
    use Slot::{List, Members, Named, One};
    Some(match (kind, key) {
        (ObjectKind::Document, "paths") => Members(ObjectKind::PathItem),
        // Events have names that an author chose, `x-ray.done` too.
        (ObjectKind::Document, "webhooks" | "x-webhooks") => Named(ObjectKind::PathItem),
        (ObjectKind::Document, "components") => One(ObjectKind::Components),
        (ObjectKind::Components, _) => Named(component(key)?),
        (ObjectKind::PathItem, "additionalOperations") => Named(ObjectKind::Operation),
        (ObjectKind::PathItem, "query") => One(ObjectKind::Operation),
        (ObjectKind::PathItem, key) if is_method(key) => One(ObjectKind::Operation),
        (ObjectKind::PathItem | ObjectKind::Operation, "parameters") => List(ObjectKind::Parameter),
        (ObjectKind::Operation, "requestBody") => One(ObjectKind::RequestBody),
        (ObjectKind::Operation, "responses") => Members(ObjectKind::Response),
        (ObjectKind::Operation, "callbacks") => Named(ObjectKind::Callback),
        (ObjectKind::Callback, key) if !key.starts_with("x-") && key != "$ref" => {
            One(ObjectKind::PathItem)
        }
        (ObjectKind::Response | ObjectKind::Encoding, "headers") => Named(ObjectKind::Header),
        (
            ObjectKind::Parameter
            | ObjectKind::Header
            | ObjectKind::RequestBody
            | ObjectKind::Response,
            "content",
        ) => Named(ObjectKind::MediaType),
        (
            ObjectKind::Parameter | ObjectKind::Header | ObjectKind::MediaType,
            "schema" | "itemSchema",
        ) => One(ObjectKind::Schema),
        (ObjectKind::Parameter | ObjectKind::Header | ObjectKind::MediaType, "examples")
        | (ObjectKind::Response, "links") => Named(ObjectKind::Leaf),
        (ObjectKind::MediaType, "encoding") => Named(ObjectKind::Encoding),
        (ObjectKind::Schema, key) => schema(key)?,
        _ => return None,
    })
}

fn is_method(key: &str) -> bool {
    Method::ALL.into_iter().any(|method| method.key() == key)
}

/// What the components of this name are.
pub(crate) fn component(key: &str) -> Option<ObjectKind> {
    Some(match key {
        "schemas" => ObjectKind::Schema,
        "responses" => ObjectKind::Response,
        "parameters" => ObjectKind::Parameter,
        "requestBodies" => ObjectKind::RequestBody,
        "headers" => ObjectKind::Header,
        "callbacks" => ObjectKind::Callback,
        "pathItems" => ObjectKind::PathItem,
        "mediaTypes" => ObjectKind::MediaType,
        "examples" | "links" | "securitySchemes" => ObjectKind::Leaf,
        _ => return None,
    })
}

/// The keywords of JSON Schema that hold schemas, of draft 4 to 2020-12.
fn schema(key: &str) -> Option<Slot> {
    Some(match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Slot::Named(ObjectKind::Schema)
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Slot::List(ObjectKind::Schema),
        "items"
        | "additionalItems"
        | "contains"
        | "unevaluatedItems"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contentSchema" => Slot::One(ObjectKind::Schema),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_found_wherever_they_stand_and_data_is_not_taken_for_one() {
        let here = json!({ "here": 1 });
        let document = json!({
            "paths": { "/a": { "parameters": [{ "schema": here }], "get": {
                "responses": { "200": { "headers": { "x-h": { "schema": here } }, "content": { "a/b": {
                    "schema": { "properties": { "x-p": here, "example": here }, "items": [here], "anyOf": [here],
                        "example": { "properties": { "no": here } }, "default": here, "x-no": { "items": here } },
                    "examples": { "no": { "value": here } },
                } } }, "x-no": { "content": {} } },
                "callbacks": { "c": { "{$url}": { "post": { "requestBody": { "content": { "d": { "schema": here } } } } } } },
            } }, "x-no": { "get": {} } },
            "components": { "schemas": { "x-S": here }, "x-no": { "S": here } },
        });
        let mut found = Vec::new();
        each(
            &document,
            ObjectKind::Document,
            &mut String::new(),
            &mut |kind, value, pointer| {
                if kind == ObjectKind::Schema && value.get("here").is_some() {
                    found.push(pointer.to_owned());
                }
            },
        );
        let media = "/paths/~1a/get/responses/200/content/a~1b/schema";
        assert_eq!(
            found,
            [
                "/paths/~1a/parameters/0/schema",
                "/paths/~1a/get/responses/200/headers/x-h/schema",
                &format!("{media}/properties/x-p"),
                &format!("{media}/properties/example"),
                &format!("{media}/items/0"),
                &format!("{media}/anyOf/0"),
                "/paths/~1a/get/callbacks/c/{$url}/post/requestBody/content/d/schema",
                "/components/schemas/x-S",
            ]
        );
        let mut changed = Vec::new();
        each_mut(
            &mut document.clone(),
            ObjectKind::Document,
            &mut String::new(),
            &mut |kind, value, pointer| {
                if kind == ObjectKind::Schema && value.get("here").is_some() {
                    changed.push(pointer.to_owned());
                }
            },
        );
        assert_eq!(changed, found, "both walks meet the same");
    }
}
