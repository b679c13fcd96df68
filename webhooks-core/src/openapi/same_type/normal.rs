//! A schema with each of its meanings written in one way, so that two can be compared.
//!
//! What allows and refuses nothing is gone; all else is still there in some form.

use serde_json::{Map, Value, json};

use crate::openapi::grammar::{self, ObjectKind};
use crate::openapi::upgrade::is_annotation;

/// A schema without what allows and refuses nothing, each of its meanings written in one way.
pub(super) fn normal(schema: &Value) -> Value {
    let mut schema = schema.clone();
    grammar::each_mut(
        &mut schema,
        ObjectKind::Schema,
        &mut String::new(),
        &mut |_, schema, _| simplify(schema),
    );
    schema
}

/// One schema, whose inner schemas are simple already.
fn simplify(schema: &mut Value) {
    if *schema == Value::Bool(true) {
        *schema = json!({});
    }
    let Value::Object(members) = schema else {
        return;
    };
    members.retain(|keyword, value| !is_annotation(keyword) && !says_nothing(keyword, value));
    if let Some(value) = members.shift_remove("const") {
        members.insert("enum".to_owned(), json!([value]));
    }
    for keyword in ["enum", "required", "type"] {
        sort(members, keyword);
    }
    drop_implied_type(members);
    join_values(members);
    split_null(members);
    null_last(members);
    if let Some(only) = combine(members) {
        *schema = only;
    }
}

fn says_nothing(keyword: &str, value: &Value) -> bool {
    match keyword {
        "$schema" | "$comment" => true,
        "additionalProperties" | "items" | "unevaluatedProperties" | "unevaluatedItems" => {
            *value == json!({})
        }
        // The names of properties are strings in any case.
        "propertyNames" => *value == json!({}) || *value == json!({ "type": "string" }),
        "required" => *value == json!([]),
        "uniqueItems" => *value == Value::Bool(false),
        "minItems" | "minLength" | "minProperties" => value.as_u64() == Some(0),
        _ => false,
    }
}

/// The order of these lists means nothing.
fn sort(members: &mut Map<String, Value>, keyword: &str) {
    if let Some(Value::Array(items)) = members.get_mut(keyword) {
        items.sort_by_cached_key(Value::to_string);
    }
}

/// With a list of the values themselves, their type says nothing more.
fn drop_implied_type(members: &mut Map<String, Value>) {
    let (Some(kind), Some(Value::Array(values))) = (members.get("type"), members.get("enum"))
    else {
        return;
    };
    let is_named = |name: &str| match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == name),
        kind => kind == name,
    };
    if values.iter().all(|value| is_named(json_type(value))) {
        members.shift_remove("type");
    }
}

/// Numbers have none here, because `integer` and `number` overlap.
fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::String(_) => "string",
        Value::Number(_) => "",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Variants that are single values are the list of them: schemars writes them one by one where each has a text.
fn join_values(members: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = members.get("oneOf") else {
        return;
    };
    let mut all: Vec<Value> = Vec::new();
    for branch in branches {
        let values = branch.get("enum").and_then(Value::as_array);
        let only = branch.as_object().is_some_and(|branch| branch.len() == 1);
        match values {
            Some(values) if only && !values.iter().any(|value| all.contains(value)) => {
                all.extend(values.iter().cloned());
            }
            _ => return,
        }
    }
    if !members.contains_key("enum") {
        members.shift_remove("oneOf");
        members.insert("enum".to_owned(), Value::Array(all));
        sort(members, "enum");
    }
}

/// `type: [string, null]` is `anyOf` of the two.
fn split_null(members: &mut Map<String, Value>) {
    let null = Value::from("null");
    let is_combined = ["$ref", "allOf", "anyOf", "oneOf", "not", "enum", "if"];
    if is_combined
        .iter()
        .any(|keyword| members.contains_key(*keyword))
    {
        return;
    }
    let Some(Value::Array(kinds)) = members.get_mut("type") else {
        return;
    };
    let had_null = kinds.len() > 1 && kinds.contains(&null);
    kinds.retain(|kind| !had_null || *kind != null);
    if let [only] = kinds.as_slice() {
        let only = only.clone();
        members.insert("type".to_owned(), only);
    }
    if had_null {
        let rest = Value::Object(std::mem::take(members));
        members.insert("anyOf".to_owned(), json!([rest, { "type": "null" }]));
    }
}

/// Null and one other branch: utoipa writes `oneOf`, schemars `anyOf`, and both mean that there may be nothing.
fn null_last(members: &mut Map<String, Value>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = members.get_mut(keyword) else {
            continue;
        };
        if branches.len() == 2 && branches.iter().filter(|branch| is_null(branch)).count() == 1 {
            branches.sort_by_key(is_null);
            if keyword == "oneOf"
                && !members.contains_key("anyOf")
                && let Some(branches) = members.shift_remove(keyword)
            {
                members.insert("anyOf".to_owned(), branches);
            }
        }
    }
}

pub(super) fn is_null(schema: &Value) -> bool {
    *schema == json!({ "type": "null" })
}

/// What is next to a `$ref` holds as well, as in `allOf`; and `allOf` of one is that one.
fn combine(members: &mut Map<String, Value>) -> Option<Value> {
    if members.len() > 1
        && !members.contains_key("allOf")
        && let Some(reference) = members.shift_remove("$ref")
    {
        let rest = Value::Object(std::mem::take(members));
        members.insert("allOf".to_owned(), json!([{ "$ref": reference }, rest]));
    }
    let is_alone = members.len() == 1;
    let branches = members.get_mut("allOf")?.as_array_mut()?;
    if is_alone && branches.len() == 1 {
        branches.pop()
    } else {
        None
    }
}
