//! What OpenAPI has from 3.2 on, for readers of 3.1.

use serde_json::{Map, Value, json};

use super::losses::{DowngradedDocument, Losses};
use crate::openapi::grammar::{self, ObjectKind};
use crate::openapi::upgrade::upgrade;
use crate::openapi::version::OpenApiVersion;

/// Writes a document of any version from 3.0 on as 3.1 or 3.2, with a list of what was lost.
///
/// 3.2 can say everything that the older versions say. 3.1 does not have these:
///
/// | object | members of 3.2 |
/// |---|---|
/// | document | `$self` |
/// | path item | `query`, `additionalOperations` |
/// | tag | `summary`, `parent`, `kind` |
/// | response | `summary`, which becomes the description if that is missing |
/// | media type | `itemSchema`, `itemEncoding`, `prefixEncoding` |
/// | parameter | the whole parameter where it is in the `querystring` |
/// | schema | `defaultMapping` of a discriminator |
/// | components | `mediaTypes` |
///
/// ```
/// use webhooks_core::openapi::{OpenApiVersion, convert};
///
/// let document = serde_json::json!({ "openapi": "3.1.0", "paths": {} });
/// let newer = convert(document, OpenApiVersion::V3_2);
/// assert_eq!(newer.document["openapi"], "3.2.0");
/// assert!(newer.losses.is_empty());
/// ```
pub fn convert(mut document: Value, version: OpenApiVersion) -> DowngradedDocument {
    let mut losses = Losses::default();
    upgrade(&mut document);
    if version < OpenApiVersion::V3_2 {
        remove(&mut document, &mut losses);
    }
    if let Some(said) = document.get_mut("openapi") {
        *said = json!(version.as_str());
    }
    DowngradedDocument {
        document,
        losses: losses.in_order(),
    }
}

/// Removes what only 3.2 has; leaves a document of another version as it is.
pub(super) fn remove(document: &mut Value, losses: &mut Losses) {
    let version = document.get("openapi").and_then(Value::as_str);
    if version.and_then(OpenApiVersion::of) != Some(OpenApiVersion::V3_2) {
        return;
    }
    grammar::each_mut(
        document,
        ObjectKind::Document,
        &mut String::new(),
        &mut |kind, value, pointer| {
            if let Value::Object(members) = value {
                of_object(kind, members, pointer, losses);
            }
        },
    );
}

fn of_object(
    kind: ObjectKind,
    members: &mut Map<String, Value>,
    pointer: &str,
    losses: &mut Losses,
) {
    let mut remove = |members: &mut Map<String, Value>, names: &[&str], pointer: &str| {
        for name in names {
            if members.shift_remove(*name).is_some() {
                losses.add_member(pointer, name, "only OpenAPI 3.2 has it");
            }
        }
    };
    match kind {
        ObjectKind::Document => {
            remove(members, &["$self"], pointer);
            let tags = members.get_mut("tags").and_then(Value::as_array_mut);
            for (index, tag) in tags.into_iter().flatten().enumerate() {
                if let Value::Object(tag) = tag {
                    let pointer = format!("{pointer}/tags/{index}");
                    remove(tag, &["summary", "parent", "kind"], &pointer);
                }
            }
        }
        ObjectKind::Components => remove(members, &["mediaTypes"], pointer),
        ObjectKind::PathItem => {
            remove(members, &["query", "additionalOperations"], pointer);
            without_querystring(members, pointer, losses);
        }
        ObjectKind::Operation => without_querystring(members, pointer, losses),
        ObjectKind::Response => {
            if let (Some(summary), false) = (
                members.get("summary").cloned(),
                members.contains_key("description") || members.contains_key("$ref"),
            ) {
                members.shift_remove("summary");
                members.insert("description".to_owned(), summary);
            }
            if !members.contains_key("$ref") {
                remove(members, &["summary"], pointer);
            }
        }
        ObjectKind::MediaType => {
            remove(
                members,
                &["itemSchema", "itemEncoding", "prefixEncoding"],
                pointer,
            );
        }
        ObjectKind::Schema => {
            if let Some(Value::Object(discriminator)) = members.get_mut("discriminator") {
                let pointer = format!("{pointer}/discriminator");
                remove(discriminator, &["defaultMapping"], &pointer);
            }
        }
        _ => {}
    }
}

/// A parameter that is the whole query string has no older form.
fn without_querystring(members: &mut Map<String, Value>, pointer: &str, losses: &mut Losses) {
    let Some(Value::Array(parameters)) = members.get_mut("parameters") else {
        return;
    };
    let mut index = 0;
    parameters.retain(|parameter| {
        let kept = parameter.get("in").and_then(Value::as_str) != Some("querystring");
        if !kept {
            let place = index.to_string();
            losses.add_member(
                &format!("{pointer}/parameters"),
                &place,
                "only OpenAPI 3.2 has parameters in the query string as a whole",
            );
        }
        index += 1;
        kept
    });
}
