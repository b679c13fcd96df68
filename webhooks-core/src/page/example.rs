//! An example value made from a schema: always the same, honouring what the resolver gives as example,
//! constant, default, allowed value, format and bounds.
//!
//! It cannot honour a `pattern`; where one matters the resolver gives an example.

use serde_json::{Map, Value, json};

use super::{
    resolver::{Resolver, TypeRef},
    schema::Schema,
    type_phrase::implied_types,
};

/// An example longer than this explains nothing: only required properties follow.
const VALUES: usize = 150;
/// Past this even required ones are left out.
const VALUES_AT_MOST: usize = 400;
const DEPTH: usize = 24;

/// An example of the value that a schema describes, and the effort that it took.
pub(super) fn example<'a>(resolver: Resolver<'a>, schema: &'a Value) -> (Value, usize) {
    let mut sample = Sample {
        resolver,
        entered: Vec::new(),
        values: 0,
        depth: 0,
        effort: 0,
    };
    let value = sample.value(schema).unwrap_or(Value::Null);
    (value, sample.effort)
}

struct Sample<'a> {
    resolver: Resolver<'a>,
    entered: Vec<TypeRef<'a>>,
    values: usize,
    depth: usize,
    effort: usize,
}

impl<'a> Sample<'a> {
    /// `None` where the schema leads back into itself, or the example has become too long.
    fn value(&mut self, value: &'a Value) -> Option<Value> {
        let schema = Schema::read(self.resolver, value);
        self.values += 1;
        self.effort += 1 + schema.width();
        if self.values > VALUES_AT_MOST
            || self.depth >= DEPTH
            || schema.never
            || schema
                .followed
                .iter()
                .any(|reference| self.entered.contains(reference))
        {
            return None;
        }
        if let Some(given) = given(&schema) {
            return Some(given.clone());
        }
        let entered = self.entered.len();
        self.entered.extend(&schema.followed);
        self.depth += 1;
        let made = self.made(&schema);
        self.depth -= 1;
        self.entered.truncate(entered);
        made.or_else(|| schema.is_nullable().then_some(Value::Null))
    }

    fn made(&mut self, schema: &Schema<'a>) -> Option<Value> {
        let mut value = match implied_types(schema).first().copied() {
            Some("object") => Some(self.object(schema)?),
            Some("array") => Some(self.array(schema)),
            Some("string") => Some(string(schema)),
            Some("integer") => Some(number(schema, json!(1))),
            Some("number") => Some(number(schema, json!(1.5))),
            Some("boolean") => Some(json!(true)),
            _ => None,
        };
        for group in schema.unions() {
            let variant = group.into_iter().find_map(|variant| self.value(variant))?;
            match (&mut value, variant) {
                (Some(Value::Object(whole)), Value::Object(part)) => whole.extend(part),
                (_, variant) => value = Some(variant),
            }
        }
        value.or_else(|| {
            schema.dangling.is_none().then(|| {
                if schema.is_nullable() {
                    Value::Null
                } else {
                    json!({})
                }
            })
        })
    }

    fn object(&mut self, schema: &Schema<'a>) -> Option<Value> {
        let mut object = Map::new();
        let names = schema.required();
        for (name, property) in schema.properties() {
            let required = names.contains(name);
            if !required && self.values >= VALUES {
                continue;
            }
            match self.value(property) {
                Some(value) => {
                    object.insert(name.to_owned(), value);
                }
                // A required property that leads back here: an outer optional or list ends the circle
                // instead.
                None if required && self.values <= VALUES_AT_MOST => return None,
                None => {}
            }
        }
        if let Some(value) = schema
            .map_values()
            .filter(|_| object.is_empty())
            .and_then(|values| self.value(values))
        {
            object.insert("key".to_owned(), value);
        }
        Some(Value::Object(object))
    }

    fn array(&mut self, schema: &Schema<'a>) -> Value {
        let tuple = schema.tuple();
        if !tuple.is_empty() {
            return tuple
                .iter()
                .map(|place| self.value(place).unwrap_or(Value::Null))
                .collect();
        }
        let item = schema.items().and_then(|items| self.value(items));
        let count = schema
            .get("minItems")
            .and_then(Value::as_u64)
            .unwrap_or(1)
            .clamp(1, 3);
        let count = schema
            .get("maxItems")
            .and_then(Value::as_u64)
            .map_or(count, |most| count.min(most));
        item.into_iter()
            .cycle()
            .take(usize::try_from(count).unwrap_or(1))
            .collect()
    }
}

/// What the resolver itself offers as a value.
fn given<'a>(schema: &Schema<'a>) -> Option<&'a Value> {
    let examples = schema.get("examples").and_then(|examples| examples.get(0));
    let default = schema.get("default").filter(|value| !value.is_null());
    let chosen = || schema.choices().first().map(|choice| choice.value);
    examples
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("const"))
        .or(default)
        .or_else(chosen)
}

