//! A schema's type in a few words: `string (date-time)`, `array of Item`, `one of 3 variants or null`.

use serde_json::Value;

use super::{
    resolver::{self, Resolver},
    schema::Schema,
};

/// Arrays of arrays of arrays: further down the words stop.
const DEPTH: u8 = 3;

/// The type of a field.
pub(super) fn type_phrase(resolver: Resolver<'_>, schema: &Schema<'_>) -> String {
    let mut words = described(resolver, schema, DEPTH);
    let only_null = schema.get("type").is_some_and(|name| name == "null");
    if schema.is_nullable() && !only_null && !words.ends_with(" or null") {
        words.push_str(" or null");
    }
    words
}

/// The name of the type behind a reference, if that is an object or has several variants.
pub(super) fn type_name(schema: &Schema<'_>) -> Option<String> {
    let reference = schema.reference?;
    let worth_naming =
        schema.has_properties() || schema.has_unions() || schema.map_values().is_some();
    worth_naming.then(|| reference.name())
}

/// Whether every variant is a mere type, so that a phrase describes all of them.
pub(super) fn is_plain_union(resolver: Resolver<'_>, group: &[&Value]) -> bool {
    group.len() <= 4
        && group.iter().all(|variant| {
            let described = variant.get("description").is_some() || variant.get("title").is_some();
            let schema = Schema::read(resolver, variant);
            let scalar = !schema
                .types()
                .iter()
                .any(|name| matches!(*name, "object" | "array"));
            scalar
                && !described
                && !schema.types().is_empty()
                && schema.choices().is_empty()
                && schema.get("pattern").is_none()
                && !schema.has_properties()
                && !schema.has_unions()
        })
}

fn described(resolver: Resolver<'_>, schema: &Schema<'_>, depth: u8) -> String {
    if schema.never {
        return "never present".to_owned();
    }
    if let Some(missing) = schema.dangling {
        return format!("{} (not in this resolver)", resolver::name(missing));
    }
    if let [group] = &schema.unions()[..]
        && is_plain_union(resolver, group)
    {
        let variants = group
            .iter()
            .map(|variant| type_phrase(resolver, &Schema::read(resolver, variant)));
        return variants.collect::<Vec<_>>().join(" or ");
    }
    if let Some(variants) = schema
        .unions()
        .first()
        .map(Vec::len)
        .filter(|_| !schema.has_properties())
    {
        return match type_name(schema) {
            Some(name) => format!("{name} (one of {variants} variants)"),
            None => format!("one of {variants} variants"),
        };
    }
    let types = implied_types(schema);
    if types.is_empty() {
        return "any JSON value".to_owned();
    }
    types
        .iter()
        .map(|name| one_type(resolver, schema, name, depth))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// The declared types, or what the other keywords let one conclude.
pub(super) fn implied_types<'a>(schema: &Schema<'a>) -> Vec<&'a str> {
    let types = schema.types();
    if !types.is_empty() {
        return types;
    }
    let mut chosen: Vec<_> = schema
        .choices()
        .iter()
        .map(|choice| type_of(choice.value))
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    if !chosen.is_empty() {
        return chosen;
    }
    if schema.has_properties()
        || schema.map_values().is_some()
        || !schema.pattern_properties().is_empty()
    {
        return vec!["object"];
    }
    if schema.items().is_some() || !schema.tuple().is_empty() {
        return vec!["array"];
    }
    let null = schema.get("type").is_some_and(|name| name == "null");
    if null { vec!["null"] } else { Vec::new() }
}

fn one_type(resolver: Resolver<'_>, schema: &Schema<'_>, name: &str, depth: u8) -> String {
    match name {
        "array" => array(resolver, schema, depth),
        "object" => object(resolver, schema, depth),
        _ => match schema.text("format") {
            Some(format) => format!("{name} ({format})"),
            None => name.to_owned(),
        },
    }
}

fn array(resolver: Resolver<'_>, schema: &Schema<'_>, depth: u8) -> String {
    if depth == 0 {
        return "array".to_owned();
    }
    let places = schema.tuple();
    if !places.is_empty() {
        let places = places
            .iter()
            .take(4)
            .map(|place| inner(resolver, place, depth))
            .collect::<Vec<_>>();
        let more = if schema.tuple().len() > 4 { ", .." } else { "" };
        return format!("tuple ({}{more})", places.join(", "));
    }
    match schema.items() {
        Some(items) => format!("array of {}", inner(resolver, items, depth)),
        None => "array of any JSON values".to_owned(),
    }
}

fn object(resolver: Resolver<'_>, schema: &Schema<'_>, depth: u8) -> String {
    match (schema.map_values(), type_name(schema)) {
        (Some(values), None) if !schema.has_properties() && depth > 0 => {
            format!("map from string to {}", inner(resolver, values, depth))
        }
        (_, Some(name)) => format!("{name} (object)"),
        _ => "object".to_owned(),
    }
}

/// The words for what an array or a map holds: a name alone where there is one.
fn inner(resolver: Resolver<'_>, value: &Value, depth: u8) -> String {
    let schema = Schema::read(resolver, value);
    let mut words = type_name(&schema).unwrap_or_else(|| described(resolver, &schema, depth - 1));
    if schema.is_nullable() && !words.ends_with(" or null") {
        words.push_str(" or null");
    }
    words
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Resolver, Schema, type_phrase};

    fn say(schema: &Value) -> String {
        let root = json!({"components": {"schemas": {
            "Item": {"type": "object", "properties": {"sku": {"type": "string"}}},
            "Currency": {"type": "string", "enum": ["EUR"]},
        }}});
        type_phrase(
            Resolver::new(&root),
            &Schema::read(Resolver::new(&root), schema),
        )
    }

    #[test]
    fn types_read_as_words() {
        let item = json!({"$ref": "#/components/schemas/Item"});
        for (schema, expected) in [
            (
                json!({"type": "string", "format": "date-time"}),
                "string (date-time)",
            ),
            (json!({"type": ["string", "null"]}), "string or null"),
            (json!({"type": "null"}), "null"),
            (json!({"type": ["string", "integer"]}), "string or integer"),
            (json!({"type": "array", "items": item}), "array of Item"),
            (
                json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}),
                "array of array of integer",
            ),
            (
                json!({"type": "object", "additionalProperties": item}),
                "map from string to Item",
            ),
            (
                json!({"prefixItems": [{"type": "string"}, item]}),
                "tuple (string, Item)",
            ),
            (
                json!({"anyOf": [item, {"type": "null"}]}),
                "Item (object) or null",
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
                "string or integer",
            ),
            (
                json!({"oneOf": [item, {"type": "integer"}]}),
                "one of 2 variants",
            ),
            (json!({"$ref": "#/components/schemas/Currency"}), "string"),
            (
                json!({"$ref": "#/components/schemas/Gone"}),
                "Gone (not in this resolver)",
            ),
            (json!({"const": 1}), "integer"),
            (json!(true), "any JSON value"),
            (json!(false), "never present"),
            (json!(17), "any JSON value"),
        ] {
            assert_eq!(say(&schema), expected, "{schema}");
        }
    }
}
