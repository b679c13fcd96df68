//! A document whose webhooks refer to nothing: for importers of catalogues that do not follow `$ref`.
//!
//! Written out, a type that contains itself has no end, and types that use others twice grow without measure. The
//! first is cut by a rule that depends on the document alone, the second is refused.

use serde_json::{Map, Value, json};

use super::grammar::{self, ObjectKind};
use super::pointer;
use super::upgrade::is_annotation;
use crate::error::BuildError;

/// More values than this are not written out: about 40 MB of JSON, and a gigabyte of memory.
const MOST: usize = 1_500_000;

/// More levels of schemas inside of one another are not written out: many readers of JSON stop at 128 levels, and each
/// of these is one or two.
const DEEPEST: usize = 60;

/// A document whose webhooks refer to nothing, and what had to be cut.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InlinedDocument {
    /// The document.
    pub document: Value,
    /// Where a reference could not be written out, as JSON pointer and reason, such as
    /// `#/webhooks/tree.grown/post/requestBody/content/application~1json/schema/properties/left: Tree contains itself`.
    pub notes: Vec<String>,
}

/// Writes out every `$ref` below `webhooks` (in a document of 3.0 below `x-webhooks`); the rest of the document stays.
///
/// For importers of catalogues that follow no reference there. Convoy's is one (looked up in 26.7): of the POST of
/// each webhook it takes the description, and of its `application/json` the properties at the top, whose `type` is a
/// single name. It reads with a library of 3.0, so give it the inlined document of [`downgrade`](crate::openapi::downgrade).
/// Svix takes either and follows references, also those of the document as it is.
///
/// - What is next to a `$ref` is written over the target where it only describes; otherwise the properties of both
///   are united, or both stand in an `allOf`, whichever means the same.
/// - **Recursion**: where a type is inside of itself, the inner one is written as its title and description
///   without further constraints, so that everything valid stays valid.
/// - What a reference does not lead to is written as an object that allows everything.
///
/// ```
/// let document = serde_json::json!({
///     "openapi": "3.1.0",
///     "webhooks": { "tree.grown": { "post": { "requestBody": { "content": { "application/json": {
///         "schema": { "$ref": "#/components/schemas/Tree" },
///     } } } } } },
///     "components": { "schemas": { "Tree": {
///         "type": "object",
///         "properties": { "left": { "$ref": "#/components/schemas/Tree" } },
///     } } },
/// });
/// let inlined = webhooks_core::openapi::inline(document)?;
/// let body = &inlined.document["webhooks"]["tree.grown"]["post"]["requestBody"];
/// assert_eq!(body["content"]["application/json"]["schema"], serde_json::json!({
///     "type": "object",
///     "properties": { "left": { "title": "Tree", "description": "Contains itself: see Tree above." } },
/// }));
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
///
/// # Errors
///
/// When the document would grow beyond one and a half million values, as one does whose types use each other many times,
/// or would be so deep that readers of JSON refuse it.
pub fn inline(document: Value) -> Result<InlinedDocument, BuildError> {
    inline_within(document, MOST)
}

fn inline_within(mut document: Value, most: usize) -> Result<InlinedDocument, BuildError> {
    let original = document.clone();
    let mut walk = Walk {
        document: &original,
        open: Vec::new(),
        most,
        written: 0,
        depth: 0,
        refused: None,
        notes: Vec::new(),
    };
    for member in ["webhooks", "x-webhooks"] {
        let items = document
            .get_mut(member)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten();
        for (name, item) in items {
            let mut pointer = format!("/{member}");
            pointer::push(&mut pointer, name);
            walk.write_out(item, ObjectKind::PathItem, &mut pointer);
            if let Some(reason) = walk.refused {
                return Err(BuildError::one(format!(
                    "#{pointer} makes the document {reason} when its types are written out: export JSON Schemas instead"
                )));
            }
        }
    }
    Ok(InlinedDocument {
        notes: walk.notes,
        document,
    })
}

struct Walk<'a> {
    /// The document as it was, where references lead.
    document: &'a Value,
    /// The references inside of which the walk is.
    open: Vec<String>,
    most: usize,
    written: usize,
    depth: usize,
    /// Why the walk was given up.
    refused: Option<String>,
    notes: Vec<String>,
}

