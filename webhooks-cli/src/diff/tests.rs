//! Each rule finds its change in a pair of documents made for it, at its place and with its verdict.

mod judgement;
mod schema;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Change, diff, rules};
use crate::document::Document;
use crate::merge_patch::patched;

fn base() -> Value {
    json!({
        "openapi": "3.1.0",
        "webhooks": {
            "paid": {
                "post": {
                    "operationId": "paid",
                    "security": [{ "signature": [] }],
                    "parameters": [{ "name": "x-id", "in": "header", "required": true, "schema": { "type": "string" } }],
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Payment" } } },
                    },
                    "responses": {
                        "200": {
                            "description": "Received.",
                            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } },
                        },
                        "410": { "description": "Gone." },
                    },
                },
            },
        },
        "components": {
            "schemas": {
                "Payment": {
                    "type": "object",
                    "properties": {
                        "amount": { "type": "integer", "minimum": 0 },
                        "currency": { "type": "string", "enum": ["EUR", "USD"] },
                        "when": { "type": "string", "format": "date" },
                        "note": { "type": ["string", "null"], "pattern": "^a" },
                        "by": { "oneOf": [{ "$ref": "#/components/schemas/Card" }, { "$ref": "#/components/schemas/Bank" }] },
                    },
                    "required": ["amount"],
                },
                "Card": { "type": "object", "properties": { "number": { "type": "string" } } },
                "Bank": { "type": "object", "properties": { "iban": { "type": "string" } } },
                "Cash": { "type": "object", "properties": { "till": { "type": "string" } } },
                "Answer": { "type": "object", "properties": { "ok": { "type": "boolean" } } },
            },
            "securitySchemes": { "signature": { "type": "apiKey", "in": "header", "name": "x-signature" } },
        },
    })
}

fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let document = |patch| Document::from_value(patched(&base(), patch)).expect("a document");
    diff(&document(old), &document(new)).expect("documents that can be compared")
}

fn operation(patch: &Value) -> Value {
    json!({ "webhooks": { "paid": { "post": patch } } })
}

fn property(name: &str, patch: &Value) -> Value {
    json!({ "components": { "schemas": { "Payment": { "properties": { name: patch } } } } })
}

fn payment(patch: &Value) -> Value {
    json!({ "components": { "schemas": { "Payment": patch } } })
}

fn header(patch: &Value) -> Value {
    let header =
        json!({ "name": "x-id", "in": "header", "required": true, "schema": { "type": "string" } });
    operation(&json!({ "parameters": [patched(&header, patch)] }))
}

const PAID: &str = "#/webhooks/paid/post";
const PAYMENT: &str = "#/components/schemas/Payment";

/// A rule, where it points, and the pair: with the patch the first way round, without it the second.
struct Case {
    rule: &'static str,
    breaking: bool,
    place: String,
    old: Value,
    new: Value,
}