fn string(schema: &Schema<'_>) -> Value {
    let text = match schema.text("format").unwrap_or_default() {
        "date-time" => "2026-01-31T09:30:00Z",
        "partial-date-time" => "2026-01-31T09:30:00",
        "date" => "2026-01-31",
        "time" | "partial-time" => "09:30:00",
        "duration" => "PT15M",
        "email" | "idn-email" => "ada@example.com",
        "uuid" => "3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b",
        "uri" | "iri" | "url" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/path",
        "uri-template" => "https://example.com/{id}",
        "hostname" | "idn-hostname" => "example.com",
        "ip" | "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "aGVsbG8=",
        "json-pointer" => "/a/b",
        "regex" => "^a+$",
        _ if schema.text("contentEncoding") == Some("base64") => "aGVsbG8=",
        _ => return json!(fitted("string", schema)),
    };
    json!(text)
}

/// The text, cut or repeated to the length that the schema asks for.
fn fitted(text: &str, schema: &Schema<'_>) -> String {
    let length = |keyword| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (least, most) = (
        length("minLength").unwrap_or(0).min(200),
        length("maxLength").unwrap_or(usize::MAX),
    );
    text.chars()
        .cycle()
        .take(text.len().max(least).min(most))
        .collect()
}

/// The number itself, else the nearest bound, else the nearest multiple above.
fn number(schema: &Schema<'_>, number: Value) -> Value {
    let bound = |keyword| schema.get(keyword).and_then(Value::as_f64);
    let value = number.as_f64().unwrap_or_default();
    let low = bound("minimum").or(bound("exclusiveMinimum").map(|low| low + 1.0));
    let high = bound("maximum").or(bound("exclusiveMaximum").map(|high| high - 1.0));
    let mut fitting = value
        .max(low.unwrap_or(value))
        .min(high.unwrap_or(f64::MAX));
    if let Some(step) = bound("multipleOf").filter(|step| *step > 0.0) {
        fitting = (fitting / step).ceil() * step;
    }
    if (fitting - value).abs() < f64::EPSILON {
        return number;
    }
    // Whole numbers are written without a fraction; up to 2^53 a float holds them exactly.
    if fitting.fract() == 0.0 && fitting.abs() < 9_007_199_254_740_992.0 {
        return format!("{fitting:.0}")
            .parse::<i64>()
            .map_or(number, Value::from);
    }
    json!(fitting)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Resolver, example};

    fn make(schema: &Value) -> Value {
        let root = json!({"components": {"schemas": {
            "Node": {"type": "object", "required": ["value", "children"], "properties": {
                "value": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
                "parent": {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]},
            }},
            "Endless": {
                "required": ["next"],
                "properties": {"next": {"$ref": "#/components/schemas/Endless"}},
            },
        }}});
        example(Resolver::new(&root), schema).0
    }

    #[test]
    fn what_the_document_gives_comes_first() {
        for (schema, expected) in [
            (
                json!({"type": "string", "examples": ["a"], "default": "b"}),
                json!("a"),
            ),
            (
                json!({"type": "string", "default": "b", "enum": ["a", "b"]}),
                json!("b"),
            ),
            (json!({"enum": ["x", "y"]}), json!("x")),
            (json!({"const": 7}), json!(7)),
        ] {
            assert_eq!(make(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn formats_and_bounds_are_honoured() {
        for (schema, expected) in [
            (
                json!({"type": "string", "format": "date"}),
                json!("2026-01-31"),
            ),
            (json!({"type": "string", "maxLength": 3}), json!("str")),
            (json!({"type": "string", "minLength": 8}), json!("stringst")),
            (json!({"type": "integer", "minimum": 10}), json!(10)),
            (json!({"type": "integer", "maximum": -2}), json!(-2)),
            (
                json!({"type": "integer", "minimum": 7, "multipleOf": 5}),
                json!(10),
            ),
            (
                json!({"type": "array", "items": {"type": "boolean"}, "minItems": 2}),
                json!([true, true]),
            ),
            (
                json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}),
                json!(["string", 1]),
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "integer"}}),
                json!({"key": 1}),
            ),
        ] {
            assert_eq!(make(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn a_recursive_type_ends() {
        let node = json!({"$ref": "#/components/schemas/Node"});
        assert_eq!(make(&node), json!({"value": 1, "children": []}));
        assert_eq!(
            make(&json!({"$ref": "#/components/schemas/Endless"})),
            Value::Null
        );
        assert_eq!(make(&json!({"$ref": "#/nowhere"})), Value::Null);
    }

    #[test]
    fn the_first_variant_completes_a_flattened_object() {
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}, "oneOf": [
            {"properties": {"left": {"type": "integer"}}}, {"properties": {"right": {"type": "string"}}},
        ]});
        assert_eq!(make(&schema), json!({"id": 1, "left": 1}));
    }

    #[test]
    fn a_doubling_type_stays_short() {
        let mut schemas = serde_json::Map::new();
        for level in 0..60 {
            let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
            schemas.insert(
                format!("L{level}"),
                json!({"properties": {"a": next, "b": next}, "required": ["a", "b"]}),
            );
        }
        let root = json!({"components": {"schemas": schemas}});
        let text = example(
            Resolver::new(&root),
            &json!({"$ref": "#/components/schemas/L0"}),
        )
        .0
        .to_string();
        assert!(text.len() < 20_000, "{}", text.len());
    }
}