impl Walk<'_> {
    fn write_out(&mut self, value: &mut Value, kind: ObjectKind, pointer: &mut String) {
        self.written += 1;
        if self.written > self.most {
            self.refused = Some(format!("larger than {} values", self.most));
        } else if self.depth > DEEPEST {
            self.refused = Some(format!("deeper than {DEEPEST} schemas"));
        }
        if self.refused.is_some() {
            return;
        }
        let opened = self.open.len();
        // A reference to a reference to a reference: all of them are open while the target is written.
        while let Some(reference) = pointer::reference(value).map(str::to_owned) {
            self.replace(value, kind, &reference, pointer);
            self.open.push(reference);
        }
        self.depth += 1;
        grammar::each_child_mut(value, kind, pointer, &mut |child, kind, pointer| {
            self.write_out(child, kind, pointer);
        });
        self.depth -= 1;
        self.written += value.as_object().map_or(0, Map::len);
        self.open.truncate(opened);
    }

    fn replace(&mut self, value: &mut Value, kind: ObjectKind, reference: &str, pointer: &str) {
        let Value::Object(mut siblings) = value.take() else {
            return;
        };
        siblings.shift_remove("$ref");
        let target = pointer::follow(self.document, reference);
        *value = match target {
            Some(_) if self.open.iter().any(|open| open == reference) => {
                let name = name(reference);
                self.notes
                    .push(format!("#{pointer}: {name} contains itself"));
                let cut = json!({ "title": name, "description": format!("Contains itself: see {name} above.") });
                over(cut, siblings)
            }
            Some(target) => {
                let target = target.clone();
                if kind == ObjectKind::Schema {
                    both(target, siblings)
                } else {
                    over(target, siblings)
                }
            }
            None => {
                self.notes
                    .push(format!("#{pointer}: `{reference}` is not in the document"));
                over(json!({}), siblings)
            }
        };
    }
}

/// The last part of a reference, for a reader.
fn name(reference: &str) -> String {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    pointer::unescape(&pointer::percent_decode(last)).into_owned()
}

fn over(target: Value, siblings: Map<String, Value>) -> Value {
    match target {
        Value::Object(mut members) => {
            members.extend(siblings);
            Value::Object(members)
        }
        other => other,
    }
}

/// A schema that says what two say.
fn both(target: Value, mut siblings: Map<String, Value>) -> Value {
    if siblings.keys().all(|key| is_annotation(key)) && target.is_object() {
        return over(target, siblings);
    }
    match target {
        Value::Object(mut members) if can_unite(&members, &siblings) => {
            for (key, value) in std::mem::take(&mut siblings) {
                match (members.get_mut(&key), value) {
                    (Some(Value::Object(mine)), Value::Object(more)) if key == "properties" => {
                        mine.extend(more);
                    }
                    (Some(Value::Array(mine)), Value::Array(more)) if key == "required" => {
                        let new: Vec<_> = more
                            .into_iter()
                            .filter(|name| !mine.contains(name))
                            .collect();
                        mine.extend(new);
                    }
                    (_, value) => {
                        members.insert(key, value);
                    }
                }
            }
            Value::Object(members)
        }
        target => {
            let mut all = vec![target];
            if let Some(Value::Array(more)) = siblings.shift_remove("allOf") {
                all.extend(more);
            }
            siblings.insert("allOf".to_owned(), Value::Array(all));
            Value::Object(siblings)
        }
    }
}

/// Whether the keywords of both can stand in one schema: none twice, and none that looks at its neighbours.
fn can_unite(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    const NEIGHBOURS: [&str; 9] = [
        "additionalProperties",
        "patternProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "items",
        "prefixItems",
        "if",
        "contains",
        "$id",
    ];
    let disjoint = |key: &str| match (one.get(key), other.get(key)) {
        (Some(Value::Object(one)), Some(Value::Object(other))) if key == "properties" => {
            other.keys().all(|name| !one.contains_key(name))
        }
        (Some(one), Some(other)) => key == "required" || is_annotation(key) || one == other,
        _ => true,
    };
    !NEIGHBOURS
        .iter()
        .any(|key| one.contains_key(*key) || other.contains_key(*key))
        && other.keys().all(|key| disjoint(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_multiply_are_refused_before_they_fill_the_memory() {
        let to = |level: u32| json!({ "$ref": format!("#/components/schemas/T{level}") });
        let mut schemas = json!({ "T0": { "type": "string" } });
        for level in 1..40 {
            schemas[format!("T{level}")] =
                json!({ "properties": { "a": to(level - 1), "b": to(level - 1) } });
        }
        let body = json!({ "content": { "application/json": { "schema": to(39) } } });
        let document = json!({
            "webhooks": { "order.paid": { "post": { "requestBody": body } } },
            "components": { "schemas": schemas },
        });
        let error = inline_within(document, 10_000).expect_err("2^39 values");
        assert!(
            error
                .to_string()
                .starts_with("#/webhooks/order.paid makes the document larger"),
            "{error}"
        );
    }

    #[test]
    fn a_long_chain_of_types_is_refused_before_nobody_can_read_it() {
        let mut schemas = json!({});
        for level in 0..3_000 {
            let next = json!({ "$ref": format!("#/components/schemas/T{}", level + 1) });
            schemas[format!("T{level}")] = json!({ "properties": { "next": next } });
        }
        let content =
            json!({ "application/json": { "schema": { "$ref": "#/components/schemas/T0" } } });
        let document = json!({
            "webhooks": { "order.paid": { "post": { "requestBody": { "content": content } } } },
            "components": { "schemas": schemas },
        });
        let error = inline(document).expect_err("3,000 levels").to_string();
        assert!(
            error.starts_with("#/webhooks/order.paid makes the document deeper than 60 schemas"),
            "{error}"
        );
    }
}
