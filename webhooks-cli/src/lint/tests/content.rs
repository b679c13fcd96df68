//! Defects of payloads, references and schemas, one for each rule.

use serde_json::{Value, json};

use super::{on_schemas, with_content};

pub(super) fn cases() -> Vec<(&'static str, &'static str, Value)> {
    let inline = json!({ "schema": { "$ref": null, "type": "object", "properties": { "a": {} } } });
    let with_property =
        |schema: &Value| on_schemas(&json!({ "Payment": { "properties": { "a": schema } } }));
    vec![
        (
            "payload-content-missing",
            "#/webhooks/paid/post/requestBody/content",
            with_content(&Value::Null),
        ),
        (
            "payload-schema-missing",
            "#/webhooks/paid/post/requestBody/content/application~1json/schema",
            with_content(&json!({ "schema": null, "example": 1 })),
        ),
        (
            "payload-inline",
            "#/webhooks/paid/post/requestBody/content/application~1json/schema",
            with_content(&inline),
        ),
        (
            "reference-dangling",
            "#/components/schemas/Payment/properties/a/$ref",
            with_property(&json!({ "$ref": "#/components/schemas/Nothing" })),
        ),
        (
            "reference-cyclic",
            "#/components/schemas/Payment/properties/a/$ref",
            with_property(&json!({ "$ref": "#/components/schemas/Payment/properties/a" })),
        ),
        (
            "component-unused",
            "#/components/schemas/Old",
            on_schemas(&json!({ "Old": {} })),
        ),
        (
            "schema-type",
            "#/components/schemas/Payment/properties/a/type",
            with_property(&json!({ "type": "strng" })),
        ),
        (
            "schema-nullable",
            "#/components/schemas/Payment/properties/a/nullable",
            with_property(&json!({ "type": "string", "nullable": true })),
        ),
        (
            "schema-required-undefined",
            "#/components/schemas/Payment/required/0",
            on_schemas(&json!({ "Payment": { "required": ["amonut"] } })),
        ),
        (
            "component-name",
            "#/components/responses/no such",
            json!({ "components": { "responses": { "no such": { "description": "None." } } } }),
        ),
    ]
}
