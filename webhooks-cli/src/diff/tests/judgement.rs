//! What counts as a change at all, and for whom it is one.

use serde_json::{Value, json};

use super::{PAYMENT, base, compare, operation, payment, property};
use crate::diff::diff;
use crate::document::Document;
use crate::merge_patch::patched;

#[test]
fn a_document_does_not_differ_from_itself() {
    assert_eq!(compare(&json!({}), &json!({})), []);
}

#[test]
fn texts_examples_and_order_are_no_changes() {
    let texts =
        operation(&json!({ "summary": "New", "description": "New", "tags": ["a"], "x-a": 1 }));
    assert_eq!(compare(&json!({}), &texts), []);
    assert_eq!(
        compare(
            &json!({}),
            &property("amount", &json!({ "description": "New", "example": 1 }))
        ),
        []
    );
    assert_eq!(
        compare(
            &json!({}),
            &property("currency", &json!({ "enum": ["USD", "EUR"] }))
        ),
        []
    );
}

#[test]
fn a_response_is_judged_the_other_way_round() {
    let answer = |patch: Value| json!({ "components": { "schemas": { "Answer": patch } } });
    let verdicts = |new: Value| -> Vec<_> {
        compare(&json!({}), &new)
            .into_iter()
            .map(|change| (change.rule, change.breaking))
            .collect()
    };
    assert_eq!(
        verdicts(answer(json!({ "required": ["ok"] }))),
        [("property-required", true)]
    );
    assert_eq!(
        verdicts(answer(json!({ "properties": { "ok": null } }))),
        [("property-removed", false)]
    );
    let wider = answer(json!({ "properties": { "ok": { "type": ["boolean", "string"] } } }));
    assert_eq!(verdicts(wider), [("type-widened", false)]);
    let demanded = answer(json!({ "properties": { "why": {} }, "required": ["why"] }));
    assert_eq!(verdicts(demanded), [("required-property-added", true)]);
}

#[test]
fn what_the_old_document_ruled_out_with_false_is_a_constraint() {
    let closed = property("note", &json!({ "unevaluatedItems": false }));
    let verdicts = |old: &Value, new: &Value| -> Vec<_> {
        compare(old, new)
            .into_iter()
            .map(|change| (change.rule, change.breaking))
            .collect()
    };
    assert_eq!(
        verdicts(&closed, &json!({})),
        [("constraint-removed", true)]
    );
    let flag = property("note", &json!({ "uniqueItems": false }));
    assert_eq!(verdicts(&flag, &json!({})), []);
}

#[test]
fn null_beside_a_reference_is_null_in_documents_of_3_0_too() {
    let of = |extra: Value| {
        let mut by = json!({ "allOf": [{ "$ref": "#/components/schemas/Card" }], "oneOf": null });
        by.as_object_mut()
            .expect("an object")
            .extend(extra.as_object().expect("an object").clone());
        property("by", &by)
    };
    let changes = compare(&of(json!({})), &of(json!({ "nullable": true })));
    let found: Vec<_> = changes
        .iter()
        .map(|change| (change.rule, change.breaking))
        .collect();
    assert_eq!(found, [("null-allowed", true)]);
}

#[test]
fn a_property_that_every_payload_must_have_breaks_what_was_made_before() {
    let more = |required: Value| {
        payment(&json!({ "properties": { "new": { "type": "string" } }, "required": required }))
    };
    let verdicts = |new: Value| -> Vec<_> {
        compare(&json!({}), &new)
            .into_iter()
            .map(|change| (change.rule, change.breaking))
            .collect()
    };
    assert_eq!(
        verdicts(more(json!(["amount"]))),
        [("property-added", false)]
    );
    assert_eq!(
        verdicts(more(json!(["amount", "new"]))),
        [("required-property-added", true)]
    );
}

