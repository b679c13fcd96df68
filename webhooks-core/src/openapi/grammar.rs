//! Which object of OpenAPI stands where: the one table by which documents are walked.
//!
//! A name such as `example`, `nullable` or `$ref` means something in some places only; elsewhere it is the name of a
//! property or part of somebody's data. Whatever rewrites a foreign document therefore asks here where it is. The
//! table holds what 3.0, 3.1 and 3.2 have in common and what only one of them has.

use serde_json::Value;

use super::pointer;
use crate::method::Method;

/// A kind of object in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
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
enum Place {
    /// The member itself.
    One(Kind),
    /// Each item of a list.
    List(Kind),
    /// Each member, under a name that somebody chose.
    Named(Kind),
    /// Each member but extensions.
    Members(Kind),
}

/// Calls `see` with everything that stands in the place of an object, outer before inner, with its JSON pointer.
///
/// What is met may have any JSON type: the document may be wrong.
pub(crate) fn each<'a>(
    value: &'a Value,
    kind: Kind,
    pointer: &mut String,
    see: &mut impl FnMut(Kind, &'a Value, &str),
) {
    see(kind, value, pointer);
    let Some(members) = value.as_object() else {
        return;
    };
    let own = pointer.len();
    for (key, value) in members {
        let Some(place) = place(kind, key) else {
            continue;
        };
        pointer::push(pointer, key);
        match (place, value) {
            (Place::One(kind) | Place::List(kind), Value::Array(items)) => {
                let list = pointer.len();
                for (index, item) in items.iter().enumerate() {
                    pointer::push(pointer, &index.to_string());
                    each(item, kind, pointer, see);
                    pointer.truncate(list);
                }
            }
            (Place::One(kind), value) => each(value, kind, pointer, see),
            (Place::Named(kind) | Place::Members(kind), Value::Object(named)) => {
                let map = pointer.len();
                for (name, value) in named.iter().filter(|(name, _)| is_member(place, name)) {
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
    kind: Kind,
    pointer: &mut String,
    change: &mut impl FnMut(Kind, &mut Value, &str),
) {
    each_child_mut(value, kind, pointer, &mut |child, kind, pointer| {
        each_mut(child, kind, pointer, change)
    });
    change(kind, value, pointer);
}

/// Calls `change` with everything that stands directly inside of an object, for walks of another order.
pub(crate) fn each_child_mut(
    value: &mut Value,
    kind: Kind,
    pointer: &mut String,
    change: &mut dyn FnMut(&mut Value, Kind, &mut String),
) {
    let own = pointer.len();
    for (key, value) in value.as_object_mut().into_iter().flatten() {
        let Some(place) = place(kind, key) else {
            continue;
        };
        pointer::push(pointer, key);
        let inner = pointer.len();
        let mut change_named = |name: &str, value: &mut Value, kind| {
            pointer::push(pointer, name);
            change(value, kind, pointer);
            pointer.truncate(inner);
        };
        match (place, value) {
            (Place::One(kind) | Place::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    change_named(&index.to_string(), item, kind);
                }
            }
            (Place::One(kind), value) => change(value, kind, pointer),
            (Place::Named(kind) | Place::Members(kind), Value::Object(named)) => {
                for (name, value) in named.iter_mut().filter(|(name, _)| is_member(place, name)) {
                    change_named(name, value, kind);
                }
            }
            _ => {}
        }
        pointer.truncate(own);
    }
}

fn is_member(place: Place, name: &str) -> bool {
    matches!(place, Place::Named(_)) || !name.starts_with("x-")
}

fn place(kind: Kind, key: &str) -> Option<Place> {
    use Place::{List, Members, Named, One};
    Some(match (kind, key) {
        (Kind::Document, "paths") => Members(Kind::PathItem),
        // Events have names that somebody chose, `x-ray.done` too.
        (Kind::Document, "webhooks" | "x-webhooks") => Named(Kind::PathItem),
        (Kind::Document, "components") => One(Kind::Components),
        (Kind::Components, _) => Named(component(key)?),
        (Kind::PathItem, "additionalOperations") => Named(Kind::Operation),
        (Kind::PathItem, "query") => One(Kind::Operation),
        (Kind::PathItem, key) if is_method(key) => One(Kind::Operation),
        (Kind::PathItem | Kind::Operation, "parameters") => List(Kind::Parameter),
        (Kind::Operation, "requestBody") => One(Kind::RequestBody),
        (Kind::Operation, "responses") => Members(Kind::Response),
        (Kind::Operation, "callbacks") => Named(Kind::Callback),
        (Kind::Callback, key) if !key.starts_with("x-") && key != "$ref" => One(Kind::PathItem),
        (Kind::Response | Kind::Encoding, "headers") => Named(Kind::Header),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            Named(Kind::MediaType)
        }
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema" | "itemSchema") => {
            One(Kind::Schema)
        }
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples")
        | (Kind::Response, "links") => Named(Kind::Leaf),
        (Kind::MediaType, "encoding") => Named(Kind::Encoding),
        (Kind::Schema, key) => schema(key)?,
        _ => return None,
    })
}

fn is_method(key: &str) -> bool {
    Method::ALL.into_iter().any(|method| method.key() == key)
}

/// What the components of this name are.
pub(crate) fn component(key: &str) -> Option<Kind> {
    Some(match key {
        "schemas" => Kind::Schema,
        "responses" => Kind::Response,
        "parameters" => Kind::Parameter,
        "requestBodies" => Kind::RequestBody,
        "headers" => Kind::Header,
        "callbacks" => Kind::Callback,
        "pathItems" => Kind::PathItem,
        "mediaTypes" => Kind::MediaType,
        "examples" | "links" | "securitySchemes" => Kind::Leaf,
        _ => return None,
    })
}

/// The keywords of JSON Schema that hold schemas, of draft 4 to 2020-12.
fn schema(key: &str) -> Option<Place> {
    Some(match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Place::Named(Kind::Schema)
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Place::List(Kind::Schema),
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
        | "contentSchema" => Place::One(Kind::Schema),
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
            Kind::Document,
            &mut String::new(),
            &mut |kind, value, pointer| {
                if kind == Kind::Schema && value.get("here").is_some() {
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
            Kind::Document,
            &mut String::new(),
            &mut |kind, value, pointer| {
                if kind == Kind::Schema && value.get("here").is_some() {
                    changed.push(pointer.to_owned());
                }
            },
        );
        assert_eq!(changed, found, "both walks meet the same");
    }
}
