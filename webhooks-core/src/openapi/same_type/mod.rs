//! Whether two schemas, written by two derives, describe one Rust type: then a document needs only one of them.
//!
//! The first is what a webhook sends, the second is in a document that the app already has and is the one that
//! stays. So the second must allow what the first does, and a receiver who reads only the second must lose nothing:
//! texts and examples may differ, what is allowed may not. Two forms count as equal only where derives are known to write
//! one thing in two ways; each such case has its reason in the code below. Everything else makes two types, which is never
//! wrong, only longer.

mod normal;

use serde_json::{Map, Value};

use normal::{is_null, normal};

/// Whether the schema `theirs` can stand for `ours`.
pub(crate) fn is_same_type(ours: &Value, theirs: &Value) -> bool {
    agree(&normal(ours), &normal(theirs))
}

/// Whether two simple schemas mean the same.
fn agree(ours: &Value, theirs: &Value) -> bool {
    let (Value::Object(ours), Value::Object(theirs)) = (ours, theirs) else {
        return ours == theirs;
    };
    let of_them_alone = theirs.keys().filter(|keyword| !ours.contains_key(*keyword));
    ours.keys().chain(of_them_alone).all(|keyword| {
        match (keyword.as_str(), ours.get(keyword), theirs.get(keyword)) {
            ("required", ..) => same_presence(ours, theirs),
            ("minimum" | "maximum", one, other) => same_bound(keyword, one, other, ours),
            // The width of a number is for who stores it; JSON knows none.
            ("format", ..) if is_number(ours) && is_number(theirs) => true,
            ("items" | "additionalProperties", Some(ours), Some(theirs)) => agree(ours, theirs),
            ("properties", Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
                ours.len() == theirs.len()
                    && ours.iter().all(|(name, ours)| {
                        theirs.get(name).is_some_and(|theirs| agree(ours, theirs))
                    })
            }
            (
                "allOf" | "anyOf" | "oneOf" | "prefixItems",
                Some(Value::Array(ours)),
                Some(Value::Array(theirs)),
            ) => {
                ours.len() == theirs.len()
                    && ours
                        .iter()
                        .zip(theirs)
                        .all(|(ours, theirs)| agree(ours, theirs))
            }
            (_, ours, theirs) => ours == theirs,
        }
    })
}

fn is_number(schema: &Map<String, Value>) -> bool {
    schema
        .get("type")
        .is_some_and(|kind| kind == "integer" || kind == "number")
}

