//! One test for each defect that other frameworks' webhooks have (D1 to D23), named by its number.
//!
//! What a compile error makes impossible here has its cases in `tests/ui`; the tests below say which.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::openapi::SecurityScheme;
use webhooks_core::{
    BuildError, EventName, OpenApi, RequestSecurity, Security, WebhookGateway, Webhooks, whoptions,
    whpost, whroute, whview,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: f64,
}

#[derive(Serialize, JsonSchema)]
struct Ack {
    seen: bool,
}

/// A payment was synchronised.
#[whroute("payment.synced", methods = ["PUT", "POST", "PATCH", "GET"], register = false)]
async fn synced(data: Option<Payment>);

/// A payment was made.
#[whpost("payment.made", register = false)]
async fn made(data: Payment) -> Ack;

/// A payment was secured.
#[whpost("payment.secured", security = ["bearer"], register = false)]
async fn secured(data: Payment);

struct First;
struct Second;
struct Third;

#[whview(register = false)]
impl First {
    /// First.
    #[whpost("v1")]
    async fn v1(&self, data: Payment);

    fn helper() -> u8 {
        1
    }
}

#[whview(more)]
impl First {
    /// More.
    #[whpost("v1.more")]
    async fn more(&self, data: Payment);
}

#[whview(register = false)]
impl Second {
    /// Second.
    #[whpost("v2")]
    async fn v2(&self, data: Payment);
}

#[whview(register = false)]
impl Third {
    /// Third.
    #[whpost("v3")]
    async fn v3(&self, data: Payment);
}

fn document(webhooks: Webhooks) -> Value {
    try_document(webhooks).expect("a document")
}

fn try_document(webhooks: Webhooks) -> Result<Value, BuildError> {
    let openapi =
        OpenApi::new("Payments", "1.0.0").security_scheme("bearer", SecurityScheme::http("bearer"));
    Ok(openapi.webhooks(webhooks.build()?).build()?.to_value())
}

fn names(document: &Value) -> Vec<&String> {
    document["webhooks"]
        .as_object()
        .expect("webhooks")
        .keys()
        .collect()
}

#[test]
fn d1_each_method_has_an_operation_id_of_its_own() {
    let document = document(Webhooks::new().with(synced));
    let item = document["webhooks"]["payment.synced"]
        .as_object()
        .expect("a path item")
        .values();
    let ids: Vec<_> = item
        .map(|operation| operation["operationId"].as_str().expect("an id"))
        .collect();
    assert_eq!(
        ids,
        [
            "payment_synced_get",
            "payment_synced_put",
            "payment_synced_post",
            "payment_synced_patch"
        ]
    );
}

#[test]
fn d2_ids_and_order_are_the_same_every_time() {
    let build = || {
        document(
            Webhooks::new()
                .with(Third)
                .with(synced)
                .with(First)
                .with(Second),
        )
        .to_string()
    };
    assert_eq!(build(), build());
    let names = document(Webhooks::new().with(Third).with(First).with(Second));
    assert_eq!(
        names["webhooks"]
            .as_object()
            .expect("webhooks")
            .keys()
            .collect::<Vec<_>>(),
        ["v1", "v1.more", "v2", "v3"]
    );
}

#[test]
fn d3_security_is_a_requirement_and_breaks_nothing() {
    let document = document(Webhooks::new().with(secured));
    assert_eq!(
        document["webhooks"]["payment.secured"]["post"]["security"],
        json!([{ "bearer": [] }])
    );
}

#[test]
fn d4_no_view_is_dropped() {
    let document = document(Webhooks::new().with(First).with(Second).with(Third));
    assert_eq!(names(&document), ["v1", "v1.more", "v2", "v3"]);
}

#[test]
fn d5_what_a_further_block_adds_to_a_view_is_not_dropped() {
    assert_eq!(
        names(&document(Webhooks::new().with(First))),
        ["v1", "v1.more"]
    );
}

#[test]
fn d6_a_webhook_can_be_in_two_apps() {
    for _ in 0..2 {
        assert_eq!(
            names(&document(Webhooks::new().with(made).with(Second))),
            ["payment.made", "v2"]
        );
    }
}

/// `tests/ui/with/fail/webhook-as-a-route.rs` is the other half.
#[test]
fn d7_a_webhook_is_never_a_path() {
    assert_eq!(
        document(Webhooks::new().with(made).with(First))["paths"],
        json!({})
    );
}

#[test]
fn d8_an_ordinary_method_of_a_view_is_no_webhook() {
    assert_eq!(First::helper(), 1);
    assert_eq!(
        names(&document(Webhooks::new().with(First))),
        ["v1", "v1.more"]
    );
}

#[test]
fn d9_the_same_name_and_method_twice_is_an_error_that_names_both_places() {
    mod other {
        /// The same once more.
        #[webhooks_core::whpost("payment.made", register = false)]
        pub(super) async fn made();
    }
    let error = try_document(Webhooks::new().with(made).with(other::made))
        .expect_err("a clash")
        .to_string();
    assert!(
        error.contains("`payment.made` is declared twice with POST"),
        "{error}"
    );
    assert_eq!(error.matches("defects.rs:").count(), 2, "{error}");
}

#[test]
fn d10_what_a_gateway_says_reaches_every_webhook_of_a_view() {
    let gateway = WebhookGateway::new(First)
        .prefix("billing")
        .tag("money")
        .deprecated()
        .security([Security::scheme("bearer")]);
    let document = document(Webhooks::new().with(gateway));
    assert_eq!(names(&document), ["billing.v1", "billing.v1.more"]);
    for item in document["webhooks"].as_object().expect("webhooks").values() {
        assert_eq!(item["post"]["deprecated"], true);
        assert_eq!(item["post"]["tags"], json!(["money"]));
        assert_eq!(item["post"]["security"], json!([{ "bearer": [] }]));
    }
}

