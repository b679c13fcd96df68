//! An OpenAPI 3.1 document as 3.0.3, for tools that read nothing newer, with a list of what was lost.
//!
//! Webhooks stand under `x-webhooks`, as Redocly's tools read them. Most of JSON Schema 2020-12 can be said in the words
//! of 3.0; what cannot is left out in such a way that the older schema allows more, never less.

mod losses;
mod newer;
mod schema;

use serde_json::{Map, Value, json};

pub(crate) use self::losses::Losses;
pub use self::losses::{DowngradedDocument, Loss};
pub use self::newer::convert;
use super::grammar::{self, ObjectKind};
use super::pointer;

const NO_CERTIFICATES: &str = "3.0 has no client certificates";

/// Writes a 3.1 document as 3.0.3.
///
/// | 3.1 | 3.0.3 | lost |
/// |---|---|---|
/// | `webhooks` | `x-webhooks` | |
/// | `type: [T, null]`, `anyOf: [S, {type: null}]` | `nullable: true` | |
/// | several types | `anyOf` with one of each | |
/// | `const` | `enum` with one value | |
/// | `exclusiveMinimum: 1` (and maximum) | `minimum: 1, exclusiveMinimum: true` | |
/// | `examples` of a schema | `example` | all but the first |
/// | what is next to a `$ref` | `allOf` around the `$ref` | |
/// | `true`, `false` as schemas | `{}`, `{not: {}}` | |
/// | `contentEncoding: base64`, `contentMediaType: application/octet-stream` | `format: byte`, `binary` | |
/// | `prefixItems` | `items` with `anyOf`, `minItems`, `maxItems` | the order of the items |
/// | `patternProperties` | `additionalProperties` | the patterns |
/// | `$defs` | | the definitions, and what refers to them |
/// | `if`, `then`, `else`, `dependentSchemas`, `dependentRequired`, `contains`, `propertyNames`, `unevaluatedProperties`, `unevaluatedItems`, other content keywords, `$id`, `$anchor`, `$dynamicRef`, unknown keywords | | yes |
/// | path items by `$ref` into `components.pathItems` | written out | |
/// | `info.summary`, `jsonSchemaDialect`, `mutualTLS`, roles of a requirement that is not OAuth, summaries next to a `$ref`, other unknown members of the document | | yes |
/// | `license.identifier` | `license.url` at SPDX | |
/// | an operation without `responses` | `default` | |
/// | what only 3.2 has: see [`convert`] | | yes |
///
/// ```
/// let document = serde_json::json!({
///     "openapi": "3.1.0",
///     "info": { "title": "Payments", "version": "1.0.0", "summary": "All about money" },
///     "webhooks": { "payment.created": { "post": { "responses": { "2XX": { "description": "Thanks" } } } } },
/// });
/// let old = webhooks_core::openapi::downgrade(document);
/// assert_eq!(old.document["openapi"], "3.0.3");
/// assert!(old.document["x-webhooks"]["payment.created"]["post"].is_object());
/// assert_eq!(old.losses[0].pointer(), "#/info/summary");
/// ```
pub fn downgrade(mut document: Value) -> DowngradedDocument {
    let mut losses = Losses::default();
    newer::remove(&mut document, &mut losses);
    write_out_path_items(&mut document);
    let schemes = security_types(&document);
    grammar::each_mut(
        &mut document,
        ObjectKind::Document,
        &mut String::new(),
        &mut |kind, value, pointer| match kind {
            ObjectKind::Schema => schema::rewrite(value, pointer, &mut losses),
            ObjectKind::Document => whole(value, &schemes, &mut losses),
            ObjectKind::Components => components(value, &mut losses),
            ObjectKind::Operation => operation(value, &schemes, pointer, &mut losses),
            _ => reference(value, pointer, &mut losses),
        },
    );
    DowngradedDocument {
        document,
        losses: losses.in_order(),
    }
}

/// 3.0 has no component path items, so each stands where it was referred to.
fn write_out_path_items(document: &mut Value) {
    let Some(Value::Object(path_items)) = document.pointer("/components/pathItems").cloned() else {
        return;
    };
    let target = |item: &Value| {
        let name = pointer::reference(item)?.strip_prefix("#/components/pathItems/")?;
        path_items
            .get(pointer::unescape(name).as_ref())?
            .as_object()
            .cloned()
    };
    grammar::each_mut(
        document,
        ObjectKind::Document,
        &mut String::new(),
        &mut |kind, item, _| {
            if kind != ObjectKind::PathItem {
                return;
            }
            // An item can refer to one that refers to a third; a circle ends with the count.
            for _ in 0..path_items.len() {
                let Some(mut written) = target(item) else {
                    break;
                };
                if let Value::Object(own) = item.take() {
                    written.extend(own.into_iter().filter(|(key, _)| key != "$ref"));
                }
                *item = Value::Object(written);
            }
        },
    );
}

