//! A schema of JSON Schema 2020-12 in the words of OpenAPI 3.0: one function for each group of keywords.

use serde_json::{Map, Value, json};

use super::losses::Losses;
use crate::openapi::upgrade::is_annotation;

/// Keywords that 3.0 knows and that mean the same there.
const KEPT: [&str; 31] = [
    "$ref",
    "title",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
    "not",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "properties",
    "additionalProperties",
    "description",
    "format",
    "default",
    "nullable",
    "discriminator",
    "example",
];

/// Keywords that say how to read or show, without allowing or refusing anything.
const REMARKS: [&str; 2] = ["$comment", "$schema"];

/// How the place of a property ends that is called like the keyword.
const PROPERTY: &str = "/properties/additionalProperties";

/// Rewrites one schema whose inner schemas are done.
pub(super) fn rewrite(value: &mut Value, pointer: &str, losses: &mut Losses) {
    match value {
        // The one place where 3.0 has boolean schemas.
        Value::Bool(_)
            if pointer.ends_with("/additionalProperties") && !pointer.ends_with(PROPERTY) => {}
        Value::Bool(true) => *value = json!({}),
        Value::Bool(false) => *value = json!({ "not": {} }),
        Value::Object(members) => {
            constant(members);
            null_branch(members);
            types(members);
            exclusive(members, "minimum", "exclusiveMinimum", |limit, other| {
                other > limit
            });
            exclusive(members, "maximum", "exclusiveMaximum", |limit, other| {
                other < limit
            });
            content(members);
            tuple(members, pointer, losses);
            patterns(members, pointer, losses);
            examples(members, pointer, losses);
            beside_reference(members);
            unknown(members, pointer, losses);
        }
        _ => {}
    }
}

fn constant(members: &mut Map<String, Value>) {
    if let Some(constant) = members.shift_remove("const")
        && members
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.contains(&constant))
    {
        members.insert("enum".to_owned(), json!([constant]));
    }
}

/// `{type: null}` as one of several branches is `nullable`.
fn null_branch(members: &mut Map<String, Value>) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = members.get_mut(keyword) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before || branches.is_empty() {
            continue;
        }
        members.insert("nullable".to_owned(), json!(true));
        let Some(Value::Array(branches)) = members.get_mut(keyword) else {
            continue;
        };
        if branches.len() > 1 {
            continue;
        }
        let only = branches.remove(0);
        members.shift_remove(keyword);
        inside(members, only);
    }
}

/// What a schema that allows null only has become.
fn is_null(branch: &Value) -> bool {
    branch["enum"] == json!([null])
        && branch.as_object().is_some_and(|members| {
            members
                .keys()
                .all(|key| key == "enum" || key == "nullable" || is_annotation(key))
        })
}

/// Puts the only branch that is left into the schema around it, where that changes nothing.
fn inside(members: &mut Map<String, Value>, only: Value) {
    match only {
        Value::Object(only)
            if !only.contains_key("$ref")
                && members
                    .keys()
                    .all(|key| key == "nullable" || is_annotation(key))
                && !only.keys().any(|key| members.contains_key(key)) =>
        {
            members.extend(only);
        }
        only => match members.get_mut("allOf") {
            Some(Value::Array(all)) => all.push(only),
            _ => {
                members.insert("allOf".to_owned(), json!([only]));
            }
        },
    }
}

fn types(members: &mut Map<String, Value>) {
    let mut names = match members.get_mut("type") {
        Some(Value::Array(names)) => std::mem::take(names),
        Some(Value::String(name)) if name == "null" => vec![json!("null")],
        _ => return,
    };
    let count = names.len();
    names.retain(|name| name != "null");
    let nullable = names.len() < count;
    members.shift_remove("type");
    match names.as_slice() {
        [] if nullable => {
            members.insert("enum".to_owned(), json!([null]));
        }
        [] => {}
        [name] => {
            members.insert("type".to_owned(), name.clone());
        }
        names => {
            let branches: Vec<Value> = names.iter().map(|name| one_type(name, nullable)).collect();
            inside(members, json!({ "anyOf": branches }));
            return;
        }
    }
    if nullable {
        members.insert("nullable".to_owned(), json!(true));
    }
}

/// In 3.0 `nullable` belongs to a type, and a list says what its items are.
fn one_type(name: &Value, nullable: bool) -> Value {
    let mut branch = Map::from_iter([("type".to_owned(), name.clone())]);
    if name == "array" {
        branch.insert("items".to_owned(), json!({}));
    }
    if nullable {
        branch.insert("nullable".to_owned(), json!(true));
    }
    Value::Object(branch)
}

