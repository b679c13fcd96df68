//! Rules about tags.

use std::collections::HashSet;

use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::pointer::Pointer;
use crate::reference::Part;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "tag-missing",
        severity: Severity::Warning,
        reason: "Elements shows no event without a tag when it stacks them",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.tags().is_empty() {
                    report.add(
                        operation.part.pointer.child("tags"),
                        "add a tag, for example `webhooks`",
                    );
                }
            }
        },
    },
    Rule {
        name: "tag-second",
        severity: Severity::Warning,
        reason: "pages show the webhook once under each tag, and generators put it into several files",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                let list = operation.part.child("tags");
                for part in list.iter().flat_map(Part::items).skip(1) {
                    report.add(part.pointer, "keep one tag for each operation");
                }
            }
        },
    },
    Rule {
        name: "tag-undeclared",
        severity: Severity::Warning,
        reason: "pages put undeclared tags behind the others and have no description to show",
        check: |subject, report| {
            let declared = declared(subject.document.root());
            for operation in &subject.catalogue.operations {
                let list = operation.part.child("tags");
                for part in list.iter().flat_map(Part::items) {
                    if let Some(tag) = part.value.as_str().filter(|tag| !declared.contains(tag)) {
                        report.add(part.pointer, format!("declare `{tag}` under `tags`"));
                    }
                }
            }
        },
    },
    Rule {
        name: "tag-malformed",
        severity: Severity::Error,
        reason: "the document is invalid: a declared tag is an object with a name",
        check: |subject, report| {
            for part in tags(subject.document.root()) {
                if part.value.get("name").and_then(Value::as_str).is_none() {
                    report.add(part.pointer, "write `{\"name\": ..}`");
                }
            }
        },
    },
    Rule {
        name: "tag-duplicate",
        severity: Severity::Error,
        reason: "OpenAPI demands that names of tags are unique",
        check: |subject, report| {
            let mut seen = HashSet::new();
            for part in tags(subject.document.root()) {
                if let Some(name) = part.value.get("name").and_then(Value::as_str)
                    && !seen.insert(name)
                {
                    report.add(part.pointer, format!("`{name}` is declared already"));
                }
            }
        },
    },
];

fn tags(root: &Value) -> Vec<Part<'_>> {
    let list = root
        .get("tags")
        .map(|value| Part::new(Pointer::root().child("tags"), value));
    list.iter().flat_map(Part::items).collect()
}

fn declared(root: &Value) -> HashSet<&str> {
    let tags = root.get("tags").and_then(Value::as_array);
    tags.into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name"))
        .filter_map(Value::as_str)
        .collect()
}
