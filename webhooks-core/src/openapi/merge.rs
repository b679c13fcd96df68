//! Documents that the app already has, joined in JSON: nothing of them is lost, whatever their model was.
//!
//! Equal things are shared. A type that differs gets a new name; what is said of the API or of a tag gives way to what
//! was said before, with a warning; any other two things under one name are an error.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::clash::{new_names, same};
use super::complete::complete;
use super::findings::Findings;
use super::grammar::ObjectKind;
use super::operation_id::OperationIds;
use super::pointer::escape;
use super::upgrade::{is_3_0, upgrade};
use super::version::OpenApiVersion;
use super::{refs, tags};
use crate::method::Method;
use crate::warning::Warning;

/// The members of a document, or what is wrong with it. One of 3.0 is upgraded.
pub(crate) fn read(mut value: Value) -> Result<Map<String, Value>, String> {
    if is_3_0(&value) {
        upgrade(&mut value);
    }
    let Value::Object(members) = value else {
        return Err(format!(
            "# (the document to merge) is {}, not an object",
            kind(&value)
        ));
    };
    check_version(&members)?;
    check_shape(&members)?;
    Ok(members)
}

fn check_version(members: &Map<String, Value>) -> Result<(), String> {
    match members.get("openapi") {
        Some(Value::String(version)) if OpenApiVersion::of(version).is_some() => Ok(()),
        Some(version) => Err(format!(
            "#/openapi of the document to merge is `{}`; documents of 3.0, 3.1 and 3.2 can be merged",
            version
                .as_str()
                .map_or_else(|| version.to_string(), str::to_owned)
        )),
        None if members.contains_key("swagger") => Err(
            "the document to merge is Swagger 2.0 (#/swagger); convert it to OpenAPI 3 first"
                .to_owned(),
        ),
        None => Err(
            "the document to merge has no #/openapi, so it is not an OpenAPI document".to_owned(),
        ),
    }
}

