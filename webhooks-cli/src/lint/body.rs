//! Rules about payloads.

use serde_json::Value;
use webhooks_core::Method;

use super::rule::{Rule, Severity};

/// What to do with a schema that no generator makes a type of.
pub(super) const MOVE: &str = "move the schema under `components/schemas` and refer to it";

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "payload-on-bodiless-method",
        severity: Severity::Error,
        reason: "such a request carries no body: clients and proxies drop it, and so do pages",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if let Some(part) = operation.part.child("requestBody")
                    && !carries_body(&operation.method)
                {
                    let message = format!(
                        "send the event by POST, or leave the body of {} out",
                        operation.method
                    );
                    report.add(part.pointer, message);
                }
            }
        },
    },
    Rule {
        name: "payload-content-missing",
        severity: Severity::Error,
        reason: "a request body without a media type says nothing; OpenAPI demands `content`",
        check: |subject, report| {
            for body in subject.bodies() {
                if body.content.is_empty() {
                    report.add(
                        body.part.pointer.child("content"),
                        "add `content` with `application/json`",
                    );
                }
            }
        },
    },
    Rule {
        name: "payload-schema-missing",
        severity: Severity::Warning,
        reason: "no page shows and no generator makes a payload without a schema",
        check: |subject, report| {
            for body in subject.bodies() {
                for content in &body.content {
                    if content
                        .schema
                        .as_ref()
                        .is_none_or(|schema| is_empty(schema.value))
                    {
                        let message = format!("add a `schema` for {}", content.media_type);
                        report.add(content.part.pointer.child("schema"), message);
                    }
                }
            }
        },
    },
    Rule {
        name: "payload-inline",
        severity: Severity::Warning,
        reason: "orval, kubb, openapi-zod-client and others make types from `components/schemas` only",
        check: |subject, report| {
            for schema in subject.payload_schemas() {
                if is_inline_object(schema.value) {
                    report.add(schema.pointer.clone(), MOVE);
                }
            }
        },
    },
];

/// Whether requests of this method have content; those of unknown methods may.
fn carries_body(method: &str) -> bool {
    let known = Method::ALL.into_iter().find(|one| one.as_str() == method);
    known.is_none_or(Method::carries_body)
}

fn is_empty(schema: &Value) -> bool {
    schema.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Whether a type would be made from the schema, if it had a name.
pub(super) fn is_inline_object(schema: &Value) -> bool {
    schema.get("$ref").is_none()
        && ["properties", "oneOf", "anyOf", "allOf"]
            .iter()
            .any(|key| schema.get(key).is_some())
}
