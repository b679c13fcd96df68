//! Rules about how a receiver knows who sent a message.

use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::reference::Part;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "security-missing",
        severity: Severity::Warning,
        reason: "what the document asks for its routes would count for the webhook; Redocly demands a decision",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if operation.part.child("security").is_none() {
                    let message = "add `security` with the scheme of the signature, or `[]` for webhooks that are not signed";
                    report.add(operation.part.pointer.child("security"), message);
                }
            }
        },
    },
    Rule {
        name: "security-undefined",
        severity: Severity::Error,
        reason: "a reader cannot know what a scheme is that is not under `components/securitySchemes`",
        check: |subject, report| {
            let components = subject.document.root().get("components");
            let schemes = components.and_then(|components| components.get("securitySchemes"));
            let defined = |name: &str| schemes.is_some_and(|schemes| schemes.get(name).is_some());
            for operation in &subject.catalogue.operations {
                let list = operation.part.child("security");
                let alternatives = list.iter().flat_map(Part::items).collect::<Vec<_>>();
                for (name, part) in alternatives.iter().flat_map(Part::members) {
                    if !defined(name) {
                        report.add(
                            part.pointer,
                            format!("define `{name}` under `components/securitySchemes`"),
                        );
                    }
                }
            }
        },
    },
    Rule {
        name: "security-malformed",
        severity: Severity::Error,
        reason: "the document is invalid: requirements are objects from a scheme to an array of scopes",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                let Some(list) = operation.part.child("security") else {
                    continue;
                };
                if !list.value.is_array() {
                    report.add(
                        list.pointer,
                        "write an array such as `[{\"webhookSignature\": []}]`",
                    );
                    continue;
                }
                for part in list.items() {
                    let scopes = part
                        .value
                        .as_object()
                        .map(|alternative| alternative.values());
                    if !scopes.is_some_and(|mut scopes| scopes.all(Value::is_array)) {
                        report.add(
                            part.pointer,
                            "write an object such as `{\"webhookSignature\": []}`",
                        );
                    }
                }
            }
        },
    },
];