/// What is taken apart must be what it is called; everything else may be anything.
fn check_shape(members: &Map<String, Value>) -> Result<(), String> {
    let is_kind = |pointer: &str, value: &Value, list: bool| match (list, value) {
        (true, Value::Array(_)) | (false, Value::Object(_)) => Ok(()),
        (true, _) => Err(format!(
            "{pointer} of the document to merge is {}, not a list",
            kind(value)
        )),
        (false, _) => Err(format!(
            "{pointer} of the document to merge is {}, not an object",
            kind(value)
        )),
    };
    for (member, list) in [
        ("info", false),
        ("paths", false),
        ("webhooks", false),
        ("components", false),
        ("tags", true),
        ("servers", true),
        ("security", true),
    ] {
        members
            .get(member)
            .map_or(Ok(()), |value| is_kind(&format!("#/{member}"), value, list))?;
    }
    for member in ["paths", "webhooks", "components"] {
        let inner = members
            .get(member)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        inner
            .filter(|(name, _)| !name.starts_with("x-"))
            .try_for_each(|(name, value)| {
                is_kind(&format!("#/{member}/{}", escape(name)), value, false)
            })?;
    }
    Ok(())
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

/// Joins `from` into `into`; problems and warnings name the place as a JSON pointer.
pub(crate) fn join(
    into: &mut Map<String, Value>,
    mut from: Map<String, Value>,
    found: &mut Findings,
) {
    if into.is_empty() {
        *into = from;
        return;
    }
    rename_types(into, &mut from, &mut found.warnings);
    check_operation_ids(into, &from, &mut found.problems);
    if into.get("security") != from.get("security") {
        // A rule for the whole document is one for its own operations; the other document's have another.
        for document in [&mut *into, &mut from] {
            push_down_security(document);
        }
    }
    for (key, theirs) in from {
        match into.get_mut(&key) {
            Some(mine) if *mine == theirs => {}
            Some(mine) => join_member(&key, mine, theirs, found),
            None => {
                into.insert(key, theirs);
            }
        }
    }
}

/// Joins a member of the document that both have and that differs.
fn join_member(key: &str, mine: &mut Value, theirs: Value, found: &mut Findings) {
    match (key, mine, theirs) {
        // The newer version allows what the older does.
        ("openapi", mine, theirs) => newer(mine, theirs),
        ("info", Value::Object(mine), Value::Object(theirs)) => {
            let ignored = &["title", "version"];
            complete(mine, theirs, "#/info", ignored, &mut found.warnings);
        }
        ("externalDocs", ..) => {
            found.warnings.push(Warning::Overridden {
                pointer: "#/externalDocs".to_owned(),
            });
        }
        ("tags", Value::Array(mine), Value::Array(theirs)) => {
            tags::join(mine, theirs, &mut found.warnings);
        }
        ("servers", Value::Array(mine), Value::Array(theirs)) => {
            let is_new = |server: &Value| !mine.contains(server);
            let new: Vec<_> = theirs.into_iter().filter(is_new).collect();
            mine.extend(new);
        }
        ("paths" | "webhooks" | "components", Value::Object(mine), Value::Object(theirs)) => {
            join_members(mine, theirs, &format!("#/{key}"), &mut found.problems);
        }
        _ => found.problems.push(format!(
            "two merged documents have different #/{}",
            escape(key)
        )),
    }
}

fn newer(mine: &mut Value, theirs: Value) {
    let version = |value: &Value| value.as_str().and_then(OpenApiVersion::of);
    if version(&theirs) > version(mine) {
        *mine = theirs;
    }
}

/// A type of the later document that differs from one of its name gets a new name.
fn rename_types(
    into: &Map<String, Value>,
    from: &mut Map<String, Value>,
    warnings: &mut Vec<Warning>,
) {
    let (Some(mine), Some(theirs)) = (schemas(into), schemas(from)) else {
        return;
    };
    let theirs: BTreeMap<&str, &Value> = theirs
        .iter()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    // Nothing of either is lost, so also their texts must be equal.
    let (names, clashes) = new_names(&theirs, mine, same);
    if names.is_empty() {
        return;
    }
    warnings.extend(clashes.iter().map(|name| Warning::SchemaRenamed {
        from: name.clone(),
        to: names[name].clone(),
    }));
    let mut whole = Value::Object(std::mem::take(from));
    refs::rename(&mut whole, ObjectKind::Document, &names);
    if let Some(Value::Object(schemas)) = whole.pointer_mut("/components/schemas") {
        rename_keys(schemas, &names);
    }
    if let Value::Object(members) = whole {
        *from = members;
    }
}

fn schemas(document: &Map<String, Value>) -> Option<&Map<String, Value>> {
    document.get("components")?.get("schemas")?.as_object()
}

fn rename_keys(schemas: &mut Map<String, Value>, names: &HashMap<String, String>) {
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| (names.get(&name).cloned().unwrap_or(name), schema))
        .collect();
}

/// Twice inside of one foreign document is that document's business.
fn check_operation_ids(
    into: &Map<String, Value>,
    from: &Map<String, Value>,
    problems: &mut Vec<String>,
) {
    let mut ids = OperationIds::default();
    for (id, pointer) in operation_ids(into) {
        let _ = ids.take(id, || pointer);
    }
    for (id, pointer) in operation_ids(from) {
        if let Some(first) = ids.owner(id).filter(|first| *first != pointer) {
            problems.push(format!(
                "{first} and {pointer} of two merged documents have the same operation id `{id}`: rename one of them"
            ));
        }
    }
}

/// Every operation id with its pointer.
pub(crate) fn operation_ids(document: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    ["paths", "webhooks"].into_iter().flat_map(move |member| {
        let items = document
            .get(member)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        items.flat_map(move |(name, item)| {
            Method::ALL.into_iter().filter_map(move |method| {
                let id = item.get(method.key())?.get("operationId")?.as_str()?;
                Some((id, format!("#/{member}/{}/{}", escape(name), method.key())))
            })
        })
    })
}

/// Says for each operation what the document said for all.
pub(crate) fn push_down_security(document: &mut Map<String, Value>) {
    let Some(security) = document.shift_remove("security") else {
        return;
    };
    for member in ["paths", "webhooks"] {
        let items = document
            .get_mut(member)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten();
        for (_, item) in items {
            for method in Method::ALL {
                let operation = item.get_mut(method.key()).and_then(Value::as_object_mut);
                if let Some(operation) =
                    operation.filter(|operation| !operation.contains_key("security"))
                {
                    operation.insert("security".to_owned(), security.clone());
                }
            }
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
                        problems.push(format!(
                            "two merged documents have different {pointer}/{}",
                            escape(&key)
                        ));
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
