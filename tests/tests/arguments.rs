//! Whatever an attribute can say can be written by hand: both documents are the same bytes.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use webhooks_core::openapi::SecurityScheme;
use webhooks_core::{
    Deprecation, Descriptor, Example, Extension, ExternalDocs, IntoWebhooks, Method, OpenApi,
    Parameter, PayloadInfo, Response, Security, Webhooks, json_value, whget, whpost, whroute,
    whview,
};

/// A payment.
#[derive(Serialize, JsonSchema)]
struct Payment {
    /// In cents.
    amount: u32,
}

/// What the receiver answers.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
struct Ack {
    stored: bool,
}

fn document<M>(webhooks: impl IntoWebhooks<M>) -> String {
    let catalogue = Webhooks::new()
        .with(webhooks)
        .build()
        .expect("no contradictions");
    let openapi = OpenApi::new("Payments", "1.0.0")
        .security_scheme("bearer", SecurityScheme::http("bearer"))
        .security_scheme("oauth", SecurityScheme::oauth2(json!({})));
    openapi
        .webhooks(catalogue)
        .to_json()
        .expect("no contradictions")
}

/// One test for each: a declaration, and the descriptor that says the same.
macro_rules! same {
    ($($test:ident: { $($declaration:tt)* } == $by_hand:expr;)*) => {
        $(
            #[test]
            fn $test() {
                $($declaration)*
                static BY_HAND: Descriptor = $by_hand;
                let (declared, written) = (document(payment_created), document(&BY_HAND));
                assert_eq!(declared, written);
                // Without what is said, the document is another one: nothing is dropped on both sides.
                assert_ne!(declared, document(&PLAIN));
            }
        )*
    };
}

const CREATED: Descriptor = Descriptor::post("payment.created").payload::<Payment>();

static PLAIN: Descriptor = CREATED;

