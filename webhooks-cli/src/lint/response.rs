//! Rules about what a receiver may answer.

use serde_json::Value;

use super::body::{MOVE, is_inline_object};
use super::rule::{Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "responses-missing",
        severity: Severity::Error,
        reason: "a receiver must know what to answer; Spectral refuses an empty `responses`",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                let responses = operation
                    .part
                    .value
                    .get("responses")
                    .and_then(Value::as_object);
                if responses.is_none_or(serde_json::Map::is_empty) {
                    let message = "add `responses` with `2XX` and a description";
                    report.add(operation.part.pointer.child("responses"), message);
                }
            }
        },
    },
    Rule {
        name: "success-missing",
        severity: Severity::Warning,
        reason: "a receiver must know which answer says that the event was received",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                let success = operation
                    .responses
                    .iter()
                    .any(|response| response.status.starts_with('2'));
                if !success && !operation.responses.is_empty() {
                    report.add(
                        operation.part.pointer.child("responses"),
                        "add the response `2XX`",
                    );
                }
            }
        },
    },
    Rule {
        name: "response-description-missing",
        severity: Severity::Error,
        reason: "OpenAPI 3.1 demands it",
        check: |subject, report| {
            for response in subject.responses() {
                let text = response
                    .part
                    .value
                    .get("description")
                    .and_then(Value::as_str);
                if text.is_none_or(|text| text.trim().is_empty()) {
                    report.add(
                        response.part.pointer.child("description"),
                        "add a `description`",
                    );
                }
            }
        },
    },
    Rule {
        name: "response-validation-error",
        severity: Severity::Warning,
        reason: "it describes what the framework answers to its own routes, not what a receiver answers",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                for response in operation
                    .responses
                    .iter()
                    .filter(|response| response.status == "422")
                {
                    let framework = response
                        .content
                        .iter()
                        .filter_map(|content| content.schema.as_ref());
                    let names = framework
                        .filter_map(|schema| schema.value.get("$ref").and_then(Value::as_str));
                    if names
                        .into_iter()
                        .any(|name| name.ends_with("HTTPValidationError"))
                    {
                        let place = operation.part.pointer.child("responses").child("422");
                        report.add(
                            place,
                            "leave the response `422` with HTTPValidationError out",
                        );
                    }
                }
            }
        },
    },
    Rule {
        name: "response-schema-empty",
        severity: Severity::Warning,
        reason: "`schema: {}` asks receivers for a JSON body of any kind; most answer with none",
        check: |subject, report| {
            for schema in subject.response_schemas() {
                if schema
                    .value
                    .as_object()
                    .is_some_and(serde_json::Map::is_empty)
                {
                    report.add(
                        schema.pointer.clone(),
                        "leave `content` out, or say what the answer is",
                    );
                }
            }
        },
    },
    Rule {
        name: "response-inline",
        severity: Severity::Warning,
        reason: "generators make types with a name from `components/schemas` only",
        check: |subject, report| {
            for schema in subject.response_schemas() {
                if is_inline_object(schema.value) {
                    report.add(schema.pointer.clone(), MOVE);
                }
            }
        },
    },
];
