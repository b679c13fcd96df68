//! Documents of each version of OpenAPI: 3.0, 3.1 and 3.2 come in, 3.1 and 3.2 go out.

use serde_json::{Value, json};
use webhooks_core::openapi::{OpenApiVersion, convert, downgrade};
use webhooks_core::{BuildError, Descriptor, OpenApi, Webhooks};

static CREATED: Descriptor = Descriptor::post("payment.created").payload::<u32>();

static ASKED: Descriptor = Descriptor::query("stock.asked").payload::<u32>();

fn openapi() -> OpenApi {
    let webhooks = Webhooks::new().with(&CREATED).build();
    OpenApi::new("Payments", "1.0.0").webhooks(webhooks.expect("webhooks"))
}

fn asking() -> OpenApi {
    let webhooks = Webhooks::new().with(&ASKED).build();
    OpenApi::new("Payments", "1.0.0").webhooks(webhooks.expect("webhooks"))
}

fn problems<T>(result: Result<T, BuildError>) -> String {
    result.err().expect("a document with problems").to_string()
}

fn of_3_2() -> Value {
    json!({
        "openapi": "3.2.1",
        "$self": "https://example.com/openapi.json",
        "tags": [{ "name": "a", "summary": "A", "parent": "b", "kind": "nav" }, { "name": "b" }],
        "paths": { "/a": { "query": { "operationId": "a", "responses": { "200": { "summary": "Well" } } },
            "additionalOperations": { "COPY": { "operationId": "c" } } } },
        "components": { "mediaTypes": { "M": { "itemSchema": { "type": "string" } } } },
    })
}

#[test]
fn the_version_is_3_1_unless_another_is_asked_for() {
    let version =
        |openapi: OpenApi| openapi.build().expect("a document").to_value()["openapi"].clone();
    assert_eq!(version(openapi()), "3.1.0");
    assert_eq!(version(openapi().version(OpenApiVersion::V3_1)), "3.1.0");
    assert_eq!(version(openapi().version(OpenApiVersion::V3_2)), "3.2.0");
}

#[test]
fn query_is_an_operation_of_3_2_and_an_error_in_3_1() {
    let text = problems(asking().build());
    assert!(
        text.contains("`stock.asked` (#/webhooks/stock.asked/query)"),
        "{text}"
    );
    assert!(text.contains("`.version(OpenApiVersion::V3_2)`"), "{text}");
    let document = asking().version(OpenApiVersion::V3_2).build();
    let document = document.expect("a document").to_value();
    let operation = &document["webhooks"]["stock.asked"]["query"];
    assert_eq!(operation["operationId"], "stock_asked_query");
    assert!(
        operation["requestBody"].is_object(),
        "a request of QUERY has a body"
    );
}

#[test]
fn a_document_of_3_2_is_merged_with_all_it_has_and_makes_the_whole_3_2() {
    let document = openapi().merge(of_3_2()).build().expect("a document");
    let (document, theirs) = (document.to_value(), of_3_2());
    assert_eq!(document["openapi"], "3.2.0");
    // The tag of the webhook comes first.
    assert_eq!(document["tags"][1], theirs["tags"][0]);
    for pointer in ["/$self", "/paths/~1a", "/components/mediaTypes"] {
        assert_eq!(
            document.pointer(pointer),
            theirs.pointer(pointer),
            "{pointer}"
        );
    }
    assert!(document["webhooks"]["payment.created"].is_object());
    let text = problems(
        openapi()
            .version(OpenApiVersion::V3_1)
            .merge(of_3_2())
            .build(),
    );
    assert!(
        text.contains("a merged document is OpenAPI 3.2.0"),
        "{text}"
    );
    let older = json!({ "openapi": "3.1.0", "paths": { "/b": {} } });
    for documents in [[older.clone(), of_3_2()], [of_3_2(), older]] {
        let both = documents.iter().fold(openapi(), OpenApi::merge).build();
        assert_eq!(both.expect("a document").to_value()["openapi"], "3.2.0");
    }
}

#[test]
fn an_operation_id_of_query_is_compared_with_the_others() {
    let theirs = json!({ "openapi": "3.2.0", "paths": { "/a": { "query": { "operationId": "payment_created_post" } } } });
    let text = problems(openapi().merge(&theirs).build());
    assert!(text.contains("payment_created_post"), "{text}");
}

