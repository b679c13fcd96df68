//! Which webhooks there are, under which names and ids, and in which order.

use serde_json::json;
use webhooks_core::{EventName, OpenApi, Security, WebhookGateway, Webhooks, whpost};

use crate::{First, Second, Third, document, made, names, synced, try_document};

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

/// `tests/ui/whpost/fail/webhook-as-a-route.rs` is the other half.
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
    assert!(error.contains("defects/main.rs:"), "{error}");
    assert!(error.contains("defects/listed.rs:"), "{error}");
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
        ["defects_Payment", "other_Payment"]
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