#[test]
fn a_header_of_a_response_is_what_the_receiver_writes() {
    let header =
        |header: Value| operation(&json!({ "responses": { "410": { "headers": header } } }));
    let optional = header(json!({ "x-a": { "schema": { "type": "string" } } }));
    assert_eq!(compare(&json!({}), &optional), []);
    assert_eq!(compare(&optional, &json!({})), []);
    let narrower = header(
        json!({ "X-A": { "schema": { "type": "string", "maxLength": 3 } }, "Content-Type": { "required": true } }),
    );
    let changes: Vec<_> = compare(&optional, &narrower)
        .into_iter()
        .map(|change| (change.rule, change.breaking))
        .collect();
    assert_eq!(changes, [("bound-tightened", true)]);
}

#[test]
fn a_closed_payload_breaks_when_a_property_is_added() {
    let closed = payment(&json!({ "additionalProperties": false }));
    let more = payment(
        &json!({ "additionalProperties": false, "properties": { "new": { "type": "string" } } }),
    );
    let changes = compare(&closed, &more);
    assert_eq!(
        (changes.len(), changes[0].rule, changes[0].breaking),
        (1, "property-added", true)
    );
}

#[test]
fn a_range_of_responses_covers_the_one_it_replaces() {
    let range = operation(
        &json!({ "responses": { "200": null, "2XX": base()["webhooks"]["paid"]["post"]["responses"]["200"] } }),
    );
    let rules: Vec<_> = compare(&json!({}), &range)
        .into_iter()
        .map(|change| change.rule)
        .collect();
    assert_eq!(rules, ["response-added"]);
}

#[test]
fn one_schema_written_in_two_ways_is_one_schema() {
    let named = |schema: &Value| property("by", &patched(schema, &json!({})));
    let plain = named(&json!({ "oneOf": null, "$ref": "#/components/schemas/Card" }));
    let ways = [
        json!({ "oneOf": null, "allOf": [{ "$ref": "#/components/schemas/Card" }] }),
        json!({ "oneOf": null, "type": "object", "properties": { "number": { "type": "string" } } }),
        json!({ "oneOf": [{ "$ref": "#/components/schemas/Card" }] }),
    ];
    for way in ways {
        assert_eq!(compare(&plain, &named(&way)), [], "{way}");
    }
    let nullable =
        named(&json!({ "oneOf": [{ "$ref": "#/components/schemas/Card" }, { "type": "null" }] }));
    let rules: Vec<_> = compare(&plain, &nullable)
        .into_iter()
        .map(|change| change.rule)
        .collect();
    assert_eq!(rules, ["null-allowed"]);
    let constants = property(
        "currency",
        &json!({ "enum": null, "oneOf": [{ "const": "EUR" }, { "const": "USD" }] }),
    );
    assert_eq!(compare(&json!({}), &constants), []);
}

#[test]
fn a_schema_that_contains_itself_is_compared_once() {
    let around = |name: &str, kind: &str| {
        property(
            "next",
            &json!({ "$ref": PAYMENT, "description": name, "type": kind }),
        )
    };
    assert_eq!(compare(&around("a", "object"), &around("b", "object")), []);
}

#[test]
fn an_unfolding_bomb_of_references_is_compared_in_no_time() {
    let mut schemas = serde_json::Map::new();
    for level in 0..60 {
        let next = json!({ "$ref": format!("#/components/schemas/L{}", level + 1) });
        let schema = json!({ "allOf": [next, next], "properties": { "a": next, "b": next }, "oneOf": [next, next] });
        schemas.insert(format!("L{level}"), schema);
    }
    schemas.insert("L60".into(), json!({ "type": "string" }));
    schemas.insert(
        "Payment".into(),
        json!({ "properties": { "bomb": { "$ref": "#/components/schemas/L0" } } }),
    );
    let bomb = json!({ "components": { "schemas": schemas } });
    let mut other = bomb.clone();
    other["components"]["schemas"]["L60"]["type"] = json!("integer");
    let changes = compare(&bomb, &other);
    assert!(
        changes.iter().any(|change| change.rule == "type-changed"),
        "{changes:?}"
    );
}

