//! What becomes of documents that the app already has: nothing is lost, and a contradiction is reported with its place.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::openapi::{ExternalDocumentation, Info, SecurityScheme, Tag};
use webhooks_core::{BuildError, Descriptor, Document, OpenApi, Security, Warning, Webhooks};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
}

static CREATED: Descriptor = Descriptor::post("payment.created")
    .payload::<Payment>()
    .tags(&["payments"]);

fn openapi(webhooks: Webhooks) -> Result<OpenApi, BuildError> {
    Ok(OpenApi::new("Payments", "1.0.0").webhooks(webhooks.build()?))
}

/// Our webhook and these documents.
fn merged(documents: &[Value]) -> Result<Document, BuildError> {
    documents
        .iter()
        .fold(openapi(Webhooks::new().with(&CREATED))?, OpenApi::merge)
        .build()
}

fn problems<T>(result: Result<T, BuildError>) -> String {
    result.err().expect("a document with problems").to_string()
}

#[test]
fn a_merged_document_keeps_all_it_has_and_title_and_version_are_ours() {
    let mine = json!({
        "openapi": "3.1.0",
        "info": { "title": "Mine", "version": "0", "description": "kept", "x-a": 1 },
        "servers": [{ "url": "/" }],
        "paths": { "/a": { "get": { "operationId": "a", "responses": {} }, "x-b": 2 } },
        "webhooks": { "old": { "post": { "operationId": "old" } } },
        "components": { "schemas": { "X": true }, "headers": { "H": {} }, "pathItems": {} },
        "x-c": [3],
    });
    let merged = openapi(Webhooks::new().with(&CREATED))
        .expect("webhooks")
        .merge(&mine)
        .build()
        .expect("a document");
    let merged = merged.to_value();
    assert_eq!(
        merged["info"],
        json!({ "title": "Payments", "version": "1.0.0", "description": "kept", "x-a": 1 })
    );
    for pointer in [
        "/servers/0",
        "/paths/~1a",
        "/webhooks/old",
        "/components/schemas/X",
        "/components/headers",
        "/components/pathItems",
        "/x-c",
    ] {
        assert_eq!(merged.pointer(pointer), mine.pointer(pointer), "{pointer}");
    }
    assert!(merged["webhooks"].get("payment.created").is_some());
}

