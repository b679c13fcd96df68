//! `$ref`s of a document that lead nowhere, or in a circle.
//!
//! Such a document can still be read by most, so it is not an error; but who merges one should know. Only references to
//! the document itself and to files next to it are judged: what an absolute URL leads to is not known here.

use indexmap::IndexMap;
use serde_json::Value;

use super::grammar::{self, ObjectKind};
use super::pointer;
use crate::warning::Warning;

/// One warning for each target that is missing or never arrived at, with the place that refers to it first.
pub(crate) fn warnings(document: &Value) -> Vec<Warning> {
    let mut found: IndexMap<(&str, bool), (String, usize)> = IndexMap::new();
    // Below a schema with an `$id` references are relative to that, not to the document.
    let mut bases: Vec<String> = Vec::new();
    grammar::each(
        document,
        ObjectKind::Document,
        &mut String::new(),
        &mut |kind, value, pointer| {
            if kind == ObjectKind::Schema && value.get("$id").is_some() {
                bases.push(pointer.to_owned());
            }
            let Some(reference) = pointer::reference(value) else {
                return;
            };
            if bases.iter().any(|base| pointer.starts_with(base.as_str())) {
                return;
            }
            if let Some(cyclic) = judge(document, value, reference) {
                found
                    .entry((reference, cyclic))
                    .or_insert_with(|| (format!("#{pointer}"), 0))
                    .1 += 1;
            }
        },
    );
    let warnings = found
        .into_iter()
        .map(|((reference, cyclic), (pointer, count))| {
            let reference = reference.to_owned();
            if cyclic {
                Warning::CyclicReference { pointer, reference }
            } else {
                Warning::DanglingReference {
                    pointer,
                    reference,
                    count,
                }
            }
        });
    warnings.collect()
}

/// None for a reference that arrives, else whether it goes in a circle.
fn judge(document: &Value, start: &Value, reference: &str) -> Option<bool> {
    if !reference.starts_with('#') {
        let is_url = reference
            .split_once(':')
            .is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '.']));
        return (!is_url).then_some(false);
    }
    pointer::in_reference(reference)?;
    let Some(mut at) = pointer::follow(document, reference) else {
        return Some(false);
    };
    // A chain with more links than any sane document has is one without end.
    for _ in 0..1000 {
        if std::ptr::eq(at, start) {
            return Some(true);
        }
        // Where the chain breaks, or enters a circle further on, it is reported for the references there.
        at = pointer::follow(document, pointer::reference(at)?)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(document: &Value) -> Vec<String> {
        warnings(document).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named_once_with_its_first_place() {
        let gone = json!({ "$ref": "#/components/schemas/Gone" });
        let document =
            json!({ "components": { "schemas": { "A": { "items": gone }, "B": gone } } });
        let warning = Warning::DanglingReference {
            pointer: "#/components/schemas/A/items".to_owned(),
            reference: "#/components/schemas/Gone".to_owned(),
            count: 2,
        };
        assert_eq!(warnings(&document), [warning]);
    }

    #[test]
    fn a_file_beside_the_document_is_not_there() {
        let document = json!({ "components": { "schemas": {
            "A": { "$ref": "schemas/a.json#/X" }, "B": { "$ref": "a.yaml" }, "C": { "$ref": "https://example.com/c:d" },
        } } });
        assert_eq!(warnings(&document).len(), 2, "{:?}", texts(&document));
    }

    #[test]
    fn a_circle_of_references_is_reported_and_a_recursive_type_is_not() {
        let document = json!({ "components": { "schemas": {
            "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" },
            "Self": { "$ref": "#/components/schemas/Self" }, "In": { "$ref": "#/components/schemas/A" },
            "Tree": { "properties": { "left": { "$ref": "#/components/schemas/Tree" } } },
        } } });
        let found = warnings(&document);
        assert!(
            found
                .iter()
                .all(|one| matches!(one, Warning::CyclicReference { .. })),
            "{found:?}"
        );
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn data_anchors_and_schemas_with_a_base_of_their_own_are_left_alone() {
        let document = json!({ "components": { "schemas": {
            "A": { "example": { "$ref": "#/gone" }, "properties": { "$ref": { "type": "string" } } },
            "B": { "$id": "https://example.com/b", "items": { "$ref": "#/$defs/C" }, "$defs": { "C": {} } },
            "D": { "$ref": "#anchor" },
        } } });
        assert_eq!(texts(&document), Vec::<String>::new());
    }
}
