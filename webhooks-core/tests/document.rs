//! What a document says of webhooks that were declared by hand: the rules that readers in the field force.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::openapi::{Operation, SecurityScheme, Tag};
use webhooks_core::{
    BuildError, Descriptor, Envelope, Method, OpenApi, PayloadInfo, RequestSecurity, Security,
    WebhookGateway, Webhooks,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
}

static CREATED: Descriptor = Descriptor::post("payment.created")
    .payload::<Payment>()
    .tags(&["payments"]);

fn document(webhooks: Webhooks) -> Result<Value, BuildError> {
    Ok(openapi(webhooks)?.build()?.to_value())
}

fn openapi(webhooks: Webhooks) -> Result<OpenApi, BuildError> {
    Ok(OpenApi::new("Payments", "1.0.0").webhooks(webhooks.build()?))
}

/// The single operation of `payment.created`.
fn created(webhooks: Webhooks) -> Value {
    document(webhooks).expect("a document")["webhooks"]["payment.created"]["post"].clone()
}

fn problems<T>(result: Result<T, BuildError>) -> String {
    result.err().expect("a document with problems").to_string()
}

#[test]
fn a_document_has_paths_even_without_routes() {
    assert_eq!(
        document(Webhooks::new()).expect("a document")["paths"],
        json!({})
    );
}

#[test]
fn a_payload_is_a_component_that_the_body_refers_to() {
    let body = &created(Webhooks::new().with(&CREATED))["requestBody"];
    assert_eq!(body["required"], true);
    assert_eq!(
        body["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/Payment" })
    );
}

#[test]
fn a_payload_without_a_name_gets_one_from_its_event() {
    static NAMES: Descriptor = Descriptor::post("names.changed").payload::<Vec<String>>();
    let document = document(Webhooks::new().with(&NAMES)).expect("a document");
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["NamesChangedPayload"],
        json!({ "type": "array", "items": { "type": "string" } })
    );
}

#[test]
fn there_is_a_2xx_response_and_no_422() {
    let responses = created(Webhooks::new().with(&CREATED))["responses"].clone();
    assert_eq!(
        responses
            .as_object()
            .expect("responses")
            .keys()
            .collect::<Vec<_>>(),
        ["2XX"]
    );
}

#[test]
fn nothing_empty_is_written() {
    let text = document(Webhooks::new().with(&CREATED))
        .expect("a document")
        .to_string();
    for nothing in [
        r#""""#,
        r#""deprecated":false"#,
        "[]}}}},\"components",
        "null",
    ] {
        assert!(!text.contains(nothing), "{nothing} in {text}");
    }
}

#[test]
fn an_untagged_webhook_has_the_declared_tag_webhooks() {
    static PING: Descriptor = Descriptor::post("ping");
    let document = document(Webhooks::new().with(&PING)).expect("a document");
    assert_eq!(
        document["webhooks"]["ping"]["post"]["tags"],
        json!(["webhooks"])
    );
    assert_eq!(document["tags"][0]["name"], "webhooks");
}

#[test]
fn tags_that_are_only_used_are_declared_after_the_others() {
    let openapi = openapi(Webhooks::new().with(&CREATED))
        .expect("webhooks")
        .tag(Tag::new("z").description("last"));
    let tags = openapi.build().expect("a document").to_value()["tags"].clone();
    assert_eq!(
        tags,
        json!([{ "name": "z", "description": "last" }, { "name": "payments" }])
    );
}

#[test]
fn the_security_of_routes_says_nothing_about_webhooks() {
    let openapi = openapi(Webhooks::new().with(&CREATED)).expect("webhooks");
    let openapi = openapi
        .security_scheme("key", SecurityScheme::api_key_header("X-Key"))
        .security([Security::scheme("key")]);
    let document = openapi.build().expect("a document").to_value();
    assert_eq!(document["security"], json!([{ "key": [] }]));
    assert_eq!(
        document["webhooks"]["payment.created"]["post"]["security"],
        json!([])
    );
}