same! {
    the_doc_comment: {
        /// Money has come in.
        ///
        /// Sent **once**:
        ///
        ///     indented
        #[whpost("payment.created")]
        async fn payment_created(data: Payment);
    } == CREATED.docs("Money has come in.\n\nSent **once**:\n\n    indented");

    the_doc_comment_of_a_block: {
        /**
         * Money has come in.
         *
         * Sent once.
         */
        #[whpost("payment.created")]
        async fn payment_created(data: Payment);
    } == CREATED.docs("Money has come in.\n\nSent once.");

    the_doc_comment_from_a_file: {
        /// Money has come in.
        ///
        #[doc = concat!("Sent ", "once.")]
        #[whpost("payment.created")]
        async fn payment_created(data: Payment);
    } == CREATED.docs("Money has come in.\n\nSent once.");

    the_functions_name: {
        #[whpost("payment.created")]
        async fn money_came_in(data: Payment);
        use money_came_in as payment_created;
    } == CREATED.function("money_came_in");

    summary: {
        #[whpost("payment.created", summary = "Money came in")]
        async fn payment_created(data: Payment);
    } == CREATED.summary("Money came in");

    description_from_a_macro: {
        #[whpost("payment.created", description = concat!("Sent ", "once."))]
        async fn payment_created(data: Payment);
    } == CREATED.description("Sent once.");

    tags: {
        #[whpost("payment.created", tags = ["money", "in"])]
        async fn payment_created(data: Payment);
    } == CREATED.tags(&["money", "in"]);

    operation_id: {
        #[whpost("payment.created", operation_id = "moneyCameIn")]
        async fn payment_created(data: Payment);
    } == CREATED.operation_id("moneyCameIn");

    deprecated: {
        #[whpost("payment.created", deprecated)]
        async fn payment_created(data: Payment);
    } == CREATED.deprecated(Deprecation::new());

    replaced_by: {
        #[whpost("payment.created", replaced_by = "payment.created.v2")]
        async fn payment_created(data: Payment);
    } == CREATED.replaced_by("payment.created.v2");

    security: {
        #[whpost("payment.created", security = ["bearer", ("oauth", ["read", "write"])])]
        async fn payment_created(data: Payment);
    } == CREATED.security(&[Security::scheme("bearer"), Security::scheme("oauth").scopes(&["read", "write"])]);

    responses: {
        #[whpost("payment.created", responses = [(410, "Ends it."), ("4XX", "Refused.", Ack), ("default", "Tries again.")])]
        async fn payment_created(data: Payment);
    } == CREATED.responses(&[
        Response::new("410", "Ends it."),
        Response::new("4XX", "Refused.").body::<Ack>(),
        Response::new("default", "Tries again."),
    ]);

    response_description: {
        #[whpost("payment.created", response_description = "It is stored.")]
        async fn payment_created(data: Payment);
    } == CREATED.response_description("It is stored.");

    the_return_type: {
        #[whpost("payment.created")]
        async fn payment_created(data: Payment) -> Ack;
    } == CREATED.response::<Ack>();

    status: {
        #[whpost("payment.created", status = 202)]
        async fn payment_created(data: Payment);
    } == CREATED.status("202");

    external_docs: {
        #[whpost("payment.created", external_docs = ("https://example.com/guide", "The guide"))]
        async fn payment_created(data: Payment);
    } == CREATED.external_docs(ExternalDocs::new("https://example.com/guide").description("The guide"));

    external_docs_without_a_description: {
        #[whpost("payment.created", external_docs = "https://example.com/guide")]
        async fn payment_created(data: Payment);
    } == CREATED.external_docs(ExternalDocs::new("https://example.com/guide"));

    examples: {
        #[whpost("payment.created", examples = [
            ("card", Payment { amount: 1 }),
            ("bank", "Over a bank", Payment { amount: 1 + 1 }),
        ])]
        async fn payment_created(data: Payment);
    } == CREATED.examples(&[
        Example::new("card", || json_value(&Payment { amount: 1 })),
        Example::new("bank", || json_value(&Payment { amount: 2 })).summary("Over a bank"),
    ]);

    examples_of_a_payload_that_is_a_reference: {
        #[whpost("payment.created", examples = [("card", Payment { amount: 1 })])]
        async fn payment_created(data: &Payment);
    } == CREATED.examples(&[Example::new("card", || json_value(&Payment { amount: 1 }))]);

    examples_of_a_payload_without_a_size: {
        #[whpost("payment.created", examples = [("list", &[Payment { amount: 1 }])])]
        async fn payment_created(data: Option<&[Payment]>);
    } == Descriptor::post("payment.created")
        .with_payload(PayloadInfo::json::<[Payment]>().optional())
        .examples(&[Example::new("list", || json_value(&[Payment { amount: 1 }]))]);

    extensions: {
        #[whpost("payment.created", extensions = [("x-internal", true), ("x-limits", json!({ "day": 5 }))])]
        async fn payment_created(data: Payment);
    } == CREATED.extensions(&[
        Extension::new("x-internal", || json_value(&true)),
        Extension::new("x-limits", || json!({ "day": 5 })),
    ]);

    content_type: {
        #[whpost("payment.created", content_type = "application/cloudevents+json")]
        async fn payment_created(data: Payment);
    } == Descriptor::post("payment.created")
        .with_payload(PayloadInfo::json::<Payment>().content_type("application/cloudevents+json"));

    content_type_of_a_form: {
        #[whpost("payment.created", content_type = "application/x-www-form-urlencoded")]
        async fn payment_created(data: Payment);
    } == Descriptor::post("payment.created").with_payload(PayloadInfo::form::<Payment>());

    content_type_of_bytes: {
        #[whpost("payment.created", content_type = "text/csv", examples = [("two", "a;b")])]
        async fn payment_created(data: String);
    } == Descriptor::post("payment.created")
        .with_payload(PayloadInfo::bytes("text/csv"))
        .examples(&[Example::new("two", || json_value("a;b"))]);

    include_in_schema: {
        #[whpost("payment.created", include_in_schema = false)]
        async fn payment_created(data: Payment);
    } == CREATED.include_in_schema(false);

    methods: {
        #[whroute("payment.created", methods = ["PUT", "POST"])]
        async fn payment_created(data: Payment);
    } == Descriptor::new("payment.created", &[Method::Put, Method::Post]).payload::<Payment>();

    the_doc_comment_of_the_payload: {
        #[whpost("payment.created")]
        async fn payment_created(
            /// What came in.
            data: Payment,
        );
    } == Descriptor::post("payment.created")
        .with_payload(PayloadInfo::json::<Payment>().description("What came in."));

    an_optional_payload: {
        #[whroute("payment.created", methods = ["GET", "POST"])]
        async fn payment_created(data: Option<Payment>);
    } == Descriptor::new("payment.created", &[Method::Get, Method::Post])
        .with_payload(PayloadInfo::json::<Payment>().optional());

    parameters: {
        #[whget("payment.created")]
        async fn payment_created(
            /// Whose payment it is.
            #[header("X-Tenant")]
            tenant: &str,
            #[header] x_trace: Option<String>,
            #[query] page: u32,
            #[query("q")] words: Option<Vec<String>>,
            /// Who is
            /// logged in.
            #[cookie]
            session: String,
        );
    } == Descriptor::get("payment.created").parameters(&[
        Parameter::header::<str>("X-Tenant").description("Whose payment it is."),
        Parameter::header::<String>("x-trace").optional(),
        Parameter::query::<u32>("page"),
        Parameter::query::<Vec<String>>("q").optional(),
        Parameter::cookie::<String>("session").description("Who is\nlogged in."),
    ]);
}

