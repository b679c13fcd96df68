//! A document written for tools that read no references, no OpenAPI, or an older version of it.

use serde_json::{Value, json};
use webhooks_core::openapi::{downgrade, inline, json_schemas};

/// A document of one webhook whose payload is this schema, with these components.
fn document(schema: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shop", "version": "1" },
        "paths": {},
        "webhooks": { "order.paid": { "post": {
            "requestBody": { "content": { "application/json": { "schema": schema } } },
            "responses": { "2XX": { "description": "Thanks" } },
        } } },
        "components": { "schemas": schemas },
    })
}

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

const SCHEMA: &str = "/webhooks/order.paid/post/requestBody/content/application~1json/schema";

/// The payload with everything written out, and the notes.
fn inlined(schema: &Value, schemas: &Value) -> (Value, Vec<String>) {
    let inlined = inline(document(schema, schemas)).expect("it is small");
    (
        inlined.document.pointer(SCHEMA).expect("a schema").clone(),
        inlined.notes,
    )
}

#[test]
fn references_are_written_out_through_all_levels() {
    let schemas = json!({
        "Order": { "properties": { "lines": { "type": "array", "items": to("Line") } } },
        "Line": { "properties": { "price": to("Money") } },
        "Money": { "type": "number" },
    });
    let (schema, notes) = inlined(&to("Order"), &schemas);
    let line = json!({ "properties": { "price": { "type": "number" } } });
    assert_eq!(
        schema,
        json!({ "properties": { "lines": { "type": "array", "items": line } } })
    );
    assert!(notes.is_empty());
}

#[test]
fn every_kind_of_reference_below_webhooks_is_written_out_and_the_rest_stays() {
    let mut document = document(&to("A"), &json!({ "A": { "type": "string" } }));
    document["webhooks"]["shared"] = json!({ "$ref": "#/components/pathItems/P" });
    document["paths"]["/a"] = json!({ "$ref": "#/components/pathItems/P" });
    document["components"]["pathItems"] = json!({ "P": { "post": {
        "parameters": [{ "$ref": "#/components/parameters/Id" }],
        "requestBody": { "$ref": "#/components/requestBodies/B" },
        "responses": { "200": { "$ref": "#/components/responses/R" } },
    } } });
    document["components"]["parameters"] =
        json!({ "Id": { "name": "id", "in": "header", "schema": to("A") } });
    document["components"]["requestBodies"] = json!({ "B": { "content": { "application/json": {
        "schema": to("A"), "examples": { "e": { "$ref": "#/components/examples/E" } },
    } } } });
    document["components"]["responses"] =
        json!({ "R": { "description": "d", "headers": { "h": { "schema": to("A") } } } });
    document["components"]["examples"] = json!({ "E": { "value": { "$ref": "data" } } });
    let inlined = inline(document.clone()).expect("it is small").document;
    let text = inlined["webhooks"].to_string();
    assert_eq!(text.matches("$ref").count(), 1, "only data: {text}");
    assert_eq!(inlined["paths"], document["paths"]);
    assert_eq!(inlined["components"], document["components"]);
}

#[test]
fn a_type_that_contains_itself_is_cut_where_it_begins_again() {
    let schemas =
        json!({ "Tree": { "properties": { "left": to("Tree"), "name": { "type": "string" } } } });
    let (schema, notes) = inlined(&to("Tree"), &schemas);
    let cut = json!({ "title": "Tree", "description": "Contains itself: see Tree above." });
    assert_eq!(
        schema,
        json!({ "properties": { "left": cut, "name": { "type": "string" } } })
    );
    assert_eq!(
        notes,
        [format!("#{SCHEMA}/properties/left: Tree contains itself")]
    );
}

#[test]
fn circles_and_what_is_missing_end_in_a_schema_that_allows_everything() {
    let schemas = json!({ "A": to("B"), "B": to("A") });
    let (schema, notes) = inlined(&to("A"), &schemas);
    assert_eq!((&schema["title"], notes.len()), (&json!("A"), 1));
    let (schema, notes) = inlined(&to("Gone"), &json!({}));
    assert_eq!(schema, json!({}));
    assert_eq!(
        notes,
        [format!(
            "#{SCHEMA}: `#/components/schemas/Gone` is not in the document"
        )]
    );
}

#[test]
fn what_stands_beside_a_reference_keeps_its_meaning() {
    let schemas = json!({
        "Card": { "type": "object", "required": ["last"], "properties": { "last": { "type": "string" } } },
        "Closed": { "type": "object", "additionalProperties": false },
    });
    let with_sibling = |name: &str, more: Value| {
        let mut schema = to(name);
        schema
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        inlined(&schema, &schemas).0
    };
    assert_eq!(
        with_sibling("Closed", json!({ "description": "d" })),
        json!({
        "type": "object", "additionalProperties": false, "description": "d" })
    );
    let kind = json!({ "const": "card" });
    assert_eq!(
        with_sibling(
            "Card",
            json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } })
        ),
        json!({
        "type": "object", "required": ["last", "kind"], "properties": { "last": { "type": "string" }, "kind": kind } })
    );
    assert_eq!(
        with_sibling("Closed", json!({ "properties": { "kind": kind } })),
        json!({
        "properties": { "kind": kind }, "allOf": [{ "type": "object", "additionalProperties": false }] })
    );
}

