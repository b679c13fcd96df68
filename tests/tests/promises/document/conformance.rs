//! A request held against the operation of an OpenAPI document.

use std::collections::BTreeMap;

use serde_json::Value;
use webhooks_sender::testing::TestRequest;

/// Headers that HTTP itself or any client adds.
const USUAL: [&str; 2] = ["content-type", "user-agent"];

/// Everything in which a request differs from what the document says of its event.
pub(super) fn problems(document: &Value, event: &str, request: &TestRequest) -> Vec<String> {
    let operation = &document["webhooks"][event][request.method.to_lowercase()];
    if !operation.is_object() {
        return vec![format!("{event}: there is no operation {}", request.method)];
    }
    let check = Check {
        document,
        operation,
        request,
    };
    let mut problems = check.body();
    problems.extend(check.parameters());
    problems.extend(check.security());
    problems
        .into_iter()
        .map(|problem| format!("{event} {}: {problem}", request.method))
        .collect()
}

struct Check<'a> {
    document: &'a Value,
    operation: &'a Value,
    request: &'a TestRequest,
}

impl<'a> Check<'a> {
    fn resolved(&self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        pointer.map_or(value, |pointer| {
            self.document.pointer(pointer).expect("a component")
        })
    }

    fn body(&self) -> Vec<String> {
        let body = self.resolved(&self.operation["requestBody"]);
        let content_type = self.request.header("content-type");
        let Some(contents) = body["content"].as_object() else {
            let none = content_type.is_none() && self.request.body.is_empty();
            return if none {
                Vec::new()
            } else {
                vec!["a body, and none is described".to_owned()]
            };
        };
        let Some(content_type) = content_type else {
            let required = body["required"] == true || !self.request.body.is_empty();
            return if required {
                vec!["no content type".to_owned()]
            } else {
                Vec::new()
            };
        };
        let Some(content) = contents.get(content_type) else {
            return vec![format!("the content type {content_type} is not described")];
        };
        let value = match content_type {
            "application/x-www-form-urlencoded" => form(&self.request.body),
            json if json.contains("json") => {
                serde_json::from_slice(&self.request.body).unwrap_or_default()
            }
            // Bytes of any kind.
            _ => return Vec::new(),
        };
        self.invalid(&content["schema"], &value)
            .map(|why| format!("the body: {why}"))
            .into_iter()
            .collect()
    }

    /// Why a value does not fit a schema.
    fn invalid(&self, schema: &Value, value: &Value) -> Option<String> {
        let mut schema = schema.clone();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("components".to_owned(), self.document["components"].clone());
        }
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        validator
            .validate(value)
            .err()
            .map(|error| error.to_string())
    }

    /// Parameters both ways: what is required is there and fits, and nothing is there that is not described.
    fn parameters(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut sent = BTreeMap::from([
            ("header", self.headers()),
            (
                "query",
                pairs(
                    self.request
                        .target
                        .split_once('?')
                        .map_or("", |(_, query)| query),
                    '&',
                ),
            ),
            (
                "cookie",
                pairs(self.request.header("cookie").unwrap_or_default(), ';'),
            ),
        ]);
        for parameter in self.operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let parameter = self.resolved(parameter);
            let (place, name) = (text(&parameter["in"]), text(&parameter["name"]));
            let name = if place == "header" {
                name.to_lowercase()
            } else {
                name.to_owned()
            };
            let place = sent.get_mut(place).expect("header, query or cookie");
            match place.remove(&name) {
                None if parameter["required"] == true => {
                    problems.push(format!("{name} is missing"));
                }
                None => {}
                Some(value) => {
                    let value = typed(self.resolved(&parameter["schema"]), &value);
                    let why = self.invalid(&parameter["schema"], &value);
                    problems.extend(why.map(|why| format!("{name}: {why}")));
                }
            }
        }
        for (place, left) in sent {
            problems.extend(
                left.keys()
                    .map(|name| format!("the {place} {name} is not described")),
            );
        }
        problems
    }

    fn headers(&self) -> BTreeMap<String, String> {
        let value = |name: &str| self.request.header(name).unwrap_or_default().to_owned();
        let names = self
            .request
            .headers
            .keys()
            .map(axum::http::HeaderName::as_str);
        let own = names.filter(|name| !USUAL.contains(name) && *name != "cookie");
        own.map(|name| (name.to_owned(), value(name))).collect()
    }

    /// One of the alternatives is met: the header of each of its schemes is there.
    fn security(&self) -> Vec<String> {
        let alternatives = self
            .operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let Some(alternatives) = alternatives.and_then(Value::as_array) else {
            return Vec::new();
        };
        let missing = |alternative: &Value| {
            let schemes = alternative
                .as_object()
                .into_iter()
                .flat_map(|schemes| schemes.keys());
            let headers = schemes
                .map(|name| text(&self.document["components"]["securitySchemes"][name]["name"]));
            headers
                .filter(|name| self.request.header(name).is_none())
                .collect::<Vec<_>>()
        };
        let missing: Vec<_> = alternatives.iter().map(missing).collect();
        if alternatives.is_empty() || missing.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        vec![format!(
            "no alternative of its security is met: {missing:?}"
        )]
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The pairs of a query, or of a cookie header.
fn pairs(text: &str, between: char) -> BTreeMap<String, String> {
    let pairs = text
        .split(between)
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A form as the JSON that its schema describes.
fn form(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let fields = pairs(&text, '&').into_iter().map(|(name, value)| {
        let number = value.parse::<u64>().map(Value::from);
        (name, number.unwrap_or_else(|_| Value::from(value)))
    });
    Value::Object(fields.collect())
}

/// A parameter's text as the type that its schema says.
fn typed(schema: &Value, value: &str) -> Value {
    let says = |name: &str| {
        schema["type"] == name
            || schema["type"]
                .as_array()
                .is_some_and(|all| all.contains(&name.into()))
    };
    let number = says("integer") || says("number");
    let parsed = if number || says("boolean") {
        serde_json::from_str(value).ok()
    } else {
        None
    };
    parsed.unwrap_or_else(|| Value::from(value))
}