#[test]
fn a_view_says_once_what_its_methods_have_in_common() {
    struct Payments;

    #[whview(
        prefix = "payment",
        summary = "About payments",
        description = "Sent by the bank.",
        responses = [(410, "Ends the subscription."), (429, "Waits.", Ack)]
    )]
    impl Payments {
        #[whpost("created", summary = "In", responses = [(410, "Mine.")])]
        async fn created(&self, data: Payment);

        #[whpost("changed", status = 202)]
        async fn changed(&self, data: Payment);
    }

    static CREATED: Descriptor = self::CREATED
        .summary("In")
        .default_summary("About payments")
        .default_description("Sent by the bank.")
        .responses(&[
            Response::new("410", "Mine."),
            Response::new("429", "Waits.").body::<Ack>(),
        ]);
    static CHANGED: Descriptor = Descriptor::post("payment.changed")
        .payload::<Payment>()
        .default_summary("About payments")
        .default_description("Sent by the bank.")
        .status("202")
        .responses(&[
            Response::new("410", "Ends the subscription."),
            Response::new("429", "Waits.").body::<Ack>(),
        ]);
    let declared = document(Payments);
    assert_eq!(
        declared,
        document(Webhooks::new().with(&CREATED).with(&CHANGED))
    );
    for text in [
        "\"summary\": \"In\"",
        "\"summary\": \"About payments\"",
        "Sent by the bank.",
    ] {
        assert!(declared.contains(text), "{text}");
    }
}

#[test]
#[expect(deprecated, reason = "this is what the test is about")]
fn rusts_own_deprecated() {
    #[whpost("payment.created")]
    #[deprecated(since = "1.2.0", note = "money is out of use")]
    async fn payment_created(data: Payment);

    #[whpost("payment.created")]
    #[deprecated = "money is out of use"]
    async fn with_a_note(data: Payment);

    static CREATED: Descriptor = self::CREATED.deprecated(
        Deprecation::new()
            .since("1.2.0")
            .note("money is out of use"),
    );
    static WITH_A_NOTE: Descriptor = self::CREATED
        .function("with_a_note")
        .deprecated(Deprecation::new().note("money is out of use"));
    assert_eq!(document(payment_created), document(&CREATED));
    assert_eq!(document(with_a_note), document(&WITH_A_NOTE));
}

#[test]
fn the_arguments_of_a_view_are_those_of_its_methods() {
    struct Payments;

    #[whview(prefix = "payment", tags = ["money"], security = ["bearer"], deprecated, include_in_schema = false)]
    impl Payments {
        #[whpost("created", tags = ["in"], include_in_schema = true)]
        async fn created(&self, data: Payment);

        #[whpost("changed", security = [], include_in_schema = true)]
        async fn changed(&self, data: Payment);

        #[whpost("hidden")]
        async fn hidden(&self, data: Payment);
    }

    static CREATED: Descriptor = self::CREATED
        .tags(&["money", "in"])
        .security(&[Security::scheme("bearer")])
        .deprecated(Deprecation::new());
    static CHANGED: Descriptor = Descriptor::post("payment.changed")
        .payload::<Payment>()
        .tags(&["money"])
        .security(&[])
        .deprecated(Deprecation::new());
    assert_eq!(
        document(Payments),
        document(Webhooks::new().with(&CREATED).with(&CHANGED))
    );
}