#[test]
fn a_type_that_differs_from_a_merged_one_of_its_name_is_renamed_with_a_warning() {
    let mine = json!({ "openapi": "3.1.0", "components": { "schemas": { "Payment": { "type": "string" } } } });
    let document = openapi(Webhooks::new().with(&CREATED))
        .expect("webhooks")
        .merge(&mine)
        .build()
        .expect("a document");
    let renamed = Warning::SchemaRenamed {
        from: "Payment".to_owned(),
        to: "merge_Payment".to_owned(),
    };
    assert_eq!(document.warnings(), [renamed]);
    let value = document.to_value();
    assert_eq!(
        value["components"]["schemas"]["Payment"],
        json!({ "type": "string" })
    );
    let body =
        &value["webhooks"]["payment.created"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(body["schema"]["$ref"], "#/components/schemas/merge_Payment");
    let strict = openapi(Webhooks::new().with(&CREATED))
        .expect("webhooks")
        .merge(&mine)
        .strict()
        .build();
    assert!(problems(strict).contains("`merge_Payment`"));
}

#[test]
fn a_type_that_another_derive_has_described_is_shared_as_it_is_there() {
    #[derive(Serialize, JsonSchema)]
    struct Account {
        /// Who owns it.
        owner: String,
        note: Option<String>,
        logins: u8,
    }
    static OPENED: Descriptor = Descriptor::post("account.opened").payload::<Account>();
    // As utoipa's derive writes the same type.
    let theirs = json!({
        "type": "object", "description": "Theirs.", "required": ["owner", "logins"],
        "properties": {
            "logins": { "type": "integer", "format": "int32", "minimum": 0 },
            "note": { "type": ["string", "null"] },
            "owner": { "type": "string", "description": "Who owns it." },
        },
    });
    let mine = json!({ "openapi": "3.1.0", "components": { "schemas": { "Account": theirs } } });
    let document = openapi(Webhooks::new().with(&OPENED))
        .expect("webhooks")
        .merge(&mine)
        .build()
        .expect("a document");
    assert_eq!(document.warnings(), []);
    assert_eq!(
        document.to_value()["components"]["schemas"],
        json!({ "Account": theirs })
    );
}

#[test]
fn a_webhook_that_a_merged_document_has_differently_is_an_error_with_its_pointer() {
    let mine = json!({ "openapi": "3.1.0", "webhooks": { "payment.created": { "post": { "summary": "mine" } } } });
    let text = problems(
        openapi(Webhooks::new().with(&CREATED))
            .expect("webhooks")
            .merge(&mine)
            .build(),
    );
    assert!(text.contains("#/webhooks/payment.created/post"), "{text}");
}

#[test]
fn a_document_without_paths_and_info_can_be_merged() {
    assert_eq!(
        merged(&[json!({ "openapi": "3.1.0" })])
            .expect("a document")
            .to_value()["paths"],
        json!({})
    );
}

#[test]
fn the_same_document_twice_changes_nothing() {
    let mine = json!({
        "openapi": "3.1.0", "info": { "title": "t", "version": "1", "description": "d" },
        "paths": { "/a": { "get": { "operationId": "a" } } }, "tags": [{ "name": "t", "description": "d" }],
        "components": { "schemas": { "X": { "type": "string" } } }, "security": [{ "k": [] }],
    });
    let once = merged(std::slice::from_ref(&mine)).expect("a document");
    let twice = merged(&[mine.clone(), mine]).expect("a document");
    assert_eq!(once.to_json(), twice.to_json());
    assert_eq!(twice.warnings(), []);
}

#[test]
fn of_two_merged_types_of_one_name_the_later_is_renamed_with_its_references() {
    let one =
        json!({ "openapi": "3.1.0", "components": { "schemas": { "X": { "type": "string" } } } });
    let reference = json!({ "$ref": "#/components/schemas/X" });
    let body =
        json!({ "requestBody": { "content": { "application/json": { "schema": reference } } } });
    let two = json!({
        "openapi": "3.1.0", "paths": { "/b": { "post": body } },
        "components": { "schemas": { "X": { "type": "number" }, "Y": { "items": reference } } },
    });
    let document = merged(&[one, two]).expect("a document");
    let value = document.to_value();
    let schemas = &value["components"]["schemas"];
    assert_eq!(
        (&schemas["X"]["type"], &schemas["X2"]["type"]),
        (&json!("string"), &json!("number"))
    );
    assert_eq!(schemas["Y"]["items"]["$ref"], "#/components/schemas/X2");
    let schema = "/paths/~1b/post/requestBody/content/application~1json/schema/$ref";
    assert_eq!(
        value.pointer(schema),
        Some(&json!("#/components/schemas/X2"))
    );
    assert_eq!(
        document.warnings(),
        [Warning::SchemaRenamed {
            from: "X".to_owned(),
            to: "X2".to_owned()
        }]
    );
}

#[test]
fn two_merged_documents_must_not_contradict_each_other() {
    let one = json!({
        "openapi": "3.1.0", "x-a": 1,
        "paths": { "/a": { "get": { "summary": "one", "operationId": "same" } } },
        "components": { "headers": { "a/b": {} }, "securitySchemes": { "k": { "type": "http" } } },
    });
    let two = json!({
        "openapi": "3.1.1", "x-a": 2,
        "paths": { "/a": { "get": { "summary": "two" } }, "/b": { "get": { "operationId": "same" } } },
        "components": { "headers": { "a/b": { "schema": {} } }, "securitySchemes": { "k": { "type": "apiKey" } } },
    });
    let text = problems(merged(&[one, two]));
    for pointer in [
        "#/x-a",
        "#/paths/~1a/get",
        "#/components/headers/a~1b",
        "#/components/securitySchemes/k",
        "#/paths/~1a/get and #/paths/~1b/get of two merged documents have the same operation id `same`",
    ] {
        assert!(text.contains(pointer), "{pointer} in {text}");
    }
}

#[test]
fn a_rule_of_security_for_all_holds_for_the_operations_of_its_own_document_only() {
    let schemes = json!({ "securitySchemes": { "k": { "type": "http", "scheme": "basic" } } });
    let secured = json!({
        "openapi": "3.1.0", "security": [{ "k": [] }], "components": schemes,
        "paths": { "/a": { "get": {}, "post": { "security": [] } } },
    });
    let alone = merged(std::slice::from_ref(&secured))
        .expect("a document")
        .to_value();
    assert_eq!(
        (
            &alone["security"],
            alone["paths"]["/a"]["get"].get("security")
        ),
        (&secured["security"], None)
    );

    let open = json!({ "openapi": "3.1.0", "paths": { "/b": { "get": {} } } });
    let both = merged(&[secured.clone(), open])
        .expect("a document")
        .to_value();
    assert_eq!(both.get("security"), None);
    assert_eq!(both["paths"]["/a"]["get"]["security"], secured["security"]);
    assert_eq!(both["paths"]["/a"]["post"]["security"], json!([]));
    assert_eq!(both["paths"]["/b"]["get"].get("security"), None);

    let ours = openapi(Webhooks::new().with(&CREATED))
        .expect("webhooks")
        .merge(&secured);
    let ours = ours
        .security_scheme("mine", SecurityScheme::mutual_tls())
        .security([Security::scheme("mine")]);
    let ours = ours.build().expect("a document").to_value();
    assert_eq!(ours["security"], json!([{ "mine": [] }]));
    assert_eq!(ours["paths"]["/a"]["get"]["security"], secured["security"]);
}

#[test]
fn a_tag_of_ours_and_a_merged_one_lose_nothing() {
    let mine = json!({ "openapi": "3.1.0", "tags": [
        { "name": "a", "description": "Theirs.", "x-order": 1, "externalDocs": { "url": "https://example.com" } },
    ] });
    let openapi = openapi(Webhooks::new().with(&CREATED)).expect("webhooks");
    let document = openapi
        .tag(Tag::new("a").description("Ours."))
        .merge(&mine)
        .build()
        .expect("a document");
    let expected = json!({ "name": "a", "description": "Ours.\n\nTheirs.", "x-order": 1,
        "externalDocs": { "url": "https://example.com" } });
    assert_eq!(document.to_value()["tags"][0], expected);
    assert_eq!(document.warnings(), []);
}

#[test]
fn what_gives_way_to_our_own_words_is_reported_with_its_place() {
    let mine = json!({
        "openapi": "3.1.0", "info": { "title": "t", "version": "1", "description": "theirs", "x-kept": 1 },
        "externalDocs": { "url": "theirs" },
    });
    let info = Info::new("Ours", "2");
    let openapi = OpenApi::with_info(info)
        .description("ours")
        .external_docs(ExternalDocumentation::new("ours"));
    let document = openapi.merge(&mine).build().expect("a document");
    let pointers: Vec<String> = document
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        pointers[0].starts_with("#/info/description ")
            && pointers[1].starts_with("#/externalDocs "),
        "{pointers:?}"
    );
    assert_eq!(document.to_value()["info"]["x-kept"], 1);
}

