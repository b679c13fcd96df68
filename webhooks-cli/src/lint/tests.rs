//! Each rule finds its defect at its place, and a sound document breaks none.

mod alone;
mod content;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{lint, rules};
use crate::document::Document;
use crate::merge_patch::patched;

fn sound() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Payments", "version": "1.0.0" },
        "paths": {},
        "tags": [{ "name": "payments" }],
        "webhooks": {
            "paid": {
                "post": {
                    "operationId": "paid_post",
                    "summary": "Paid",
                    "description": "Sent when money has come in.",
                    "tags": ["payments"],
                    "security": [{ "signature": [] }],
                    "parameters": [
                        { "name": "webhook-id", "in": "header", "description": "The id.", "schema": { "type": "string" } },
                    ],
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Payment" } } },
                    },
                    "responses": { "2XX": { "description": "Received." } },
                },
            },
        },
        "components": {
            "schemas": {
                "Payment": {
                    "type": "object",
                    "properties": { "amount": { "type": "integer" }, "before": { "$ref": "#/components/schemas/Payment" } },
                    "required": ["amount"],
                    "example": { "$ref": "data", "type": "data" },
                },
            },
            "securitySchemes": { "signature": { "type": "apiKey", "in": "header", "name": "webhook-signature" } },
        },
    })
}

/// Names and places of what is found in a sound document with a patch on its webhook.
fn found(patch: &Value) -> Vec<(&'static str, String)> {
    let document = Document::from_value(patched(&sound(), patch)).expect("a document");
    lint(&document)
        .into_iter()
        .map(|finding| (finding.rule, finding.pointer.to_string()))
        .collect()
}

fn on_operation(patch: &Value) -> Value {
    json!({ "webhooks": { "paid": { "post": patch } } })
}

fn on_schemas(patch: &Value) -> Value {
    json!({ "components": { "schemas": patch } })
}

fn with_parameters(parameters: &[Value]) -> Value {
    on_operation(&json!({ "parameters": parameters }))
}

fn with_content(json: &Value) -> Value {
    on_operation(&json!({ "requestBody": { "content": { "application/json": json } } }))
}

/// The rule, the place where it is broken, and the patch that breaks it.
#[expect(clippy::too_many_lines, reason = "a row a case")]
fn cases() -> Vec<(&'static str, &'static str, Value)> {
    let header = |name: &str| json!({ "name": name, "in": "header", "description": "A header." });
    let mut cases = vec![
        (
            "structure",
            "#/webhooks/paid/post/requestBody",
            on_operation(&json!({ "requestBody": 7 })),
        ),
        (
            "openapi-version",
            "#/openapi",
            json!({ "openapi": "3.2.0" }),
        ),
        ("info-missing", "#/info", json!({ "info": null })),
        (
            "info-missing",
            "#/info/title",
            json!({ "info": { "title": " " } }),
        ),
        (
            "license-name-missing",
            "#/info/license/name",
            json!({ "info": { "license": { "name": " ", "url": "https://a.test" } } }),
        ),
        (
            "license-name-missing",
            "#/info/license/name",
            json!({ "info": { "license": {} } }),
        ),
        ("paths-missing", "#/paths", json!({ "paths": null })),
        (
            "webhooks-missing",
            "#/webhooks",
            json!({ "webhooks": null }),
        ),
        (
            "webhooks-twice",
            "#/x-webhooks",
            json!({ "x-webhooks": {} }),
        ),
        (
            "json-schema-dialect",
            "#/jsonSchemaDialect",
            json!({ "jsonSchemaDialect": "https://a.test" }),
        ),
        (
            "path-item-reference",
            "#/webhooks/sent/$ref",
            json!({
                "webhooks": { "sent": { "$ref": "#/webhooks/paid" } },
            }),
        ),
        (
            "path-item-empty",
            "#/webhooks/paid",
            json!({ "webhooks": { "paid": { "post": null } } }),
        ),
        (
            "unknown-method",
            "#/webhooks/paid/frob",
            json!({ "webhooks": { "paid": { "frob": {} } } }),
        ),
        (
            "path-item-parameter-reference",
            "#/webhooks/paid/parameters/0",
            json!({
                "webhooks": { "paid": { "parameters": [{ "$ref": "#/components/parameters/Id" }] } },
                "components": { "parameters": { "Id": header("x-id") } },
            }),
        ),
        (
            "path-item-text",
            "#/webhooks/paid/summary",
            json!({ "webhooks": { "paid": { "summary": "Paid" } } }),
        ),
        (
            "webhook-with-servers",
            "#/webhooks/paid/servers",
            json!({ "webhooks": { "paid": { "servers": [] } } }),
        ),
        (
            "webhook-with-servers",
            "#/webhooks/paid/post/servers",
            on_operation(&json!({ "servers": [] })),
        ),
        (
            "webhook-with-callbacks",
            "#/webhooks/paid/post/callbacks",
            on_operation(&json!({ "callbacks": {} })),
        ),
    ];
    cases.extend(operation_cases());
    cases.extend(content::cases());
    cases.extend([
        (
            "parameter-location",
            "#/webhooks/paid/post/parameters/0/in",
            with_parameters(&[json!(
                { "name": "id", "in": "path", "description": "An id.", "required": true }
            )]),
        ),
        (
            "parameter-duplicate",
            "#/webhooks/paid/post/parameters/1",
            with_parameters(&[header("x-id"), header("X-Id")]),
        ),
        (
            "parameter-description-missing",
            "#/webhooks/paid/post/parameters/0/description",
            with_parameters(&[json!({ "name": "x-id", "in": "header" })]),
        ),
        ("header-name", "#/webhooks/paid/post/parameters/0/name", with_parameters(&[header("webhook_id")])),
        (
            "parameter-empty-value",
            "#/webhooks/paid/post/parameters/0/allowEmptyValue",
            with_parameters(&[json!(
                { "name": "x-id", "in": "header", "description": "An id.", "allowEmptyValue": false }
            )]),
        ),
    ]);
    cases
}