#[test]
fn the_3_0_document_without_references_has_webhooks_in_one_place() {
    let old = downgrade(document(
        &to("A"),
        &json!({ "A": { "type": ["string", "null"] } }),
    ))
    .document;
    let inlined = inline(old).expect("it is small").document;
    let schema = inlined.pointer(&SCHEMA.replace("/webhooks", "/x-webhooks"));
    assert_eq!(schema, Some(&json!({ "type": "string", "nullable": true })));
    assert!(inlined.get("webhooks").is_none());
}

#[test]
fn a_schema_stands_alone_with_a_stable_id_and_its_definitions() {
    let schemas = json!({
        "Order": { "type": "object", "properties": { "line": to("Line"), "parent": to("Order"), "way": to("a~1b"), "gone": to("Gone") } },
        "Line": { "properties": { "order": to("Order"), "first": { "$ref": "#/components/schemas/Line/properties/order" } },
            "example": { "a": 1 }, "xml": {}, "discriminator": { "propertyName": "p" } },
        "a/b": true,
        "Unused": {},
    });
    let found = json_schemas(&document(&to("Order"), &schemas), "https://example.com/s/");
    assert_eq!(
        found.files["order.paid.schema.json"],
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.com/s/order.paid.schema.json",
            "title": "Order",
            "type": "object",
            "properties": {
                "line": { "$ref": "#/$defs/Line" }, "parent": { "$ref": "#" }, "way": { "$ref": "#/$defs/a~1b" }, "gone": {},
            },
            "$defs": {
                "Line": {
                    "properties": { "order": { "$ref": "#" }, "first": { "$ref": "#/$defs/Line/properties/order" } },
                    "examples": [{ "a": 1 }],
                },
                "a/b": true,
            },
        })
    );
}

#[test]
fn a_payload_that_is_not_in_the_document_allows_everything() {
    let found = json_schemas(&document(&to("Gone"), &json!({})), "");
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "order.paid.schema.json",
    });
    assert_eq!(found.files["order.paid.schema.json"], schema);
}

#[test]
fn an_event_whose_methods_differ_has_a_file_for_each_and_odd_names_are_escaped() {
    let content = |schema: Value| {
        json!({ "requestBody": { "content": { "text/plain": {}, "application/json": {
        "schema": schema, "example": 1 } } } })
    };
    let mut document = document(&json!({ "type": "string" }), &json!({}));
    document["webhooks"] = json!({
        "Push Hook/ä": { "post": content(json!({})), "put": content(json!(true)), "get": { "deprecated": true } },
        "same": { "post": content(json!(false)), "patch": content(json!(false)) },
        "x-ray.done": { "post": content(json!({ "type": "integer" })) },
    });
    let found = json_schemas(&document, "");
    let names: Vec<_> = found.files.keys().collect();
    assert_eq!(
        names,
        [
            "Push%20Hook%2F%C3%A4.put.schema.json",
            "Push%20Hook%2F%C3%A4.post.schema.json",
            "same.schema.json",
            "x-ray.done.schema.json"
        ]
    );
    let entry = &found.index["webhooks"][0];
    assert_eq!(
        (&entry["deprecated"], &entry["methodsWithoutPayload"]),
        (&json!(true), &json!(["GET"]))
    );
    assert_eq!(
        entry["payloads"][0],
        json!({
        "methods": ["PUT"], "contentType": "application/json", "schema": names[0], "examples": [1] })
    );
    assert_eq!(
        found.index["webhooks"][1]["payloads"][0]["methods"],
        json!(["POST", "PATCH"])
    );
    assert_eq!(found.files["same.schema.json"]["not"], json!({}));
}

#[test]
fn documents_of_any_shape_are_no_reason_to_panic() {
    for odd in [
        json!(null),
        json!([]),
        json!({ "webhooks": [] }),
        json!({ "webhooks": { "a": null, "b": { "post": 1 } } }),
        json!({ "openapi": "3.1.0", "webhooks": { "a": { "post": { "requestBody": { "content": { "x": 1 } } } } },
            "components": { "schemas": [1], "securitySchemes": 3 }, "info": "i", "security": 1 }),
        json!({ "webhooks": { "a": { "$ref": "#/webhooks/a" } }, "components": { "pathItems": {
            "P": { "$ref": "#/components/pathItems/P" } } } }),
    ] {
        let _ = json_schemas(&odd, "");
        let _ = downgrade(odd.clone());
        let _ = inline(odd.clone());
        let mut old = odd.clone();
        if let Value::Object(members) = &mut old {
            members.insert("openapi".to_owned(), json!("3.0.0"));
        }
        webhooks_core::openapi::upgrade(&mut old);
    }
}