#[test]
fn references_that_lead_nowhere_are_warnings_and_errors_when_strict() {
    let mine = json!({ "openapi": "3.1.0", "components": { "schemas": {
        "A": { "$ref": "#/components/schemas/Gone" }, "B": { "$ref": "#/components/schemas/B" },
    } } });
    let document = merged(std::slice::from_ref(&mine)).expect("a document");
    let texts: Vec<String> = document
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        texts,
        [
            "#/components/schemas/A refers to `#/components/schemas/Gone`, which is not in the document",
            "#/components/schemas/B refers to `#/components/schemas/B`, which refers back to it",
        ]
    );
    assert!(
        problems(OpenApi::new("t", "1").merge(&mine).strict().build())
            .contains("#/components/schemas/A")
    );
}

#[test]
fn a_type_that_only_we_have_resolves_a_reference_of_the_merged_document() {
    let mine = json!({ "openapi": "3.1.0", "components": { "schemas": { "List": {
        "items": { "$ref": "#/components/schemas/Payment" } } } } });
    assert_eq!(merged(&[mine]).expect("a document").warnings(), []);
}

#[test]
fn text_with_a_key_twice_is_refused_with_its_pointer() {
    let text = r#"{ "openapi": "3.1.0", "webhooks": { "a/b": {}, "a/b": {} } }"#;
    assert!(
        problems(OpenApi::new("t", "1").merge_json(text).build()).starts_with("#/webhooks/a~1b")
    );
    assert!(problems(OpenApi::new("t", "1").merge_json("{").build()).contains("line 1"));
}

#[test]
fn webhooks_clash_by_name_by_operation_id_and_by_security_scheme_with_their_pointers() {
    let signed = webhooks_core::RequestSecurity::standard_webhooks();
    let webhooks = || Webhooks::new().with(&CREATED).signed(signed.clone());
    let with = |document: Value| {
        problems(
            openapi(webhooks())
                .expect("webhooks")
                .merge(&document)
                .build(),
        )
    };
    let text =
        with(json!({ "openapi": "3.1.0", "webhooks": { "payment.created": { "post": {} } } }));
    assert!(text.contains("#/webhooks/payment.created/post"), "{text}");
    let id = json!({ "post": { "operationId": "payment_created_post" } });
    let text = with(json!({ "openapi": "3.1.0", "paths": { "/a": id } }));
    assert!(
        text.contains("#/paths/~1a/post") && text.contains("the webhook `payment.created` (POST)"),
        "{text}"
    );
    let scheme = json!({ "webhookSignature": { "type": "http", "scheme": "basic" } });
    let text = with(json!({ "openapi": "3.1.0", "components": { "securitySchemes": scheme } }));
    assert!(
        text.contains("#/components/securitySchemes/webhookSignature"),
        "{text}"
    );
}

#[test]
fn the_same_webhook_in_a_merged_document_is_shared() {
    let ours = merged(&[]).expect("a document");
    let again = merged(&[ours.to_value()]).expect("a document");
    assert_eq!(again.to_value()["webhooks"], ours.to_value()["webhooks"]);
    assert_eq!(
        again.to_value()["components"],
        ours.to_value()["components"]
    );
    assert_eq!(again.warnings(), []);
}
