//! Changes of schemas, one for each rule.

use serde_json::{Value, json};

use super::{Case, PAYMENT, base, both_ways, payment, property};

pub(super) fn cases() -> Vec<Case> {
    let at = |rest: &str| format!("{PAYMENT}{rest}");
    let further = json!({ "oneOf": [
        { "$ref": "#/components/schemas/Card" },
        { "$ref": "#/components/schemas/Bank" },
        { "$ref": "#/components/schemas/Cash" },
    ] });
    [
        both_ways(
            ("type-widened", true),
            ("type-narrowed", false),
            &at("/properties/amount/type"),
            &property("amount", &json!({ "type": "number" })),
        ),
        both_ways(
            ("type-changed", true),
            ("type-changed", true),
            &at("/properties/amount/type"),
            &property("amount", &json!({ "type": "string", "minimum": null })),
        ),
        both_ways(
            ("null-allowed", true),
            ("null-forbidden", false),
            &at("/properties/amount"),
            &property("amount", &json!({ "type": ["integer", "null"] })),
        ),
        both_ways(
            ("enum-value-added", true),
            ("enum-value-removed", false),
            &at("/properties/currency/enum"),
            &property("currency", &json!({ "enum": ["EUR", "USD", "GBP"] })),
        ),
        both_ways(
            ("format-removed", true),
            ("format-added", false),
            &at("/properties/when/format"),
            &property("when", &json!({ "format": null })),
        ),
        both_ways(
            ("format-changed", true),
            ("format-changed", true),
            &at("/properties/when/format"),
            &property("when", &json!({ "format": "date-time" })),
        ),
        both_ways(
            ("bound-loosened", true),
            ("bound-tightened", false),
            &at("/properties/amount/minimum"),
            &property("amount", &json!({ "minimum": -1 })),
        ),
        both_ways(
            ("constraint-removed", true),
            ("constraint-added", false),
            &at("/properties/note/pattern"),
            &property("note", &json!({ "pattern": null })),
        ),
        both_ways(
            ("constraint-changed", true),
            ("constraint-changed", true),
            &at("/properties/note/pattern"),
            &property("note", &json!({ "pattern": "^b" })),
        ),
        both_ways(
            ("property-removed", true),
            ("property-added", false),
            &at("/properties/note"),
            &property("note", &Value::Null),
        ),
        both_ways(
            ("property-removed", true),
            ("required-property-added", true),
            &at("/properties/amount"),
            &payment(&json!({ "properties": { "amount": null }, "required": [] })),
        ),
        both_ways(
            ("property-optional", true),
            ("property-required", false),
            &at("/properties/amount"),
            &payment(&json!({ "required": [] })),
        ),
        both_ways(
            ("variant-added", true),
            ("variant-removed", false),
            "#/components/schemas/Cash",
            &property("by", &further),
        ),
    ]
    .into_iter()
    .flatten()
    .chain([name_reused()])
    .chain(both_ways(
        ("members-forbidden", false),
        ("members-allowed", true),
        PAYMENT,
        &payment(&json!({ "additionalProperties": false })),
    ))
    .collect()
}

/// The type that was called `Card` is called `Ticket`, and the one that was called `Cash` is called `Card`.
fn name_reused() -> Case {
    let base = base();
    let schemas = &base["components"]["schemas"];
    let by = |first: &str| json!({ "oneOf": [{ "$ref": first }, { "$ref": "#/components/schemas/Bank" }] });
    let payment =
        |by: &Value, extra: &str| json!({ "properties": { "by": by, "extra": { "$ref": extra } } });
    Case {
        rule: "component-name-reused",
        breaking: true,
        place: "#/components/schemas/Card".to_owned(),
        old: json!({ "components": { "schemas": {
            "Payment": payment(&by("#/components/schemas/Card"), "#/components/schemas/Cash"),
        } } }),
        new: json!({ "components": { "schemas": {
            "Payment": payment(&by("#/components/schemas/Ticket"), "#/components/schemas/Card"),
            "Card": { "properties": { "number": null, "till": schemas["Cash"]["properties"]["till"] } },
            "Ticket": schemas["Card"],
        } } }),
    }
}