#[test]
fn what_only_3_2_has_is_lost_in_3_0_and_listed() {
    let document = asking()
        .version(OpenApiVersion::V3_2)
        .merge(of_3_2())
        .build();
    let old = downgrade(document.expect("a document").to_value());
    let lost: Vec<_> = old
        .losses
        .iter()
        .map(webhooks_core::openapi::Loss::pointer)
        .collect();
    for pointer in [
        "#/$self",
        "#/paths/~1a/query",
        "#/paths/~1a/additionalOperations",
        "#/webhooks/stock.asked/query",
        "#/components/mediaTypes",
        "#/tags/1/parent",
    ] {
        assert!(lost.contains(&pointer), "{pointer} is not among {lost:?}");
    }
    assert_eq!(old.document["paths"]["/a"], json!({}));
    assert_eq!(old.document["tags"][1], json!({ "name": "a" }));
}

#[test]
fn a_document_of_3_2_is_written_as_3_1_with_what_is_lost() {
    let older = convert(of_3_2(), OpenApiVersion::V3_1);
    assert_eq!(older.document["openapi"], "3.1.0");
    assert_eq!(older.document["paths"]["/a"], json!({}));
    assert_eq!(older.document["tags"][0], json!({ "name": "a" }));
    assert!(older.losses.iter().any(|loss| loss.pointer() == "#/$self"));
    let responses =
        json!({ "200": { "summary": "Well" }, "201": { "summary": "S", "description": "D" } });
    let parameters =
        json!([{ "in": "query", "name": "q" }, { "in": "querystring", "name": "all" }]);
    let mut document = json!({ "openapi": "3.2.0", "paths": { "/a": { "get": {} } } });
    document["paths"]["/a"]["get"] = json!({ "responses": responses, "parameters": parameters });
    let older = convert(document.clone(), OpenApiVersion::V3_1);
    let operation = &older.document["paths"]["/a"]["get"];
    assert_eq!(
        operation["responses"]["200"],
        json!({ "description": "Well" })
    );
    assert_eq!(operation["responses"]["201"], json!({ "description": "D" }));
    assert_eq!(operation["parameters"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        convert(document.clone(), OpenApiVersion::V3_2).document,
        document
    );
    let upgraded = convert(json!({ "openapi": "3.0.3" }), OpenApiVersion::V3_2);
    assert_eq!(upgraded.document, json!({ "openapi": "3.2.0" }));
}

#[test]
fn only_documents_of_openapi_3_can_be_merged() {
    let wrong = [
        (json!([]), "a list, not an object"),
        (json!({ "swagger": "2.0" }), "Swagger 2.0"),
        (
            json!({ "openapi": "3.3.0" }),
            "#/openapi of the document to merge is `3.3.0`",
        ),
        (
            json!({ "openapi": 3.1 }),
            "#/openapi of the document to merge is `3.1`",
        ),
        (json!({ "openapi": "3.1.0", "security": {} }), "#/security"),
        (
            json!({ "openapi": "3.1.0", "paths": { "/a/b": 1 } }),
            "#/paths/~1a~1b of the document to merge is a number",
        ),
        (json!(null), "null, not an object"),
        (json!({ "paths": {} }), "no #/openapi"),
        (
            json!({ "openapi": "3.1.0", "webhooks": [] }),
            "#/webhooks of the document to merge is a list",
        ),
        (
            json!({ "openapi": "3.1.0", "components": { "schemas": 1 } }),
            "#/components/schemas",
        ),
        (json!({ "openapi": "3.1.0", "tags": {} }), "#/tags"),
    ];
    for (document, expected) in &wrong {
        let text = problems(OpenApi::new("a", "1").merge(document).build());
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_document_of_3_0_is_upgraded() {
    let mine = json!({
        "openapi": "3.0.3",
        "components": { "schemas": { "Note": { "type": "string", "nullable": true } } },
        "x-webhooks": { "old": { "post": { "responses": {} } } },
    });
    let document = openapi()
        .merge(&mine)
        .build()
        .expect("a document")
        .to_value();
    assert_eq!(
        document["components"]["schemas"]["Note"],
        json!({ "type": ["string", "null"] })
    );
    assert!(
        document["webhooks"]["old"].is_object()
            && document["webhooks"]["payment.created"].is_object()
    );
    assert!(document.get("x-webhooks").is_none());
}
