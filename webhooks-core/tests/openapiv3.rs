//! Documents of OpenAPI 3.0 in the types of `openapiv3`: in without loss, out with a list of what was lost.

use std::collections::BTreeMap;

use openapiv3 as v3;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::Projection;
use webhooks_core::openapi::{
    self, ExternalDocumentation, Info, SecurityScheme, Server, Tag, upgrade,
};
use webhooks_core::{
    Descriptor, Method, OpenApi, PayloadInfo, RequestSecurity, Webhooks, json_value,
};

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema matters")]
enum Way {
    Card { last_four: String },
    Transfer(Transfer),
    Cash,
}

#[derive(Serialize, JsonSchema)]
struct Transfer {
    /// The account.
    iban: Option<String>,
    parent: Option<Box<Transfer>>,
}

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
    #[schemars(range(min = 1, max = 9))]
    count: u8,
    way: Way,
    #[schemars(example = &"a")]
    note: Option<String>,
    anything: Value,
    by_name: BTreeMap<String, Transfer>,
}

static CREATED: Descriptor = Descriptor::post("payment.created").payload::<Payment>();
static SYNCED: Descriptor = Descriptor::new("payment.synced", &[Method::Put, Method::Get])
    .with_payload(PayloadInfo::json::<Payment>().optional());

fn ours() -> webhooks_core::Document {
    let webhooks = Webhooks::new()
        .with(&CREATED)
        .with(&SYNCED)
        .signed(RequestSecurity::standard_webhooks());
    OpenApi::new("Payments", "1.0.0")
        .webhooks(webhooks.build().expect("webhooks"))
        .build()
        .expect("a document")
}

/// A document of 3.0 that says one thing of each kind.
fn theirs() -> v3::OpenAPI {
    serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "2", "description": "d", "x-info": 1,
            "contact": { "name": "n", "x-c": 1 }, "license": { "name": "MIT", "x-l": 1 } },
        "servers": [{ "url": "/{v}", "variables": { "v": { "default": "1", "enum": ["1"] } }, "x-s": 1 }],
        "tags": [{ "name": "t", "description": "d", "externalDocs": { "url": "u", "x-d": 1 }, "x-t": 1 }],
        "paths": { "/orders": { "get": { "operationId": "orders", "responses": { "200": {
            "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } },
        } } } } },
        "components": {
            "schemas": { "Order": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "integer", "format": "int64", "minimum": 0, "exclusiveMinimum": true },
                "note": { "type": "string", "nullable": true, "example": "hi" },
                "parent": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Order" }] },
                "file": { "type": "string", "format": "byte" },
                "nullable": { "type": "boolean", "default": false },
            }, "additionalProperties": false } },
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key", "x-k": 1 } },
        },
        "x-root": [1],
    }))
    .expect("a document of 3.0")
}

#[test]
fn a_3_0_document_is_merged_and_projected_back_unchanged() {
    let mine = theirs();
    let merged = OpenApi::with_info(Info::from(mine.info.clone()))
        .merge(&mine)
        .build()
        .expect("a document");
    assert_eq!(merged.warnings(), []);
    let back = merged.to_openapiv3().expect("a projection");
    assert_eq!(back.losses, []);
    assert_eq!(json_value(&back.document), json_value(&mine));
}

#[test]
fn our_document_is_projected_without_a_loss_and_upgraded_back() {
    let document = ours();
    let projection = document.to_openapiv3().expect("a projection");
    assert_eq!(projection.losses, []);
    let mut back = json_value(&projection.document);
    upgrade(&mut back);
    let original = document.to_value();
    assert_eq!(back["webhooks"].as_object().expect("webhooks").len(), 2);
    // `const` became an `enum` of one, and what stands next to a `$ref` moved: the meaning is the same, the words are not.
    for pointer in [
        "/info",
        "/tags",
        "/components/securitySchemes",
        "/components/schemas/Transfer",
    ] {
        assert_eq!(
            back.pointer(pointer),
            original.pointer(pointer),
            "{pointer}"
        );
    }
    let properties = "/components/schemas/Payment/properties";
    for name in ["amount", "note", "by_name", "way"] {
        let pointer = format!("{properties}/{name}");
        assert_eq!(back.pointer(&pointer), original.pointer(&pointer), "{name}");
    }
}

#[test]
fn webhooks_are_typed_path_items_and_stand_under_x_webhooks() {
    let projection = ours().to_openapiv3().expect("a projection");
    let synced = &projection.webhooks["payment.synced"];
    assert!(synced.get.is_some() && synced.put.is_some() && synced.post.is_none());
    let text = json_value(&projection.document);
    assert_eq!(
        text["x-webhooks"]["payment.synced"]["put"]["operationId"],
        "payment_synced_put"
    );
    assert!(text.get("webhooks").is_none());
    let read: v3::OpenAPI = serde_json::from_value(text).expect("its own document");
    assert_eq!(read, projection.document);
}

