//! Rules about the members of `webhooks` and their path items.

use webhooks_core::EventName;

use super::rule::{Rule, Severity};
use crate::catalogue::METHODS;

/// The further members of a Path Item Object.
const MEMBERS: [&str; 6] = [
    "$ref",
    "additionalOperations",
    "description",
    "parameters",
    "servers",
    "summary",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "event-name",
        severity: Severity::Warning,
        reason: "catalogues such as Svix refuse other names, and generators turn several of them into one",
        check: |subject, report| {
            for event in &subject.catalogue.events {
                if let Err(error) = event.name.parse::<EventName>() {
                    report.add(event.written.pointer.clone(), error.to_string());
                }
            }
        },
    },
    Rule {
        name: "path-item-reference",
        severity: Severity::Error,
        reason: "Swagger UI drops such a webhook without a word",
        check: |subject, report| {
            let webhooks = subject.document.root().get(subject.document.webhooks_key());
            let root = crate::pointer::Pointer::root().child(subject.document.webhooks_key());
            for (name, item) in webhooks
                .and_then(|value| value.as_object())
                .into_iter()
                .flatten()
            {
                if item.get("$ref").is_some() {
                    let message = "write the path item here instead of a `$ref`";
                    report.add(root.child(name).child("$ref"), message);
                }
            }
        },
    },
    Rule {
        name: "path-item-empty",
        severity: Severity::Error,
        reason: "no tool shows an event that is sent with no method",
        check: |subject, report| {
            for event in &subject.catalogue.events {
                let has = |key: &str| event.item.value.get(key).is_some();
                if !METHODS.iter().any(|method| has(method)) && !has("additionalOperations") {
                    report.add(
                        event.item.pointer.clone(),
                        "add the method with which the event is sent, `post`",
                    );
                }
            }
        },
    },
    Rule {
        name: "unknown-method",
        severity: Severity::Error,
        reason: "the member is not a method of OpenAPI, so the document is invalid",
        check: |subject, report| {
            for event in &subject.catalogue.events {
                for (name, part) in event.item.members() {
                    let known = METHODS.contains(&name)
                        || MEMBERS.contains(&name)
                        || name.starts_with("x-");
                    if !known {
                        let message = format!(
                            "`{name}` is not a method; methods are written in lower case, as `post`"
                        );
                        report.add(part.pointer, message);
                    }
                }
            }
        },
    },
    Rule {
        name: "path-item-parameter-reference",
        severity: Severity::Warning,
        reason: "Swagger UI shows such a parameter without its name",
        check: |subject, report| {
            for event in &subject.catalogue.events {
                let list = event.item.child("parameters");
                for part in list.iter().flat_map(crate::reference::Part::items) {
                    if part.value.get("$ref").is_some() {
                        report.add(
                            part.pointer,
                            "move the `$ref` to the parameters of the operation",
                        );
                    }
                }
            }
        },
    },
    Rule {
        name: "path-item-text",
        severity: Severity::Warning,
        reason: "nearly all pages leave out the summary and description of a path item",
        check: |subject, report| {
            for event in &subject.catalogue.events {
                for name in ["summary", "description"] {
                    if let Some(part) = event.item.child(name) {
                        report.add(part.pointer, format!("move the `{name}` to the operation"));
                    }
                }
            }
        },
    },
    Rule {
        name: "webhook-with-servers",
        severity: Severity::Warning,
        reason: "a webhook goes to the address of its subscription; Spectral refuses servers here",
        check: |subject, report| {
            let items = subject.catalogue.events.iter().map(|event| &event.item);
            let operations = subject
                .catalogue
                .operations
                .iter()
                .map(|operation| &operation.part);
            for part in items
                .chain(operations)
                .filter_map(|owner| owner.child("servers"))
            {
                report.add(part.pointer, "leave `servers` out");
            }
        },
    },
    Rule {
        name: "webhook-with-callbacks",
        severity: Severity::Warning,
        reason: "a webhook is itself the call back; Spectral refuses callbacks here",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if let Some(part) = operation.part.child("callbacks") {
                    report.add(
                        part.pointer,
                        "declare a webhook of its own instead of `callbacks`",
                    );
                }
            }
        },
    },
    Rule {
        name: "webhook-as-path",
        severity: Severity::Warning,
        reason: "the event is documented as a route that the app serves, in addition to the webhook",
        check: |subject, report| {
            let paths = subject
                .document
                .root()
                .get("paths")
                .and_then(|paths| paths.as_object());
            let root = crate::pointer::Pointer::root().child("paths");
            for event in &subject.catalogue.events {
                let path = format!("/{}", event.name.trim_start_matches('/'));
                if paths
                    .and_then(|paths| paths.get(&path))
                    .is_some_and(|item| item == event.item.value)
                {
                    let message = format!(
                        "leave the path out; it repeats the webhook `{}`",
                        event.name
                    );
                    report.add(root.child(&path), message);
                }
            }
        },
    },
];
