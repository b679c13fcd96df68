//! Documents that no person would write: the same ones in every run.

use serde_json::{Map, Value, json};

/// The document with every text replaced, and every name that the author of a document may choose.
pub(super) fn with_every_text(document: &Value, text: &str) -> Value {
    replaced(document, text, "")
}

fn replaced(value: &Value, text: &str, parent: &str) -> Value {
    let free_names = [
        "webhooks",
        "properties",
        "schemas",
        "examples",
        "paths",
        "securitySchemes",
        "responses",
    ];
    match value {
        // What gives the document its shape stays.
        Value::String(kept) if ["type", "in", "$ref"].contains(&parent) => {
            Value::from(kept.as_str())
        }
        Value::String(_) => Value::from(text),
        Value::Array(items) => items
            .iter()
            .map(|item| replaced(item, text, parent))
            .collect(),
        Value::Object(members) => {
            let mut named = Map::new();
            for (name, member) in members {
                named.insert(name.clone(), replaced(member, text, name));
                if free_names.contains(&parent) {
                    named.insert(format!("{name}{text}"), replaced(member, text, ""));
                }
            }
            Value::Object(named)
        }
        other => other.clone(),
    }
}

/// A small xorshift generator.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    /// Puts something else at a random place.
    pub(super) fn damage(&mut self, document: &mut Value) {
        let (depth, something) = (self.below(10), self.schema(3));
        self.replace(document, depth, something);
    }

    fn replace(&mut self, place: &mut Value, depth: usize, something: Value) {
        match place {
            Value::Object(members) if depth > 0 && !members.is_empty() => {
                let nth = self.below(members.len());
                let member = members
                    .values_mut()
                    .nth(nth)
                    .expect("the index is below the length");
                self.replace(member, depth - 1, something);
            }
            Value::Array(items) if depth > 0 && !items.is_empty() => {
                let nth = self.below(items.len());
                self.replace(&mut items[nth], depth - 1, something);
            }
            _ => *place = something,
        }
    }

    /// A document whose webhooks and types are random.
    pub(super) fn document(&mut self) -> Value {
        let mut document = json!({"tags": self.schema(2), "info": self.schema(1), "paths": {"/a": self.schema(2)}});
        for name in ["A", "B", "C"] {
            document["components"]["schemas"][name] = self.schema(4);
            document["webhooks"][name] = json!({"post": {
                "requestBody": {"content": {"application/json": {"schema": self.schema(4)}}},
                "parameters": [{"in": "header", "name": "h", "schema": self.schema(2)}, self.schema(1)],
                "responses": {"200": self.schema(2)},
                "security": self.schema(1),
                "summary": self.scalar(),
            }});
        }
        document
    }

    /// A schema, or something in its place.
    fn schema(&mut self, depth: usize) -> Value {
        const KEYWORDS: [&str; 26] = [
            "type",
            "properties",
            "items",
            "oneOf",
            "anyOf",
            "allOf",
            "$ref",
            "enum",
            "const",
            "format",
            "required",
            "additionalProperties",
            "prefixItems",
            "patternProperties",
            "default",
            "examples",
            "minimum",
            "maximum",
            "maxLength",
            "minItems",
            "pattern",
            "description",
            "title",
            "deprecated",
            "multipleOf",
            "nullable",
        ];
        if depth == 0 || self.below(6) == 0 {
            return self.scalar();
        }
        if self.below(6) == 0 {
            return (0..self.below(3)).map(|_| self.schema(depth - 1)).collect();
        }
        let mut schema = Map::new();
        for _ in 0..=self.below(4) {
            let keyword = KEYWORDS[self.below(KEYWORDS.len())];
            schema.insert(keyword.to_owned(), self.keyword(keyword, depth));
        }
        Value::Object(schema)
    }

    /// Mostly a fitting value.
    fn keyword(&mut self, keyword: &str, depth: usize) -> Value {
        if self.below(8) == 0 {
            return self.schema(depth - 1);
        }
        match keyword {
            "type" => {
                let names = [
                    "object", "array", "string", "integer", "number", "boolean", "null",
                ];
                let (one, other) = (names[self.below(7)], names[self.below(7)]);
                if self.below(3) == 0 {
                    json!([one, other])
                } else {
                    json!(one)
                }
            }
            "properties" | "patternProperties" => {
                json!({"a": self.schema(depth - 1), "b.c": self.schema(depth - 1)})
            }
            "oneOf" | "anyOf" | "allOf" | "prefixItems" => {
                json!([self.schema(depth - 1), self.schema(depth - 1)])
            }
            "$ref" => {
                let names = [
                    "#/components/schemas/A",
                    "#/components/schemas/B",
                    "#/components/schemas/C",
                    "#/no",
                    "x",
                ];
                json!(names[self.below(5)])
            }
            "required" => json!(["a"]),
            "enum" | "examples" => json!([self.scalar(), self.scalar()]),
            "items" | "additionalProperties" => self.schema(depth - 1),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        match self.below(9) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(false),
            3 => json!(-1e300),
            4 => json!(u64::MAX),
            5 => json!(0),
            6 => json!("# <script>\n\n[a](javascript:x) \u{0} | b |\n| --- |\n"),
            7 => json!("e\u{301}\u{202e}\u{1f469}\u{200d}\u{1f680}"),
            _ => json!({}),
        }
    }
}