#[test]
fn every_loss_has_its_pointer() {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1", "summary": "s", "license": { "name": "MIT", "identifier": "MIT" } },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "webhooks": { "a/b": { "post": {
            "security": [{ "tls": [] }, { "key": ["role"] }],
            "requestBody": { "content": { "application/json": { "schema": {
                "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false,
            } } } },
        } }, "shared": { "$ref": "#/components/pathItems/P" } },
        "components": {
            "schemas": { "S": {
                "type": ["object", "null"], "patternProperties": { "^a": { "type": "string" } }, "additionalProperties": false,
                "properties": {
                    "large": { "type": "integer", "maximum": u64::MAX },
                    "never": false, "always": true, "fixed": { "const": 1 }, "several": { "type": ["string", "integer"] },
                    "more": { "examples": [1, 2] }, "if": { "if": {}, "then": {} },
                },
            } },
            "securitySchemes": { "tls": { "type": "mutualTLS" }, "key": { "type": "apiKey", "in": "header", "name": "k" } },
            "pathItems": { "P": { "post": { "responses": {} } } },
        },
    });
    let projection = Projection::of(document).expect("a projection");
    let mut places: Vec<&str> = projection
        .losses
        .iter()
        .map(openapi::Loss::pointer)
        .collect();
    places.dedup();
    assert_eq!(
        places,
        [
            "#/components/schemas/S/patternProperties",
            "#/components/schemas/S/properties/if/if",
            "#/components/schemas/S/properties/if/then",
            "#/components/schemas/S/properties/large/maximum",
            "#/components/schemas/S/properties/more/examples",
            "#/components/securitySchemes/tls",
            "#/info/summary",
            "#/jsonSchemaDialect",
            "#/webhooks/a~1b/post/requestBody/content/application~1json/schema/prefixItems",
            "#/webhooks/a~1b/post/security/0/tls",
            "#/webhooks/a~1b/post/security/1/key",
        ]
    );
    let value = json_value(&projection.document);
    let schema = &value["components"]["schemas"]["S"];
    let expected = json!({ "nullable": true, "type": "object", "properties": {
        "large": { "type": "integer", "maximum": 18_446_744_073_709_551_615.0 },
        "never": { "not": {} }, "always": {}, "fixed": { "enum": [1] },
        "several": { "anyOf": [{ "type": "string" }, { "type": "integer" }] }, "more": { "example": 1 }, "if": {},
    }, "additionalProperties": { "type": "string" } });
    assert_eq!(schema, &expected);
    let list = value.pointer("/x-webhooks/a~1b/post/requestBody/content/application~1json/schema");
    let items = json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] });
    assert_eq!(
        list,
        Some(&json!({ "type": "array", "items": items, "maxItems": 2 }))
    );
    assert!(
        projection.webhooks["shared"].post.is_some(),
        "a path item of the components is written out"
    );
    assert_eq!(
        value["info"]["license"]["url"],
        "https://spdx.org/licenses/MIT.html"
    );
}

#[test]
fn what_is_no_openapi_at_all_is_refused_with_its_pointer() {
    let wrong = json!({
        "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
        "paths": { "/a/b": { "get": { "responses": { "200": { "content": 3 } } } } },
    });
    let error = Projection::of(wrong).expect_err("no document");
    assert!(
        error
            .to_string()
            .starts_with("#/paths/~1a~1b is not OpenAPI 3.0"),
        "{error}"
    );
    let error = Projection::of(json!({ "openapi": "3.1.0" })).expect_err("no info");
    assert!(
        error.to_string().contains("missing field `info`"),
        "{error}"
    );
}

#[test]
fn a_schema_that_the_types_cannot_hold_is_replaced_and_listed() {
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
        "components": { "schemas": { "S": { "properties": { "a": { "maxLength": "x" }, "b": { "type": "string" } } } } },
    });
    let projection = Projection::of(document).expect("a projection");
    assert_eq!(
        projection.losses[0].pointer(),
        "#/components/schemas/S/properties/a"
    );
    let value = json_value(&projection.document);
    assert_eq!(
        value["components"]["schemas"]["S"]["properties"],
        json!({ "a": {}, "b": { "type": "string" } })
    );
}

#[test]
fn the_parts_said_once_are_converted_without_loss() {
    let mine = theirs();
    let original = json_value(&mine);
    assert_eq!(json_value(&Info::from(mine.info)), original["info"]);
    let mut server = original["servers"][0].clone();
    server["variables"]["v"]
        .as_object_mut()
        .expect("a variable")
        .shift_remove("description");
    assert_eq!(json_value(&Server::from(mine.servers[0].clone())), server);
    assert_eq!(
        json_value(&Tag::from(mine.tags[0].clone())),
        original["tags"][0]
    );
    let docs = mine.tags[0].external_docs.clone().expect("docs");
    assert_eq!(
        json_value(&ExternalDocumentation::from(docs)),
        original["tags"][0]["externalDocs"]
    );
    let schemes = mine.components.expect("components").security_schemes;
    let scheme = schemes["key"].as_item().expect("a scheme").clone();
    assert_eq!(
        json_value(&SecurityScheme::from(scheme)),
        original["components"]["securitySchemes"]["key"]
    );
}