fn operation_cases() -> Vec<(&'static str, &'static str, Value)> {
    let paid = |name: &str| ["#/webhooks/paid/post/", name].concat();
    let cases = [
        (
            "description-missing",
            "description",
            json!({ "description": null }),
        ),
        (
            "deprecated-false",
            "deprecated",
            json!({ "deprecated": false }),
        ),
        (
            "operation-id-missing",
            "operationId",
            json!({ "operationId": null }),
        ),
        (
            "operation-id-unsafe",
            "operationId",
            json!({ "operationId": "paid/post" }),
        ),
        ("tag-missing", "tags", json!({ "tags": [] })),
        (
            "tag-second",
            "tags/1",
            json!({ "tags": ["payments", "payments"] }),
        ),
        ("tag-undeclared", "tags/0", json!({ "tags": ["other"] })),
        ("security-missing", "security", json!({ "security": null })),
        (
            "security-undefined",
            "security/0/other",
            json!({ "security": [{ "other": [] }] }),
        ),
        (
            "security-malformed",
            "security/0",
            json!({ "security": [{ "signature": {} }] }),
        ),
        (
            "security-malformed",
            "security",
            json!({ "security": { "signature": [] } }),
        ),
        (
            "responses-missing",
            "responses",
            json!({ "responses": null }),
        ),
        (
            "success-missing",
            "responses",
            json!({ "responses": { "2XX": null, "410": { "description": "Gone." } } }),
        ),
        (
            "response-description-missing",
            "responses/2XX/description",
            json!({
                "responses": { "2XX": { "description": null } },
            }),
        ),
        (
            "response-schema-empty",
            "responses/2XX/content/application~1json/schema",
            json!({
                "responses": { "2XX": { "content": { "application/json": { "schema": {} } } } },
            }),
        ),
        (
            "response-inline",
            "responses/2XX/content/application~1json/schema",
            json!({
                "responses": { "2XX": { "content": { "application/json": { "schema": { "properties": { "ok": {} } } } } } },
            }),
        ),
        (
            "reference-outside",
            "externalDocs/$ref",
            json!({ "externalDocs": { "$ref": "other.json" } }),
        ),
        (
            "reference-malformed",
            "externalDocs/$ref",
            json!({ "externalDocs": { "$ref": 7 } }),
        ),
    ];
    let leak = |name: &str| -> &'static str { Box::leak(paid(name).into_boxed_str()) };
    cases
        .into_iter()
        .map(|(rule, place, patch)| (rule, leak(place), on_operation(&patch)))
        .collect()
}

/// Rules whose defect is one for another rule too, or is not made by a patch.
const ELSEWHERE: [&str; 13] = [
    "duplicate-member",
    "event-name",
    "event-name-hidden",
    "operation-id-duplicate",
    "payload-on-bodiless-method",
    "response-validation-error",
    "schema-name-generated",
    "schema-name-numbered",
    "summary-missing",
    "tag-duplicate",
    "tag-malformed",
    "text-empty",
    "webhook-as-path",
];

#[test]
fn a_sound_document_breaks_no_rule() {
    assert_eq!(found(&json!({})), []);
}

#[test]
fn each_rule_finds_its_defect_at_its_place() {
    for (rule, place, patch) in cases() {
        let found = found(&patch);
        assert!(
            found.contains(&(rule, place.to_owned())),
            "{rule} is not at {place}: {found:?}"
        );
        let others: Vec<_> = found.iter().filter(|(other, _)| *other != rule).collect();
        // A webhook that is gone or has no payload leaves its schema behind.
        let left_behind = |other: &&&(&str, String)| other.0 != "component-unused";
        assert_eq!(
            others.iter().find(left_behind),
            None,
            "{rule} is not alone: {found:?}"
        );
    }
}

#[test]
fn each_rule_has_a_case_a_name_of_its_own_and_a_reason() {
    let tested: BTreeSet<&str> = cases()
        .iter()
        .map(|(rule, ..)| *rule)
        .chain(ELSEWHERE)
        .collect();
    let mut names = BTreeSet::new();
    for rule in rules() {
        assert!(names.insert(rule.name), "{} is there twice", rule.name);
        assert!(
            rule.reason.len() > 20 && !rule.reason.ends_with('.'),
            "{}",
            rule.name
        );
    }
    assert_eq!(tested, names);
}