#[test]
fn d11_the_receiver_is_not_asked_for_a_422() {
    let text = document(Webhooks::new().with(made).with(synced)).to_string();
    assert!(
        !text.contains("422") && !text.contains("ValidationError"),
        "{text}"
    );
}

#[test]
fn d12_there_is_no_empty_description_and_no_deprecated_false() {
    let text = document(Webhooks::new().with(made).with(First)).to_string();
    assert!(
        !text.contains(r#""description":"""#) && !text.contains("false"),
        "{text}"
    );
}

#[test]
fn d13_any_2xx_is_success() {
    let document = document(Webhooks::new().with(Second));
    let responses = document["webhooks"]["v2"]["post"]["responses"]
        .as_object()
        .expect("responses");
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["2XX"]);
    assert!(responses["2XX"].get("content").is_none());
}

#[test]
fn d14_a_header_is_called_what_was_said() {
    #[whpost("headed", register = false)]
    async fn headed(
        data: Payment,
        /// Whose payment it is.
        #[header("Webhook-Tenant")]
        tenant: String,
    );

    let document = document(Webhooks::new().with(headed));
    let expected = json!([{
        "name": "Webhook-Tenant", "in": "header", "description": "Whose payment it is.", "required": true,
        "schema": { "type": "string" },
    }]);
    assert_eq!(
        document["webhooks"]["headed"]["post"]["parameters"],
        expected
    );
}

#[test]
fn d15_tags_are_objects() {
    #[whpost("tagged", tags = ["a", "b"], register = false)]
    async fn tagged();

    assert_eq!(
        document(Webhooks::new().with(tagged))["tags"],
        json!([{ "name": "a" }, { "name": "b" }])
    );
}

/// `tests/ui/whget/fail/body-on-a-method-without.rs` refuses a payload.
#[test]
fn d16_options_has_no_body_and_no_response_for_one() {
    #[whoptions("probe", register = false)]
    async fn probe();

    let document = document(Webhooks::new().with(probe));
    let operation = document["webhooks"]["probe"]["options"]
        .as_object()
        .expect("an operation");
    assert!(!operation.contains_key("requestBody"));
    assert_eq!(
        operation["responses"].as_object().expect("responses").len(),
        1
    );
}

#[test]
fn d17_the_returned_type_is_a_component() {
    let document = document(Webhooks::new().with(made));
    let response = &document["webhooks"]["payment.made"]["post"]["responses"]["2XX"];
    assert_eq!(
        response["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/Ack" })
    );
    assert_eq!(
        document["components"]["schemas"]["Ack"]["required"],
        json!(["seen"])
    );
}

#[test]
fn d18_two_types_of_one_name_have_stable_names() {
    mod other {
        #[derive(serde::Serialize, schemars::JsonSchema)]
        pub(super) struct Payment {
            pub(super) id: u8,
        }
    }
    #[whpost("another", register = false)]
    async fn another(data: other::Payment);

    let _ = other::Payment { id: 1 };
    let components = |webhooks| document(webhooks)["components"]["schemas"].clone();
    let forth = components(Webhooks::new().with(Second).with(another));
    assert_eq!(
        forth,
        components(Webhooks::new().with(another).with(Second))
    );
    assert_eq!(
        forth
            .as_object()
            .expect("schemas")
            .keys()
            .collect::<Vec<_>>(),
        ["Payment", "Payment2"]
    );
}

/// `tests/ui/whpost/fail` refuses them in declarations.
#[test]
fn d19_strange_names_are_refused_and_ids_never_collide_silently() {
    for name in ["", " ", "{id}", "/a", "a b", "a/b", "a#b"] {
        assert!(name.parse::<EventName>().is_err(), "{name:?}");
    }
    #[whpost("payment-made", register = false)]
    async fn dashed();

    let error = try_document(Webhooks::new().with(made).with(dashed))
        .expect_err("a clash")
        .to_string();
    assert!(
        error.contains("have the same operation id `payment_made_post`"),
        "{error}"
    );
}

#[test]
fn d20_webhooks_of_parts_and_of_merged_documents_are_all_there() {
    let part = Webhooks::new()
        .with(First)
        .with(WebhookGateway::new(Webhooks::new().with(Second)).prefix("part"));
    let child =
        json!({ "openapi": "3.1.0", "webhooks": { "child": { "post": { "responses": {} } } } });
    let catalogue = Webhooks::new()
        .with(part)
        .with(made)
        .build()
        .expect("a catalogue");
    let openapi = OpenApi::new("All", "1")
        .merge(child)
        .webhooks(catalogue)
        .build()
        .expect("a document");
    assert_eq!(
        names(&openapi.to_value()),
        ["child", "part.v2", "payment.made", "v1", "v1.more"]
    );
}

#[test]
fn d21_signature_headers_are_described() {
    let document = document(
        Webhooks::new()
            .with(made)
            .signed(RequestSecurity::standard_webhooks()),
    );
    let text = document.to_string();
    for words in [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "HMAC-SHA256",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn d22_a_view_that_is_listed_twice_has_each_webhook_once() {
    assert_eq!(
        names(&document(
            Webhooks::new().with(Second).with(Second).view::<Second>()
        )),
        ["v2"]
    );
}

/// `tests/ui/whroute/fail` refuses unknown methods; there is no way to say one by hand.
#[test]
fn d23_every_method_is_one_of_openapi() {
    let document = document(Webhooks::new().with(synced));
    let known = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let item = document["webhooks"]["payment.synced"]
        .as_object()
        .expect("a path item");
    assert!(item.keys().all(|method| known.contains(&method.as_str())));
}