#[test]
fn a_signature_is_described_by_its_headers_and_a_security_scheme() {
    let webhooks = Webhooks::new()
        .with(&CREATED)
        .signed(RequestSecurity::standard_webhooks());
    let document = document(webhooks).expect("a document");
    let operation = &document["webhooks"]["payment.created"]["post"];
    let names: Vec<_> = operation["parameters"]
        .as_array()
        .expect("headers")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(
        names,
        ["webhook-id", "webhook-timestamp", "webhook-signature"]
    );
    assert_eq!(operation["security"], json!([{ "webhookSignature": [] }]));
    let scheme = &document["components"]["securitySchemes"]["webhookSignature"];
    assert_eq!(
        (&scheme["in"], &scheme["name"]),
        (&json!("header"), &json!("webhook-signature"))
    );
}

#[test]
fn a_signature_is_needed_beside_every_declared_alternative() {
    static SECURED: Descriptor = Descriptor::post("payment.created").security(&[
        Security::scheme("a"),
        Security::scheme("b").scopes(&["read"]),
    ]);
    let webhooks = Webhooks::new()
        .with(&SECURED)
        .signed(RequestSecurity::new("sig", "X-Sig"));
    let schemes = [
        ("a", SecurityScheme::http("bearer")),
        ("b", SecurityScheme::mutual_tls()),
    ];
    let mut openapi = openapi(webhooks).expect("webhooks");
    for (name, scheme) in schemes {
        openapi = openapi.security_scheme(name, scheme);
    }
    let operation = openapi.build().expect("a document").to_value()["webhooks"]["payment.created"]
        ["post"]
        .clone();
    assert_eq!(
        operation["security"],
        json!([{ "a": [], "sig": [] }, { "b": ["read"], "sig": [] }])
    );
}

#[test]
fn a_security_scheme_that_is_not_declared_is_an_error() {
    static SECURED: Descriptor =
        Descriptor::post("payment.created").security(&[Security::scheme("oauth")]);
    let text = problems(document(Webhooks::new().with(&SECURED)));
    assert!(
        text.contains("`payment.created` names the security scheme `oauth`")
            && text.contains(".security_scheme(")
    );
}