/// The rule for adding what the patch adds, and the rule for taking it away, each with its verdict.
fn both_ways(
    there: (&'static str, bool),
    back: (&'static str, bool),
    place: &str,
    patch: &Value,
) -> [Case; 2] {
    let case = |(rule, breaking), old: &Value, new: &Value| Case {
        rule,
        breaking,
        place: place.to_owned(),
        old: old.clone(),
        new: new.clone(),
    };
    [
        case(there, &json!({}), patch),
        case(back, patch, &json!({})),
    ]
}

fn operation_cases() -> Vec<Case> {
    let paid = |rest: &str| format!("{PAID}/{rest}");
    let form = json!({ "application/x-www-form-urlencoded": { "schema": {} } });
    let either = json!({ "security": [{ "signature": [] }, { "signature": [], "token": [] }] });
    [
        both_ways(
            ("event-added", false),
            ("event-removed", true),
            "#/webhooks/new",
            &json!({
                "webhooks": { "new": { "post": {} } },
            }),
        ),
        both_ways(
            ("method-added", true),
            ("method-removed", true),
            "#/webhooks/paid/put",
            &json!({
                "webhooks": { "paid": { "put": {} } },
            }),
        ),
        both_ways(
            ("payload-removed", true),
            ("payload-added", false),
            &paid("requestBody"),
            &operation(&json!({ "requestBody": null })),
        ),
        both_ways(
            ("payload-optional", true),
            ("payload-required", false),
            &paid("requestBody/required"),
            &operation(&json!({ "requestBody": { "required": false } })),
        ),
        both_ways(
            ("media-type-added", true),
            ("media-type-removed", false),
            &paid("requestBody/content/application~1x-www-form-urlencoded"),
            &operation(&json!({ "requestBody": { "content": form } })),
        ),
        both_ways(
            ("parameter-removed", true),
            ("parameter-added", false),
            &paid("parameters/0"),
            &operation(&json!({ "parameters": null })),
        ),
        both_ways(
            ("parameter-optional", true),
            ("parameter-required", false),
            &paid("parameters/0/required"),
            &header(&json!({ "required": false })),
        ),
        both_ways(
            ("parameter-style-changed", true),
            ("parameter-style-changed", true),
            &paid("parameters/0/explode"),
            &header(&json!({ "explode": true })),
        ),
        both_ways(
            ("response-header-demanded", true),
            ("response-header-optional", false),
            &paid("responses/410/headers/x-hook-secret"),
            &operation(&json!({
                "responses": { "410": { "headers": { "x-hook-secret": { "required": true, "schema": {} } } } },
            })),
        ),
        both_ways(
            ("security-alternative-added", true),
            ("security-alternative-removed", false),
            &paid("security/1"),
            &operation(&either),
        ),
        both_ways(
            ("security-removed", true),
            ("security-added", false),
            &paid("security/0"),
            &operation(&json!({ "security": [] })),
        ),
        both_ways(
            ("security-scheme-changed", true),
            ("security-scheme-changed", true),
            "#/components/securitySchemes/signature/name",
            &json!({ "components": { "securitySchemes": { "signature": { "name": "x-other" } } } }),
        ),
    ]
    .into_iter()
    .flatten()
    .chain(single_cases())
    .collect()
}

fn single_cases() -> Vec<Case> {
    let case = |rule, breaking, rest: &str, patch: Value| Case {
        rule,
        breaking,
        place: format!("{PAID}/{rest}"),
        old: json!({}),
        new: operation(&patch),
    };
    vec![
        case(
            "event-deprecated",
            false,
            "deprecated",
            json!({ "deprecated": true }),
        ),
        case(
            "operation-id-changed",
            false,
            "operationId",
            json!({ "operationId": "paid_post" }),
        ),
        case(
            "response-added",
            false,
            "responses/429",
            json!({ "responses": { "429": { "description": "Slow." } } }),
        ),
        case(
            "response-removed",
            true,
            "responses/200",
            json!({ "responses": { "200": null } }),
        ),
        case(
            "response-failure-removed",
            false,
            "responses/410",
            json!({ "responses": { "410": null } }),
        ),
        case(
            "response-body-removed",
            false,
            "responses/200/content",
            json!({
                "responses": { "200": { "content": null } },
            }),
        ),
        case(
            "response-body-added",
            true,
            "responses/410/content",
            json!({
                "responses": { "410": { "content": { "application/json": { "schema": {} } } } },
            }),
        ),
    ]
}

#[test]
fn each_rule_finds_its_change_at_its_place_and_nothing_else_does() {
    for Case {
        rule,
        breaking,
        place,
        old,
        new,
    } in operation_cases().into_iter().chain(schema::cases())
    {
        let changes = compare(&old, &new);
        let [change] = changes.as_slice() else {
            panic!("{rule}: expected one change, found {changes:#?}")
        };
        assert_eq!(
            (change.rule, change.breaking),
            (rule, breaking),
            "{change:?}"
        );
        // What forbids further members is a member of the schema.
        let found = change.pointer.to_string();
        assert_eq!(
            found.trim_end_matches("/additionalProperties"),
            place,
            "{change:?}"
        );
        let event = if rule.starts_with("event-") && place.ends_with("new") {
            "new"
        } else {
            "paid"
        };
        assert_eq!(change.events, [event], "{change:?}");
    }
}

#[test]
fn each_rule_has_a_case_and_a_name_of_its_own() {
    let cases = operation_cases().into_iter().chain(schema::cases());
    let tested: BTreeSet<&str> = cases.map(|case| case.rule).collect();
    let names = rules();
    assert_eq!(
        names.len(),
        names.iter().collect::<BTreeSet<_>>().len(),
        "two rules have one name"
    );
    assert_eq!(tested, names.into_iter().collect());
}
