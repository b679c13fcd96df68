//! Rules about the document as a whole.

use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::document::Version;
use crate::pointer::Pointer;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "duplicate-member",
        severity: Severity::Error,
        reason: "which of the two is read depends on the reader; the other is lost without a word",
        check: |subject, report| {
            for duplicate in subject.document.duplicates() {
                report.add(duplicate.clone(), "the object has this member twice");
            }
        },
    },
    Rule {
        name: "structure",
        severity: Severity::Error,
        reason: "tools stop at, or silently leave out, what is not of the form that OpenAPI gives it",
        check: |subject, report| {
            for problem in &subject.catalogue.problems {
                // Those of references have rules of their own.
                if !problem.pointer().as_str().ends_with("/$ref") {
                    report.add(problem.pointer().clone(), problem.message());
                }
            }
        },
    },
    Rule {
        name: "openapi-version",
        severity: Severity::Warning,
        reason: "3.0 has no webhooks, and half of the tools cannot read 3.2 yet",
        check: |subject, report| {
            if subject.document.version() != Version::V3_1 {
                report.add(
                    Pointer::root().child("openapi"),
                    "write webhooks in OpenAPI 3.1: `3.1.0`",
                );
            }
        },
    },
    Rule {
        name: "info-missing",
        severity: Severity::Error,
        reason: "OpenAPI demands a title and a version",
        check: |subject, report| {
            let info = Pointer::root().child("info");
            match subject.document.root().get("info") {
                None => report.add(info, "add `info` with `title` and `version`"),
                // Anything else is a matter of its structure.
                Some(value) if !value.is_object() => {}
                Some(value) => {
                    for name in ["title", "version"] {
                        let text = value.get(name).and_then(Value::as_str);
                        if text.is_none_or(|text| text.trim().is_empty()) {
                            report.add(info.child(name), format!("add a `{name}`"));
                        }
                    }
                }
            }
        },
    },
    Rule {
        name: "license-name-missing",
        severity: Severity::Error,
        reason: "OpenAPI demands a name for the licence; pages show a link without a text",
        check: |subject, report| {
            let info = subject.document.root().get("info");
            let Some(license) = info.and_then(|info| info.get("license")) else {
                return;
            };
            let name = license.get("name").and_then(Value::as_str);
            if license.is_object() && name.is_none_or(|name| name.trim().is_empty()) {
                let place = Pointer::root().child("info").child("license").child("name");
                report.add(place, "name the licence, as `MIT`, or leave `license` out");
            }
        },
    },
    Rule {
        name: "paths-missing",
        severity: Severity::Error,
        reason: "without it openapi-explorer crashes, and openapi-python-client refuses the document",
        check: |subject, report| {
            if subject.document.root().get("paths").is_none() {
                report.add(
                    Pointer::root().child("paths"),
                    "add `paths: {}`, even if there are only webhooks",
                );
            }
        },
    },
    Rule {
        name: "webhooks-missing",
        severity: Severity::Warning,
        reason: "there is no webhook to check; perhaps the document was made before they were added",
        check: |subject, report| {
            let (document, key) = (subject.document, subject.document.webhooks_key());
            let events = document.root().get(key).and_then(Value::as_object);
            if events.is_none_or(serde_json::Map::is_empty) {
                report.add(Pointer::root().child(key), "the document has no webhooks");
            }
        },
    },
    Rule {
        name: "webhooks-twice",
        severity: Severity::Warning,
        reason: "`x-webhooks` is read by other tools in two different meanings; in 3.1 `webhooks` says it all",
        check: |subject, report| {
            let has = |key| subject.document.root().get(key).is_some();
            if has("webhooks") && has("x-webhooks") {
                report.add(
                    Pointer::root().child("x-webhooks"),
                    "leave `x-webhooks` out: `webhooks` says the same",
                );
            }
        },
    },
    Rule {
        name: "json-schema-dialect",
        severity: Severity::Warning,
        reason: "Swagger UI shows a red box that the dialect is not supported",
        check: |subject, report| {
            if subject.document.root().get("jsonSchemaDialect").is_some() {
                let message = "leave `jsonSchemaDialect` out; the default is JSON Schema 2020-12";
                report.add(Pointer::root().child("jsonSchemaDialect"), message);
            }
        },
    },
];
