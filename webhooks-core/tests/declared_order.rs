//! A type that a route's derive and a webhook's derive describe keeps the order in which it was declared.

use serde_json::json;
use webhooks_core::{Descriptor, OpenApi, Webhooks};

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Invoice {
    id: String,
    customer: String,
    amount: u32,
}

static CREATED: Descriptor = Descriptor::post("invoice.created").payload::<Invoice>();

/// What utoipa writes of the type: its fields sorted by name.
fn with_sorted_fields() -> serde_json::Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", "description": "", "license": {"name": ""}},
        "paths": {},
        "components": {"schemas": {"Invoice": {
            "type": "object",
            "required": ["id", "customer", "amount"],
            "properties": {
                "amount": {"type": "integer", "format": "int32", "minimum": 0},
                "customer": {"type": "string"},
                "id": {"type": "string"},
            },
        }}},
    })
}

#[test]
fn fields_that_another_derive_sorted_are_in_declared_order() {
    let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
    let document = OpenApi::new("Invoices", "1")
        .description("Ours.")
        .merge(with_sorted_fields())
        .webhooks(webhooks)
        .build()
        .expect("a document");
    let value = document.to_value();
    let properties = value["components"]["schemas"]["Invoice"]["properties"].as_object();
    let names: Vec<_> = properties.expect("an object").keys().collect();
    assert_eq!(names, ["id", "customer", "amount"]);
    // What the other derive says of the type stays.
    assert_eq!(
        value["components"]["schemas"]["Invoice"]["properties"]["amount"]["format"],
        "int32"
    );
}

#[test]
fn empty_texts_of_a_merged_document_are_not_texts() {
    let document = OpenApi::new("Invoices", "1")
        .description("Ours.")
        .merge(with_sorted_fields())
        .build()
        .expect("a document");
    assert_eq!(document.warnings(), []);
    assert_eq!(document.to_value()["info"].get("license"), None);
}
