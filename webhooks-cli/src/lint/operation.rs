//! Rules about what an operation says of itself.

use std::collections::HashMap;

use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::catalogue::METHODS;
use crate::pointer::Pointer;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "summary-missing",
        severity: Severity::Warning,
        reason: "pages list webhooks by their summaries",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.text("summary").is_none() {
                    report.add(
                        operation.part.pointer.child("summary"),
                        "add a `summary`, a few words",
                    );
                }
            }
        },
    },
    Rule {
        name: "description-missing",
        severity: Severity::Warning,
        reason: "a name alone does not say when an event is sent",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.text("description").is_none() {
                    let message = "add a `description` that says when the event is sent";
                    report.add(operation.part.pointer.child("description"), message);
                }
            }
        },
    },
    Rule {
        name: "text-empty",
        severity: Severity::Warning,
        reason: "an empty text is shown as an empty paragraph; linters ask for it to be left out",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                for (name, part) in operation.part.members() {
                    if part
                        .value
                        .as_str()
                        .is_some_and(|text| text.trim().is_empty())
                    {
                        report.add(part.pointer, format!("write a text, or leave `{name}` out"));
                    }
                }
            }
        },
    },
    Rule {
        name: "event-name-hidden",
        severity: Severity::Warning,
        reason: "Redoc 2 and RapiDoc show the summary and description of a webhook, but not its name",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                let shown = |name| {
                    operation
                        .text(name)
                        .is_some_and(|text| says(text, operation.event))
                };
                if !shown("summary") && !shown("description") {
                    let message =
                        format!("say `{}` in the summary or description", operation.event);
                    report.add(operation.part.pointer.clone(), message);
                }
            }
        },
    },
    Rule {
        name: "deprecated-false",
        severity: Severity::Warning,
        reason: "it is the default and only makes documents longer",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.part.value.get("deprecated") == Some(&Value::Bool(false)) {
                    report.add(
                        operation.part.pointer.child("deprecated"),
                        "leave `deprecated: false` out",
                    );
                }
            }
        },
    },
    Rule {
        name: "operation-id-missing",
        severity: Severity::Warning,
        reason: "generators name types and functions after it",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.text("operationId").is_none() {
                    report.add(
                        operation.part.pointer.child("operationId"),
                        "add an `operationId`",
                    );
                }
            }
        },
    },
    Rule {
        name: "operation-id-unsafe",
        severity: Severity::Warning,
        reason: "generators turn the other characters into something of their own, or do not compile",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if let Some(id) = operation
                    .text("operationId")
                    .filter(|id| !is_identifier(id))
                {
                    let message = format!(
                        "`{id}`: use letters, digits and `_` only, and begin with a letter"
                    );
                    report.add(operation.part.pointer.child("operationId"), message);
                }
            }
        },
    },
    Rule {
        name: "operation-id-duplicate",
        severity: Severity::Error,
        reason: "OpenAPI demands that it is unique over all paths and webhooks; generators keep one of them",
        check: |subject, report| {
            let mut first: HashMap<&str, Pointer> = HashMap::new();
            let root = subject.document.root();
            for (place, id) in path_ids(root)
                .into_iter()
                .chain(webhook_ids(&subject.catalogue))
            {
                match first.get(id) {
                    // A path item that two events share is one operation.
                    Some(other) if *other == place => {}
                    Some(other) => {
                        report.add(place, format!("`{id}` is the operationId of {other} too"));
                    }
                    None => {
                        first.insert(id, place);
                    }
                }
            }
        },
    },
];

fn webhook_ids<'a>(catalogue: &crate::catalogue::Catalogue<'a>) -> Vec<(Pointer, &'a str)> {
    let operations = catalogue.operations.iter();
    operations
        .filter_map(|one| {
            Some((
                one.part.pointer.child("operationId"),
                one.text("operationId")?,
            ))
        })
        .collect()
}

fn path_ids(root: &Value) -> Vec<(Pointer, &str)> {
    let paths = root.get("paths").and_then(Value::as_object);
    let mut ids = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(id) = item
                .get(method)
                .and_then(|one| one.get("operationId"))
                .and_then(Value::as_str)
            {
                ids.push((
                    Pointer::root()
                        .child("paths")
                        .child(path)
                        .child(method)
                        .child("operationId"),
                    id,
                ));
            }
        }
    }
    ids
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// Whether a text names an event, as it is written or as words: `payment.created` in "Payment Created".
fn says(text: &str, event: &str) -> bool {
    let text_words = words(text);
    let event_words = words(event);
    text.contains(event)
        || (!event_words.is_empty()
            && format!(" {text_words} ").contains(&format!(" {event_words} ")))
}

fn words(text: &str) -> String {
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_by_its_words() {
        assert!(says("Payment Created", "payment.created"));
        assert!(says("Sent for `a/b`.", "a/b"));
        assert!(!says("Payments created", "payment.created"));
        assert!(!says("", "payment"));
    }

    #[test]
    fn identifiers_begin_with_a_letter() {
        assert!(is_identifier("payment_created_post") && is_identifier("_a1"));
        assert!(
            !is_identifier("")
                && !is_identifier("1a")
                && !is_identifier("a-b")
                && !is_identifier("ä")
        );
    }
}
