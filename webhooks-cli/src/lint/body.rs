//! Rules about payloads.

use serde_json::Value;

use super::rule::{Rule, Severity};

/// Methods whose requests have no content (RFC 9110, section 9.3).
const BODILESS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "payload-on-bodiless-method",
        severity: Severity::Error,
        reason: "such a request carries no body: clients and proxies drop it, and so do pages",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                if let Some(part) = operation.part.child("requestBody")
                    && BODILESS.contains(&operation.method.as_str())
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
            for body in subject
                .catalogue
                .operations
                .iter()
                .filter_map(|operation| operation.body.as_ref())
            {
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
            for body in subject
                .catalogue
                .operations
                .iter()
                .filter_map(|operation| operation.body.as_ref())
            {
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
            for body in subject
                .catalogue
                .operations
                .iter()
                .filter_map(|operation| operation.body.as_ref())
            {
                for schema in body
                    .content
                    .iter()
                    .filter_map(|content| content.schema.as_ref())
                {
                    if is_inline_object(schema.value) {
                        let message = "move the schema under `components/schemas` and refer to it";
                        report.add(schema.pointer.clone(), message);
                    }
                }
            }
        },
    },
];

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