fn whole(value: &mut Value, schemes: &Map<String, Value>, losses: &mut Losses) {
    let Value::Object(members) = value else {
        return;
    };
    info(members, losses);
    if let Some(Value::Array(alternatives)) = members.get_mut("security") {
        requirements(alternatives, schemes, "/security", losses);
    }
    let mut old = Map::new();
    old.insert("openapi".to_owned(), json!("3.0.3"));
    let mut webhooks = None;
    for (key, value) in std::mem::take(members) {
        match key.as_str() {
            "openapi" => {}
            "webhooks" => webhooks = Some(value),
            "info" | "servers" | "paths" | "components" | "security" | "tags" | "externalDocs" => {
                old.insert(key, value);
            }
            extension if extension.starts_with("x-") => {
                old.insert(key, value);
            }
            _ => losses.add_member("", &key, "3.0 has no such member of the document"),
        }
    }
    if !old.contains_key("paths") {
        old.insert("paths".to_owned(), json!({}));
    }
    if let Some(webhooks) = webhooks
        && old.insert("x-webhooks".to_owned(), webhooks).is_some()
    {
        losses.add("/x-webhooks", "the webhooks took its place");
    }
    *members = old;
}

fn info(document: &mut Map<String, Value>, losses: &mut Losses) {
    let Some(Value::Object(info)) = document.get_mut("info") else {
        return;
    };
    if info.shift_remove("summary").is_some() {
        losses.add("/info/summary", "3.0 has no summary of an API");
    }
    let Some(Value::Object(license)) = info.get_mut("license") else {
        return;
    };
    if let Some(Value::String(identifier)) = license.shift_remove("identifier")
        && !license.contains_key("url")
    {
        license.insert(
            "url".to_owned(),
            json!(format!("https://spdx.org/licenses/{identifier}.html")),
        );
    }
}

fn components(value: &mut Value, losses: &mut Losses) {
    let Value::Object(members) = value else {
        return;
    };
    members.shift_remove("pathItems");
    if let Some(Value::Object(schemes)) = members.get_mut("securitySchemes") {
        schemes.retain(|name, scheme| {
            let kept = scheme.get("type").and_then(Value::as_str) != Some("mutualTLS");
            if !kept {
                losses.add_member("/components/securitySchemes", name, NO_CERTIFICATES);
            }
            kept
        });
    }
    members.retain(|kind, _| {
        let kept = kind.starts_with("x-")
            || kind == "securitySchemes"
            || (kind != "mediaTypes" && grammar::component(kind).is_some());
        if !kept {
            losses.add_member("/components", kind, "3.0 has no such components");
        }
        kept
    });
}

/// The type of each security scheme, by name.
fn security_types(document: &Value) -> Map<String, Value> {
    let schemes = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let types = schemes.into_iter().flatten();
    types
        .map(|(name, scheme)| {
            (
                name.clone(),
                scheme.get("type").cloned().unwrap_or_default(),
            )
        })
        .collect()
}

fn operation(value: &mut Value, schemes: &Map<String, Value>, pointer: &str, losses: &mut Losses) {
    let Value::Object(members) = value else {
        return;
    };
    if !members.contains_key("responses") {
        members.insert(
            "responses".to_owned(),
            json!({ "default": { "description": "Any response" } }),
        );
    }
    let Some(Value::Array(alternatives)) = members.get_mut("security") else {
        return;
    };
    requirements(
        alternatives,
        schemes,
        &format!("{pointer}/security"),
        losses,
    );
}

fn requirements(
    alternatives: &mut [Value],
    schemes: &Map<String, Value>,
    pointer: &str,
    losses: &mut Losses,
) {
    for (index, alternative) in alternatives.iter_mut().enumerate() {
        let Value::Object(alternative) = alternative else {
            continue;
        };
        let pointer = format!("{pointer}/{index}");
        alternative.retain(|name, roles| {
            let kind = schemes
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default();
            if kind == "mutualTLS" {
                losses.add_member(&pointer, name, NO_CERTIFICATES);
                return false;
            }
            let has_no_roles = matches!(kind, "http" | "apiKey");
            if has_no_roles && roles.as_array().is_some_and(|roles| !roles.is_empty()) {
                losses.add_member(
                    &pointer,
                    name,
                    "3.0 has roles for OAuth 2 and OpenID Connect only",
                );
                *roles = json!([]);
            }
            true
        });
    }
}

/// A Reference Object has nothing but its `$ref`.
fn reference(value: &mut Value, pointer: &str, losses: &mut Losses) {
    let Value::Object(members) = value else {
        return;
    };
    if !members.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    members.retain(|key, _| {
        if key != "$ref" {
            losses.add_member(pointer, key, "3.0 allows nothing next to a `$ref`");
        }
        key == "$ref"
    });
}