/// An `Option` is always written, as null; derives that think of reading do not require it. No reader who expects
/// null misses it. Any other property that one of the two requires is a promise.
fn same_presence(ours: &Map<String, Value>, theirs: &Map<String, Value>) -> bool {
    let names = |schema: &Map<String, Value>| -> Vec<Value> {
        schema
            .get("required")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (required, by_them) = (names(ours), names(theirs));
    let may_be_null = |name: &Value| {
        let property = name
            .as_str()
            .and_then(|name| ours.get("properties")?.get(name));
        let branches = property.and_then(|property| property.get("anyOf")?.as_array());
        branches.is_some_and(|branches| branches.iter().any(is_null))
    };
    by_them.iter().all(|name| required.contains(name))
        && required
            .iter()
            .all(|name| by_them.contains(name) || may_be_null(name))
}

/// A bound that only one of the two has must be that of the integer type itself.
fn same_bound(
    keyword: &str,
    one: Option<&Value>,
    other: Option<&Value>,
    ours: &Map<String, Value>,
) -> bool {
    if let (Some(one), Some(other)) = (one, other) {
        return one.as_f64() == other.as_f64();
    }
    let (least, most) = limits(
        ours.get("format")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );
    let limit = if keyword == "minimum" { least } else { most };
    limit.is_some() && one.or(other).and_then(Value::as_i64) == limit
}

/// The limits that schemars writes for integers; those of wider types it leaves to the format.
fn limits(format: &str) -> (Option<i64>, Option<i64>) {
    match format {
        "int8" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "int16" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "uint8" => (Some(0), Some(u8::MAX.into())),
        "uint16" => (Some(0), Some(u16::MAX.into())),
        "uint32" | "uint64" | "uint" | "uint128" => (Some(0), None),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assert_same(pairs: &[(Value, Value)]) {
        for (ours, theirs) in pairs {
            assert!(
                is_same_type(ours, theirs),
                "{ours} and {theirs}: {} {}",
                normal(ours),
                normal(theirs)
            );
        }
    }

    fn assert_different(pairs: &[(Value, Value)]) {
        for (ours, theirs) in pairs {
            assert!(!is_same_type(ours, theirs), "{ours} and {theirs}");
        }
    }

    #[test]
    fn texts_examples_and_what_allows_everything_make_no_difference() {
        assert_same(&[
            (
                json!({ "type": "string", "title": "A", "description": "a", "$schema": "s", "examples": ["x"] }),
                json!({ "type": "string", "example": "y", "default": "", "deprecated": true, "x-a": 1 }),
            ),
            (
                json!({ "items": true }),
                json!({ "items": {}, "uniqueItems": false, "minItems": 0 }),
            ),
            (
                json!({ "additionalProperties": { "type": "string" } }),
                json!({ "additionalProperties": { "type": "string" }, "propertyNames": { "type": "string" } }),
            ),
            (
                json!({ "type": ["string"], "required": [] }),
                json!({ "type": "string" }),
            ),
            (
                json!({ "required": ["a", "b"] }),
                json!({ "required": ["b", "a"] }),
            ),
        ]);
    }

    #[test]
    fn an_option_is_one_in_either_style() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let nothing = json!({ "type": "null" });
        assert_same(&[
            (
                json!({ "anyOf": [reference, nothing] }),
                json!({ "oneOf": [nothing, reference] }),
            ),
            (
                json!({ "type": ["string", "null"], "format": "date" }),
                json!({ "oneOf": [{ "type": "null" }, { "type": "string", "format": "date" }] }),
            ),
            (
                json!({ "type": ["null", "string"] }),
                json!({ "type": ["string", "null"], "title": "a" }),
            ),
        ]);
        assert_different(&[
            (json!({ "anyOf": [reference, nothing] }), reference.clone()),
            (
                json!({ "type": ["string", "null"] }),
                json!({ "type": "string" }),
            ),
            (
                json!({ "anyOf": [{ "type": "string" }, reference] }),
                json!({ "oneOf": [{ "type": "string" }, reference] }),
            ),
        ]);
    }

    #[test]
    fn the_width_of_a_number_makes_no_difference_and_a_limit_of_its_own_does() {
        let integer = |format: &str, rest: Value| {
            let mut schema = json!({ "type": "integer", "format": format });
            schema
                .as_object_mut()
                .expect("an object")
                .extend(rest.as_object().expect("members").clone());
            schema
        };
        assert_same(&[
            (
                integer("uint8", json!({ "minimum": 0, "maximum": 255 })),
                integer("int32", json!({ "minimum": 0 })),
            ),
            (
                integer("int16", json!({ "minimum": -32768, "maximum": 32767 })),
                integer("int32", json!({})),
            ),
            (
                integer("uint64", json!({ "minimum": 0 })),
                json!({ "type": "integer" }),
            ),
            (
                integer("uint64", json!({ "minimum": 1 })),
                integer("int64", json!({ "minimum": 1.0 })),
            ),
            (
                json!({ "type": "number", "format": "double" }),
                json!({ "type": "number" }),
            ),
        ]);
        assert_different(&[
            (
                integer("uint8", json!({ "minimum": 0, "maximum": 9 })),
                integer("int32", json!({ "minimum": 0 })),
            ),
            (
                integer("uint32", json!({ "minimum": 1 })),
                integer("int32", json!({})),
            ),
            (
                integer("int64", json!({})),
                integer("int64", json!({ "minimum": 0 })),
            ),
            (json!({ "type": "integer" }), json!({ "type": "number" })),
            (
                json!({ "type": "string", "format": "uuid" }),
                json!({ "type": "string" }),
            ),
            (
                json!({ "type": "string", "maxLength": 3 }),
                json!({ "type": "string" }),
            ),
        ]);
    }

    #[test]
    fn values_are_the_same_one_by_one_or_in_a_list() {
        let listed = json!({ "type": "string", "enum": ["a", "b"] });
        assert_same(&[
            (
                json!({ "oneOf": [{ "type": "string", "const": "b", "description": "B" }, { "type": "string", "const": "a" }] }),
                listed.clone(),
            ),
            (
                json!({ "type": "string", "const": "a" }),
                json!({ "enum": ["a"] }),
            ),
        ]);
        assert_different(&[
            (json!({ "type": "string", "enum": ["a"] }), listed.clone()),
            (
                json!({ "oneOf": [{ "const": "a" }, { "type": "string" }] }),
                listed,
            ),
            (
                json!({ "oneOf": [{ "const": "a" }, { "const": "a" }] }),
                json!({ "enum": ["a"] }),
            ),
            (
                json!({ "oneOf": [{ "type": "string" }, { "type": "null" }], "anyOf": [{ "minLength": 1 }, { "const": 1 }] }),
                json!({ "anyOf": [{ "minLength": 1 }, { "const": 1 }] }),
            ),
        ]);
    }

    #[test]
    fn a_property_that_can_be_null_need_not_be_required_and_any_other_must_be() {
        let object = |required: &[&str]| {
            json!({
                "type": "object", "required": required,
                "properties": { "name": { "type": "string" }, "note": { "type": ["string", "null"] } },
            })
        };
        assert_same(&[(object(&["name", "note"]), object(&["name"]))]);
        assert_different(&[
            (object(&["name", "note"]), object(&["note"])),
            (object(&["name"]), object(&["name", "note"])),
            (
                object(&["name"]),
                json!({ "type": "object", "required": ["name"] }),
            ),
        ]);
    }

    #[test]
    fn what_stands_beside_a_reference_holds_as_in_all_of() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let tag =
            json!({ "type": "object", "properties": { "t": { "const": "a" } }, "required": ["t"] });
        let mut tagged = tag.clone();
        tagged["$ref"] = reference["$ref"].clone();
        assert_same(&[
            (
                tagged.clone(),
                json!({ "allOf": [reference, tag], "description": "d" }),
            ),
            (json!({ "allOf": [reference] }), reference.clone()),
            (
                json!({ "$ref": "#/components/schemas/A", "description": "d" }),
                reference.clone(),
            ),
        ]);
        assert_different(&[
            (tagged, reference.clone()),
            (reference, json!({ "$ref": "#/components/schemas/B" })),
        ]);
    }

    #[test]
    fn a_property_with_the_name_of_a_keyword_is_a_property() {
        for name in [
            "required", "minimum", "format", "title", "$ref", "const", "x-a",
        ] {
            let with = |schema: Value| json!({ "type": "object", "properties": { name: schema } });
            let string = json!({ "type": "string" });
            assert_same(&[(with(string.clone()), with(string.clone()))]);
            assert_different(&[
                (with(string.clone()), with(json!({ "type": "boolean" }))),
                (with(string), json!({ "type": "object", "properties": {} })),
            ]);
        }
    }
}