/// Two limits become the stricter one, with the flag of draft 4.
fn exclusive(
    members: &mut Map<String, Value>,
    limit: &str,
    flag: &str,
    stricter: fn(f64, f64) -> bool,
) {
    let Some(excluded) = members.get(flag).filter(|value| value.is_number()).cloned() else {
        return;
    };
    members.shift_remove(flag);
    let other = members.get(limit).and_then(Value::as_f64);
    if other
        .zip(excluded.as_f64())
        .is_some_and(|(other, excluded)| stricter(excluded, other))
    {
        return;
    }
    members.insert(limit.to_owned(), excluded);
    members.insert(flag.to_owned(), json!(true));
}

fn content(members: &mut Map<String, Value>) {
    if members.contains_key("format") {
        return;
    }
    let is = |key: &str, value: &str| members.get(key).and_then(Value::as_str) == Some(value);
    let (keyword, format) =
        if is("contentEncoding", "base64") && !members.contains_key("contentMediaType") {
            ("contentEncoding", "byte")
        } else if is("contentMediaType", "application/octet-stream")
            && !members.contains_key("contentEncoding")
        {
            ("contentMediaType", "binary")
        } else {
            return;
        };
    members.shift_remove(keyword);
    members.insert("format".to_owned(), json!(format));
}

/// A list whose items differ by place becomes one whose items are any of them.
fn tuple(members: &mut Map<String, Value>, pointer: &str, losses: &mut Losses) {
    if let Some(Value::Array(mut places)) = members.shift_remove("prefixItems") {
        losses.add_member(
            pointer,
            "prefixItems",
            "3.0 cannot say which item stands where",
        );
        let count = places.len();
        match members.shift_remove("items") {
            Some(rest) if rest == json!({ "not": {} }) => {
                let most = members.get("maxItems").and_then(Value::as_u64);
                members.insert(
                    "maxItems".to_owned(),
                    json!(most.map_or(count as u64, |most| most.min(count as u64))),
                );
            }
            Some(rest) => places.push(rest),
            // As many items as there are places are all that can be there.
            None if members
                .get("maxItems")
                .and_then(Value::as_u64)
                .is_some_and(|most| most <= count as u64) => {}
            None => places = vec![json!({})],
        }
        places.dedup();
        let items = if places.len() == 1 {
            places.remove(0)
        } else {
            json!({ "anyOf": places })
        };
        members.insert("items".to_owned(), items);
    }
    if members.get("type").is_some_and(|name| name == "array") && !members.contains_key("items") {
        members.insert("items".to_owned(), json!({}));
    }
}

fn patterns(members: &mut Map<String, Value>, pointer: &str, losses: &mut Losses) {
    let Some(Value::Object(patterns)) = members.shift_remove("patternProperties") else {
        return;
    };
    losses.add_member(
        pointer,
        "patternProperties",
        "3.0 has no patterns for the names of properties",
    );
    let mut allowed: Vec<Value> = patterns.into_iter().map(|(_, schema)| schema).collect();
    match members.shift_remove("additionalProperties") {
        Some(Value::Bool(false)) => {}
        // Anything was allowed under names that match no pattern.
        None | Some(Value::Bool(true)) => return,
        Some(rest) => allowed.push(rest),
    }
    allowed.dedup();
    let additional = if allowed.len() == 1 {
        allowed.remove(0)
    } else {
        json!({ "anyOf": allowed })
    };
    members.insert("additionalProperties".to_owned(), additional);
}

fn examples(members: &mut Map<String, Value>, pointer: &str, losses: &mut Losses) {
    let Some(examples) = members.shift_remove("examples") else {
        return;
    };
    let Value::Array(mut examples) = examples else {
        losses.add_member(pointer, "examples", "examples of a schema are a list");
        return;
    };
    if examples.len() > 1 || (members.contains_key("example") && !examples.is_empty()) {
        losses.add_member(
            pointer,
            "examples",
            "3.0 has one example, the first is kept",
        );
    }
    if !examples.is_empty() && !members.contains_key("example") {
        members.insert("example".to_owned(), examples.swap_remove(0));
    }
}

/// 3.0 ignores what is next to a `$ref`, so the reference moves into `allOf`.
fn beside_reference(members: &mut Map<String, Value>) {
    if members.len() > 1
        && let Some(reference) = members.shift_remove("$ref")
    {
        let reference = json!({ "$ref": reference });
        match members.get_mut("allOf") {
            Some(Value::Array(all)) => all.insert(0, reference),
            _ => {
                members.insert("allOf".to_owned(), json!([reference]));
            }
        }
    }
}

fn unknown(members: &mut Map<String, Value>, pointer: &str, losses: &mut Losses) {
    members.retain(|keyword, _| {
        let kept = KEPT.contains(&keyword.as_str()) || is_annotation(keyword);
        if !kept && !REMARKS.contains(&keyword.as_str()) {
            losses.add_member(pointer, keyword, "3.0 has no such keyword");
        }
        kept
    });
}
