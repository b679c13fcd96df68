//! Rules about schemas and their names.

use std::collections::HashSet;

use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::document::Version;
use crate::pointer::Pointer;
use crate::reference::Part;
use crate::walk;

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "component-name",
        severity: Severity::Error,
        reason: "OpenAPI allows letters, digits, `.`, `-` and `_`; generators refuse others",
        check: |subject, report| {
            for part in components(subject.document.root()) {
                for (name, part) in part.members().filter(|(name, _)| !is_component_name(name)) {
                    report.add(
                        part.pointer,
                        format!("`{name}`: use letters, digits, `.`, `-` and `_` only"),
                    );
                }
            }
        },
    },
    Rule {
        name: "schema-name-generated",
        severity: Severity::Warning,
        reason: "a name made from a module's path shows in every generated type, and changes when code moves",
        check: |subject, report| {
            for (name, part) in subject.component_schemas() {
                if name.contains("__") {
                    report.add(part.pointer, format!("give `{name}` a name of its own"));
                }
            }
        },
    },
    Rule {
        name: "schema-name-numbered",
        severity: Severity::Warning,
        reason: "a number tells types of one name apart by their order, so another type may get the name when a webhook is added",
        check: |subject, report| {
            let names: HashSet<&str> = subject.component_schemas().map(|(name, _)| name).collect();
            for (name, part) in subject.component_schemas() {
                let base = name.trim_end_matches(|last: char| last.is_ascii_digit());
                let base = base.trim_end_matches('_');
                if base.len() < name.len() && names.contains(base) {
                    let message = format!(
                        "`{base}` and `{name}` are two types of one name: give each a name of its own"
                    );
                    report.add(part.pointer, message);
                }
            }
        },
    },
    Rule {
        name: "schema-type",
        severity: Severity::Error,
        reason: "JSON Schema has no such type, so nothing is valid",
        check: |subject, report| {
            subject.schemas(&mut |place, value| {
                let Some(found) = value.get("type") else {
                    return;
                };
                let listed = found
                    .as_array()
                    .map_or(std::slice::from_ref(found), Vec::as_slice);
                let known = |one: &Value| one.as_str().is_some_and(|name| TYPES.contains(&name));
                if listed.is_empty() || !listed.iter().all(known) {
                    let message = format!("use {} or an array of them", TYPES.join(", "));
                    report.add(place.child("type"), message);
                }
            });
        },
    },
    Rule {
        name: "schema-nullable",
        severity: Severity::Warning,
        reason: "3.1 has no `nullable`: readers pass over it and take the value for never null",
        check: |subject, report| {
            subject.schemas(&mut |place, value| {
                let is_used = value.get("nullable").is_some_and(Value::is_boolean);
                if is_used && subject.document.version() > Version::V3_0 {
                    report.add(
                        place.child("nullable"),
                        "write `type: [.., \"null\"]` instead",
                    );
                }
            });
        },
    },
    Rule {
        name: "schema-required-undefined",
        severity: Severity::Warning,
        reason: "a property that is demanded but not described is mostly a misspelling",
        check: |subject, report| {
            walk::objects(subject.document.root(), &mut |place, value| {
                let (Some(required), Some(properties)) = (
                    value.get("required").and_then(Value::as_array),
                    value.get("properties"),
                ) else {
                    return;
                };
                // Another part of the schema may describe it.
                let has_parts = ["$ref", "allOf", "anyOf", "oneOf"]
                    .iter()
                    .any(|key| value.get(key).is_some());
                if has_parts || place.as_str().contains("/allOf/") {
                    return;
                }
                for (index, name) in required.iter().enumerate() {
                    if let Some(name) = name.as_str().filter(|name| properties.get(name).is_none())
                    {
                        let message = format!("describe `{name}` under `properties`");
                        report.add(place.child("required").index(index), message);
                    }
                }
            });
        },
    },
];

/// The maps under `components`.
fn components(root: &Value) -> Vec<Part<'_>> {
    let components = root
        .get("components")
        .map(|value| Part::new(Pointer::root().child("components"), value));
    let maps = components.iter().flat_map(Part::members);
    maps.filter(|(name, _)| !name.starts_with("x-"))
        .map(|(_, part)| part)
        .collect()
}

fn is_component_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || b".-_".contains(&letter))
}
