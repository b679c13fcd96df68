//! Documents that the app already has, joined in JSON: nothing of them is lost, whatever their model was.
//!
//! Equal things are shared; two different things under one name are an error, except for types (see `components`).

use serde::Serialize;
use serde_json::{Map, Value};

/// The members of an OpenAPI 3.1 document, or what is wrong with it.
pub(crate) fn read(document: &impl Serialize) -> Result<Map<String, Value>, String> {
    let value = serde_json::to_value(document)
        .map_err(|error| format!("the document to merge cannot be written as JSON: {error}"))?;
    let Value::Object(members) = value else {
        return Err(format!("the document to merge is {}, not an object", kind(&value)));
    };
    check_shape(&members)?;
    match members.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.1" || version.starts_with("3.1.") => Ok(members),
        Some(version) => {
            Err(format!("#/openapi of the document to merge is `{version}`; 3.1 documents can be merged"))
        }
        None if members.contains_key("swagger") => {
            Err("the document to merge is Swagger 2.0 (#/swagger); OpenAPI 3.1 documents can be merged"
                .to_owned())
        }
        None => Err("the document to merge has no #/openapi; OpenAPI 3.1 documents can be merged".to_owned()),
    }
}

/// What is taken apart must be what it is called; everything else may be anything.
fn check_shape(members: &Map<String, Value>) -> Result<(), String> {
    let is_kind = |pointer: &str, value: &Value, list: bool| match (list, value) {
        (true, Value::Array(_)) | (false, Value::Object(_)) => Ok(()),
        (true, _) => Err(format!("{pointer} of the document to merge is {}, not a list", kind(value))),
        (false, _) => Err(format!("{pointer} of the document to merge is {}, not an object", kind(value))),
    };
    for (member, list) in [
        ("info", false),
        ("paths", false),
        ("webhooks", false),
        ("components", false),
        ("tags", true),
        ("servers", true),
    ] {
        members.get(member).map_or(Ok(()), |value| is_kind(&format!("#/{member}"), value, list))?;
    }
    let components = members.get("components").and_then(Value::as_object).into_iter().flatten();
    let kinds = components.filter(|(kind, _)| !kind.starts_with("x-"));
    kinds
        .into_iter()
        .try_for_each(|(name, value)| is_kind(&format!("#/components/{}", escape(name)), value, false))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Joins `from` into `into`; problems name the place as a JSON pointer.
pub(crate) fn join(into: &mut Map<String, Value>, from: Map<String, Value>, problems: &mut Vec<String>) {
    for (key, value) in from {
        match into.get_mut(&key) {
            None => {
                into.insert(key, value);
            }
            Some(mine) if *mine == value => {}
            // Two documents have two titles and need not have the same patch version; the first is kept.
            Some(_) if matches!(key.as_str(), "openapi" | "info" | "externalDocs") => {}
            Some(Value::Array(mine)) if matches!(key.as_str(), "tags" | "servers") => join_lists(mine, value),
            Some(Value::Object(mine)) if matches!(key.as_str(), "paths" | "webhooks" | "components") => {
                let pointer = format!("#/{key}");
                if let Value::Object(theirs) = value {
                    join_members(mine, theirs, &pointer, problems);
                } else {
                    problems
                        .push(format!("{pointer} of a merged document is {}, not an object", kind(&value)));
                }
            }
            Some(_) => problems.push(format!("two merged documents have different #/{}", escape(&key))),
        }
    }
}

/// Joins the members two levels deep: path items by method, components by kind and name.
fn join_members(
    into: &mut Map<String, Value>,
    from: Map<String, Value>,
    pointer: &str,
    problems: &mut Vec<String>,
) {
    for (name, value) in from {
        let pointer = format!("{pointer}/{}", escape(&name));
        match (into.get_mut(&name), value) {
            (None, value) => {
                into.insert(name, value);
            }
            (Some(Value::Object(mine)), Value::Object(theirs)) => {
                for (key, value) in theirs {
                    if mine.get(&key).is_some_and(|mine| *mine != value) {
                        problems
                            .push(format!("two merged documents have different {pointer}/{}", escape(&key)));
                    } else {
                        mine.insert(key, value);
                    }
                }
            }
            (Some(mine), value) if *mine == value => {}
            (Some(_), _) => problems.push(format!("two merged documents have different {pointer}")),
        }
    }
}

/// Adds what is new, by name for tags.
fn join_lists(mine: &mut Vec<Value>, theirs: Value) {
    let Value::Array(theirs) = theirs else { return };
    for item in theirs {
        let same_name = |other: &Value| item.get("name").is_some() && other.get("name") == item.get("name");
        if !mine.iter().any(|other| *other == item || same_name(other)) {
            mine.push(item);
        }
    }
}

/// A member's name as a token of a JSON pointer (RFC 6901).
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