#[test]
fn the_envelope_is_part_of_the_schema_with_the_event_as_the_only_type() {
    let document =
        document(Webhooks::new().with(&CREATED).envelope(Envelope::Standard)).expect("a document");
    let media = &document["webhooks"]["payment.created"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(
        media["schema"]["$ref"],
        "#/components/schemas/PaymentCreatedEnvelope"
    );
    let envelope = &document["components"]["schemas"]["PaymentCreatedEnvelope"];
    assert_eq!(envelope["required"], json!(["type", "timestamp", "data"]));
    assert_eq!(envelope["properties"]["type"]["const"], "payment.created");
    assert_eq!(
        envelope["properties"]["data"]["$ref"],
        "#/components/schemas/Payment"
    );
}

#[test]
fn an_envelope_without_a_payload_is_described_as_it_is_sent() {
    static PING: Descriptor = Descriptor::new("ping", &[Method::Post, Method::Get]);
    static SYNCED: Descriptor = Descriptor::new("payment.synced", &[Method::Put])
        .with_payload(PayloadInfo::json::<Payment>().optional());
    let webhooks = Webhooks::new()
        .with(&PING)
        .with(&SYNCED)
        .envelope(Envelope::Standard);
    let document = document(webhooks).expect("a document");
    let data = |event: &str| document["components"]["schemas"][event]["properties"]["data"].clone();
    let body = &document["webhooks"]["ping"]["post"]["requestBody"];
    assert_eq!(body["required"], true);
    assert_eq!(
        body["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/PingEnvelope"
    );
    assert_eq!(data("PingEnvelope"), json!({ "type": "null" }));
    assert!(document["webhooks"]["ping"]["get"]["requestBody"].is_null());
    let either =
        json!({ "anyOf": [{ "$ref": "#/components/schemas/Payment" }, { "type": "null" }] });
    assert_eq!(data("PaymentSyncedEnvelope"), either);
    assert_eq!(
        document["webhooks"]["payment.synced"]["put"]["requestBody"]["required"],
        true
    );
}

#[test]
fn what_is_not_json_is_refused_in_an_envelope() {
    static LISTED: Descriptor =
        Descriptor::post("listed").with_payload(PayloadInfo::bytes("text/csv"));
    static EXACT: Descriptor = Descriptor::post("exact").with_payload(
        PayloadInfo::json::<Payment>().content_type("Application/JSON; charset=utf-8"),
    );
    let found = problems(document(
        Webhooks::new().with(&LISTED).envelope(Envelope::Standard),
    ));
    assert!(
        found.contains("`listed`") && found.contains("text/csv"),
        "{found}"
    );
    let bare = WebhookGateway::new(&LISTED).envelope(Envelope::Bare);
    document(
        Webhooks::new()
            .with(&CREATED)
            .with(&EXACT)
            .with(bare)
            .envelope(Envelope::Standard),
    )
    .expect("a document");
}

#[test]
fn one_webhook_can_have_an_envelope_among_bare_ones() {
    static OTHER: Descriptor = Descriptor::post("other").payload::<Payment>();
    let gateway = WebhookGateway::new(&OTHER).envelope(Envelope::Standard);
    let document = document(Webhooks::new().with(&CREATED).with(gateway)).expect("a document");
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    assert_eq!(
        schemas.keys().collect::<Vec<_>>(),
        ["OtherEnvelope", "Payment"]
    );
}

#[test]
fn every_method_has_an_operation_and_an_id_of_its_own_and_a_body_only_where_it_carries_one() {
    static SYNCED: Descriptor = Descriptor::new("payment.synced", &[Method::Put, Method::Get])
        .with_payload(PayloadInfo::json::<Payment>().optional());
    let item =
        document(Webhooks::new().with(&SYNCED)).expect("a document")["webhooks"]["payment.synced"]
            .clone();
    assert_eq!(
        item.as_object()
            .expect("an item")
            .keys()
            .collect::<Vec<_>>(),
        ["get", "put"]
    );
    assert_eq!(item["put"]["operationId"], "payment_synced_put");
    assert_eq!(item["get"]["operationId"], "payment_synced_get");
    assert!(item["get"].get("requestBody").is_none());
    assert!(item["put"]["requestBody"].get("required").is_none());
}

#[test]
fn clashing_operation_ids_are_an_error_that_names_both() {
    static OTHER: Descriptor = Descriptor::post("payment-created");
    let text = problems(document(Webhooks::new().with(&CREATED).with(&OTHER)));
    assert!(
        text.contains("`payment.created`") && text.contains("`payment-created`"),
        "{text}"
    );
    let route = Operation::post().operation_id("payment_created_post");
    let text = problems(
        openapi(Webhooks::new().with(&CREATED))
            .expect("webhooks")
            .path("/pay", route)
            .build(),
    );
    assert!(
        text.contains("the route `/pay` (POST)")
            && text.contains("the webhook `payment.created` (POST)"),
        "{text}"
    );
}

#[test]
fn the_document_is_the_same_bytes_in_any_order_of_listing() {
    mod other {
        #[derive(serde::Serialize, schemars::JsonSchema)]
        pub(super) struct Payment {
            pub(super) id: u8,
        }
    }
    static OTHER: Descriptor = Descriptor::post("payment.changed").payload::<other::Payment>();
    let forth = openapi(Webhooks::new().with(&CREATED).with(&OTHER))
        .expect("webhooks")
        .to_json();
    let back = openapi(Webhooks::new().with(&OTHER).with(&CREATED))
        .expect("webhooks")
        .to_json();
    assert_eq!(forth, back);
    let _ = other::Payment { id: 0 };
}

#[test]
fn all_problems_are_reported_at_once() {
    static TWICE: Descriptor = Descriptor::post("payment.created");
    static THIRD: Descriptor = Descriptor::post("payment.created");
    let error = Webhooks::new()
        .with(&CREATED)
        .with(&TWICE)
        .with(&THIRD)
        .expect(["gone"])
        .build();
    let error = error.expect_err("problems");
    assert_eq!(error.problems().len(), 4, "{error}");
    assert!(error.to_string().contains("document.rs:"), "{error}");
}
