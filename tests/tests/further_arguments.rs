//! Whatever an attribute can say can be written by hand: names of existing APIs, callbacks, further members, headers that
//! a webhook may lack, and QUERY.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use webhooks_core::openapi::{OpenApiVersion, Operation};
use webhooks_core::{
    Callback, Descriptor, IntoWebhooks, Member, Method, OpenApi, OptionalHeader, Webhooks,
    json_value, whpost, whquery, whroute,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: u32,
}

fn document<M>(webhooks: impl IntoWebhooks<M>) -> String {
    let catalogue = Webhooks::new().with(webhooks).build();
    let openapi = OpenApi::new("Payments", "1.0.0").version(OpenApiVersion::V3_2);
    let openapi = openapi.webhooks(catalogue.expect("no contradictions"));
    openapi.to_json().expect("no contradictions")
}

/// The document of a declaration and of what says the same by hand, which is not that of the plain one.
fn same<M>(declared: impl IntoWebhooks<M>, by_hand: &'static Descriptor) {
    static PLAIN: Descriptor = Descriptor::post("payment.created").payload::<Payment>();
    let declared = document(declared);
    assert_eq!(declared, document(by_hand));
    assert_ne!(declared, document(&PLAIN));
}

#[test]
fn any_name() {
    #[whpost("orders/create", any_name)]
    async fn orders_create(data: Payment);

    static BY_HAND: Descriptor =
        Descriptor::any_name("orders/create", &[Method::Post]).payload::<Payment>();
    same(orders_create, &BY_HAND);
}

#[test]
fn any_name_from_a_constant() {
    const NAME: &str = "Push Hook";

    #[whroute(NAME, methods = ["POST", "PUT"], any_name)]
    async fn push_hook(data: Payment);

    static BY_HAND: Descriptor = Descriptor::any_name(NAME, &[Method::Post, Method::Put])
        .payload::<Payment>()
        .function("push_hook");
    same(push_hook, &BY_HAND);
}

#[test]
fn callbacks() {
    #[whpost(
        "payment.created",
        callbacks = [
            ("read", "{$request.body#/url}", Operation::post().body::<Payment>()),
            ("gone", "https://example.com", Operation::delete()),
        ]
    )]
    async fn payment_created(data: Payment);

    static BY_HAND: Descriptor = Descriptor::post("payment.created")
        .payload::<Payment>()
        .callbacks(&[
            Callback::new("read", "{$request.body#/url}", || {
                Operation::post().body::<Payment>()
            }),
            Callback::new("gone", "https://example.com", Operation::delete),
        ]);
    same(payment_created, &BY_HAND);
}

#[test]
fn extra() {
    #[whpost("payment.created", extra = [("servers", json!([{ "url": "https://example.com" }]))])]
    async fn payment_created(data: Payment);

    static BY_HAND: Descriptor = Descriptor::post("payment.created")
        .payload::<Payment>()
        .extra(&[Member::new("servers", || {
            json_value(&json!([{ "url": "https://example.com" }]))
        })]);
    same(payment_created, &BY_HAND);
}

#[test]
fn optional_headers() {
    #[whpost(
        "payment.created",
        optional_headers = [("webhook-signature", "Where the subscription has a secret.")]
    )]
    async fn payment_created(data: Payment);

    static BY_HAND: Descriptor = Descriptor::post("payment.created")
        .payload::<Payment>()
        .optional_headers(&[OptionalHeader::new(
            "webhook-signature",
            "Where the subscription has a secret.",
        )]);
    same(payment_created, &BY_HAND);
}

#[test]
fn query() {
    #[whquery("payment.created")]
    async fn payment_created(data: Payment);

    static BY_HAND: Descriptor = Descriptor::query("payment.created").payload::<Payment>();
    same(payment_created, &BY_HAND);
}

#[expect(clippy::items_after_statements, reason = "the items are the case")]
#[test]
fn a_body_from_a_macro_is_a_body() {
    macro_rules! declared {
        ($name:ident $event:literal $body:block) => {
            #[whpost($event, register = false)]
            async fn $name(data: Payment) $body
        };
    }
    macro_rules! twice {
        ($body:block) => {
            declared!(from_a_macro "payment.created" $body);
        };
    }
    twice!({});
    assert_eq!(
        from_a_macro(Payment { amount: 1 }).event(),
        "payment.created"
    );

    struct View;
    macro_rules! view {
        ($empty:block $body:block) => {
            #[webhooks_core::whview(register = false)]
            impl View {
                #[whpost("payment.created")]
                async fn created(&self, data: Payment) $empty

                fn other(&self) -> u8 $body
            }
        };
    }
    view!({} { 1 });
    assert_eq!(
        View.created(Payment { amount: 1 }).event(),
        "payment.created"
    );
    assert_eq!(View.other(), 1);
}
