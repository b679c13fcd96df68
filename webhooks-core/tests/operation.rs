//! Everything that can be said of a webhook stands in its operation.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::openapi::Operation;
use webhooks_core::{
    BuildError, Callback, Deprecation, Descriptor, Envelope, Example, Extension, ExternalDocs,
    Member, Method, OpenApi, OptionalHeader, Parameter, RequestSecurity, Response, WebhookGateway,
    Webhooks, json_value,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
}

fn document(webhooks: Webhooks) -> Result<Value, BuildError> {
    let openapi = OpenApi::new("Payments", "1.0.0").webhooks(webhooks.build()?);
    Ok(openapi.build()?.to_value())
}

fn operation(webhooks: Webhooks, event: &str) -> Value {
    document(webhooks).expect("a document")["webhooks"][event]["post"].clone()
}

/// The single operation of `payment.created`.
fn created(webhooks: Webhooks) -> Value {
    operation(webhooks, "payment.created")
}

static CREATED: Descriptor = Descriptor::post("payment.created").payload::<Payment>();

#[test]
fn everything_that_can_be_said_stands_in_the_operation() {
    static FULL: Descriptor = Descriptor::post("payment.created")
        .payload::<Payment>()
        .summary("A payment")
        .description("It **came**.")
        .operation_id("paid")
        .deprecated(Deprecation::new())
        .status("202")
        .response_description("Queued.")
        .response::<u8>()
        .responses(&[Response::new("410", "Gone.").body::<String>()])
        .external_docs(ExternalDocs::new("https://example.com").description("More"))
        .parameters(&[Parameter::query::<u8>("n")
            .optional()
            .description("How many.")
            .example(|| json!(3))])
        .examples(&[Example::new("one", || json_value(&Payment { amount: 1.0 })).summary("One")])
        .extensions(&[Extension::new("x-team", || json!("pay"))]);
    let operation = created(Webhooks::new().with(&FULL));
    let expected = json!({
        "tags": ["webhooks"],
        "summary": "A payment",
        "description": "It **came**.",
        "externalDocs": { "url": "https://example.com", "description": "More" },
        "operationId": "paid",
        "parameters": [{
            "name": "n", "in": "query", "description": "How many.",
            "schema": { "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 }, "example": 3,
        }],
        "requestBody": {
            "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Payment" },
                "examples": { "one": { "summary": "One", "value": { "amount": 1.0 } } },
            } },
            "required": true,
        },
        "responses": {
            "202": { "description": "Queued.", "content": { "application/json": {
                "schema": { "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 } } } },
            "410": { "description": "Gone.", "content": { "application/json": { "schema": { "type": "string" } } } },
        },
        "deprecated": true,
        "security": [],
        "x-team": "pay",
    });
    assert_eq!(operation, expected);
}

#[test]
fn a_callback_is_described_with_the_types_of_its_operation() {
    static EXPORTED: Descriptor = Descriptor::post("report.exported").callbacks(&[
        Callback::new("read", "{$request.body#/url}", || {
            Operation::post().operation_id("read").body::<Payment>()
        }),
        Callback::new("read", "{$request.body#/url}", || {
            Operation::get().operation_id("status")
        }),
        Callback::new("lost", "https://example.com/lost", Operation::post),
    ]);
    let whole = document(Webhooks::new().with(&EXPORTED)).expect("a document");
    let callbacks = &whole["webhooks"]["report.exported"]["post"]["callbacks"];
    let read = &callbacks["read"]["{$request.body#/url}"];
    assert_eq!(
        read["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Payment"
    );
    assert!(whole["components"]["schemas"]["Payment"].is_object());
    assert_eq!(read["get"]["operationId"], "status");
    assert!(callbacks["lost"]["https://example.com/lost"]["post"].is_object());
}

#[test]
fn the_same_callback_twice_is_an_error_that_names_both_its_place_and_method() {
    static TWICE: Descriptor = Descriptor::post("a").callbacks(&[
        Callback::new("read", "{$url}", Operation::post),
        Callback::new("read", "{$url}", Operation::post),
    ]);
    let text = document(Webhooks::new().with(&TWICE))
        .expect_err("twice")
        .to_string();
    assert!(
        text.contains("`read` to `{$url}` twice with POST"),
        "{text}"
    );
}

#[test]
fn other_members_of_the_operation_stand_in_it_as_they_are() {
    static SERVED: Descriptor = Descriptor::post("payment.created").extra(&[Member::new(
        "servers",
        || json!([{ "url": "https://example.com" }]),
    )]);
    let operation = created(Webhooks::new().with(&SERVED));
    assert_eq!(operation["servers"][0]["url"], "https://example.com");
}

#[test]
fn a_signature_that_one_webhook_may_lack_is_optional_there() {
    static MAYBE: Descriptor = Descriptor::post("maybe.signed").optional_headers(&[
        OptionalHeader::new("webhook-signature", "Where the subscription has a secret."),
        OptionalHeader::new("X-Attempt", "From the second attempt on."),
    ]);
    let webhooks = Webhooks::new()
        .with(&MAYBE)
        .with(&CREATED)
        .signed(RequestSecurity::standard_webhooks());
    let whole = document(webhooks).expect("a document");
    let header = |event: &str, name: &str| {
        let parameters = &whole["webhooks"][event]["post"]["parameters"];
        let mut all = parameters.as_array().expect("parameters").iter();
        all.find(|one| one["name"] == name).cloned()
    };
    let signature = header("maybe.signed", "webhook-signature").expect("described");
    assert_eq!(signature.get("required"), None);
    assert_eq!(
        signature["description"],
        "Where the subscription has a secret."
    );
    assert!(header("maybe.signed", "X-Attempt").is_some());
    assert_eq!(
        header("maybe.signed", "webhook-id").expect("described")["required"],
        true
    );
    assert_eq!(
        whole["webhooks"]["maybe.signed"]["post"]["security"],
        json!([{ "webhookSignature": [] }, {}])
    );
    let signed = header("payment.created", "webhook-signature").expect("described");
    assert_eq!(signed["required"], true);
    assert_eq!(
        whole["webhooks"]["payment.created"]["post"]["security"],
        json!([{ "webhookSignature": [] }])
    );
}

#[test]
fn what_a_gateway_says_for_all_gives_way_to_what_a_webhook_says_itself() {
    static OWN: Descriptor = Descriptor::post("own")
        .summary("Own")
        .description("Own words.")
        .responses(&[Response::new("410", "Mine.")]);
    static BARE: Descriptor = Descriptor::post("bare");
    let inner = WebhookGateway::new(Webhooks::new().with(&OWN).with(&BARE))
        .summary("Shared")
        .responses([
            Response::new("410", "Ends the subscription."),
            Response::new("2XX", "No."),
        ]);
    let outer = WebhookGateway::new(inner)
        .summary("Outer")
        .description("Shared words.")
        .responses([
            Response::new("410", "Outer."),
            Response::new("429", "Waits."),
        ]);
    let webhooks = || Webhooks::new().with(WebhookGateway::new(Webhooks::new()));
    let whole = document(webhooks().with(outer)).expect("a document");
    let (own, bare) = (
        &whole["webhooks"]["own"]["post"],
        &whole["webhooks"]["bare"]["post"],
    );
    assert_eq!(
        (&own["summary"], &own["description"]),
        (&json!("Own"), &json!("Own words."))
    );
    assert_eq!(own["responses"]["410"]["description"], "Mine.");
    assert_eq!(own["responses"]["429"]["description"], "Waits.");
    assert_eq!(bare["summary"], "Shared");
    assert_eq!(
        bare["description"],
        "Shared words.\n\nSent for the event `bare`."
    );
    assert_eq!(
        bare["responses"]["410"]["description"],
        "Ends the subscription."
    );
    assert_ne!(bare["responses"]["2XX"]["description"], "No.");
}

#[test]
fn one_status_of_success_is_not_called_any() {
    static STORED: Descriptor = Descriptor::post("payment.created").status("202");
    let responses = &created(Webhooks::new().with(&STORED))["responses"];
    assert_eq!(
        responses["202"]["description"],
        "Says that the event was received."
    );
}

#[test]
fn the_events_of_an_existing_api_are_documented_by_their_names() {
    static ORDER: Descriptor =
        Descriptor::any_name("orders/create", &[Method::Post]).payload::<Payment>();
    static HOOK: Descriptor = Descriptor::any_name("Push Hook", &[Method::Post]);
    let webhooks = || Webhooks::new().with(&ORDER).with(&HOOK);
    let operation = operation(webhooks(), "orders/create");
    assert_eq!(operation["operationId"], "orders_create_post");
    let text = document(webhooks().envelope(Envelope::Standard))
        .expect_err("names that do not fit")
        .to_string();
    assert!(
        text.contains("`orders/create`") && text.contains("`Push Hook`"),
        "{text}"
    );
    let gateway = WebhookGateway::new(webhooks()).prefix("shop");
    let whole = document(Webhooks::new().with(gateway)).expect("a document");
    assert!(whole["webhooks"]["shop.orders/create"].is_object());
}