#[test]
fn a_reference_to_nothing_names_the_document_and_the_place() {
    let broken = property(
        "amount",
        &json!({ "$ref": "#/components/schemas/Nothing", "type": null, "minimum": null }),
    );
    let document = |patch| Document::from_value(patched(&base(), patch)).expect("a document");
    let error = diff(&document(&json!({})), &document(&broken))
        .expect_err("a dangling reference")
        .to_string();
    assert!(
        error.starts_with(&format!(
            "the new document: {PAYMENT}/properties/amount/$ref: "
        )),
        "{error}"
    );
}

#[test]
fn a_change_of_a_shared_schema_is_one_change_with_all_events() {
    let shared = json!({ "webhooks": { "refunded": base()["webhooks"]["paid"] } });
    let changes = compare(
        &shared,
        &patched(&shared, &property("note", &json!({ "type": "string" }))),
    );
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].events, ["paid", "refunded"]);
}

/// A document whose events carry these components, each with one property of its own name.
fn carrying(events: &[(&str, &str)], components: &[(&str, &[&str])]) -> Document {
    let webhook = |(event, name): &(&str, &str)| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let body = json!({ "content": { "application/json": { "schema": schema } } });
        (
            (*event).to_owned(),
            json!({ "post": { "requestBody": body } }),
        )
    };
    let component = |(name, properties): &(&str, &[&str])| {
        let properties: serde_json::Map<_, _> = properties
            .iter()
            .map(|property| ((*property).to_owned(), json!({ "type": "string" })))
            .collect();
        (
            (*name).to_owned(),
            json!({ "type": "object", "properties": properties }),
        )
    };
    Document::from_value(json!({
        "openapi": "3.1.0",
        "webhooks": events.iter().map(webhook).collect::<serde_json::Map<_, _>>(),
        "components": {
            "schemas": components.iter().map(component).collect::<serde_json::Map<_, _>>(),
        },
    }))
    .expect("a document")
}

/// The names that mean another type, with what is said of them.
fn reused(old: &Document, new: &Document) -> Vec<(String, String)> {
    let changes = diff(old, new).expect("documents that can be compared");
    let reused = changes
        .into_iter()
        .filter(|change| change.rule == "component-name-reused");
    reused
        .map(|change| (change.pointer.to_string(), change.message))
        .collect()
}

#[test]
fn a_new_event_that_takes_over_a_numbered_name_is_found() {
    let old = carrying(
        &[("a", "Pay"), ("b", "Pay2")],
        &[("Pay", &["x"]), ("Pay2", &["y"])],
    );
    let new = carrying(
        &[("0", "Pay"), ("a", "Pay2"), ("b", "Pay")],
        &[("Pay", &["y"]), ("Pay2", &["x"])],
    );
    let found = reused(&old, &new);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        found[0],
        (
            "#/components/schemas/Pay".to_owned(),
            "`Pay` means another type now; what it meant is called `Pay2`".to_owned()
        )
    );
}

#[test]
fn a_name_that_passes_from_a_removed_event_to_a_new_one_is_found() {
    let old = carrying(&[("a", "Pay")], &[("Pay", &["x", "z"])]);
    let new = carrying(&[("b", "Pay")], &[("Pay", &["y"])]);
    assert_eq!(reused(&old, &new).len(), 1);
}

#[test]
fn a_type_that_changed_or_was_renamed_keeps_its_meaning() {
    let old = carrying(&[("a", "Pay")], &[("Pay", &["x"])]);
    let changed = carrying(&[("a", "Pay")], &[("Pay", &["y"])]);
    assert_eq!(reused(&old, &changed), [], "its own rules judge the change");
    let renamed = carrying(&[("a", "Payment")], &[("Payment", &["x"])]);
    assert_eq!(reused(&old, &renamed), []);
    let evolved = carrying(&[("b", "Pay")], &[("Pay", &["x", "y"])]);
    assert_eq!(
        reused(&old, &evolved),
        [],
        "the same type under another event"
    );
}
