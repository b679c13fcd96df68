//! Views: types whose impl blocks declare webhooks.

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{
    Catalogue, Message, Method, WebhookGateway, Webhooks, whget, whpost, whroute, whview,
};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: u32,
}

const PAYMENT: Payment = Payment { amount: 4 };

fn json<W>(message: &Message<W>) -> String {
    let payload = message
        .payload()
        .expect("it can be written")
        .expect("there is a payload");
    String::from_utf8(payload.to_vec()).expect("it is text")
}

fn collected() -> Catalogue {
    Webhooks::collect().expect("the webhooks of this file do not contradict one another")
}

fn count(catalogue: &Catalogue, name: &str) -> usize {
    catalogue
        .iter()
        .filter(|entry| entry.name().as_str() == name)
        .count()
}

mod payments {
    //! A view in a module.

    use super::{JsonSchema, Payment, Serialize, whget, whpost, whroute, whview};

    pub(super) const SUFFIX: &str = "by-a-constant";

    pub(super) struct Payments {
        pub(super) currency: &'static str,
    }

    #[whview(tags = ["view"], prefix = "view")]
    impl Payments {
        const FIRST: u32 = { 1 };

        #[whpost("created")]
        pub(super) async fn created(&self, data: Payment);

        #[whpost("changed", tags = ["own", "view"])]
        pub(super) async fn changed(&self, data: &Payment, #[header] x_tenant: String) {}

        #[whpost(SUFFIX)]
        pub(super) fn named(data: Payment);

        #[whroute(methods = ["GET", "PUT"])]
        pub(super) async fn synced(&self, data: Option<Vec<Self>>);

        #[cfg(any())]
        #[whpost("never")]
        pub(super) async fn never(&self, data: DoesNotExist);

        #[cfg(not(any()))]
        #[whget("always")]
        pub(super) async fn always(&self);

        pub(super) fn other(&self) -> u32 {
            Self::FIRST + u32::from(self.currency == "EUR")
        }
    }

    impl Serialize for Payments {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.currency)
        }
    }

    impl JsonSchema for Payments {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Currency".into()
        }

        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": "string" })
        }
    }

    #[whview(more, prefix = "view")]
    impl Payments {
        #[whpost("more")]
        pub(super) async fn in_another_block(&self, data: Vec<std::borrow::Cow<'_, str>>);
    }

    pub(super) struct Unregistered;

    #[whview(register = false)]
    impl Unregistered {
        #[whpost("unregistered.main")]
        pub(super) async fn main(&self);
    }

    #[whview(more, register = false)]
    impl Unregistered {
        #[whpost("unregistered.more")]
        pub(super) async fn more(&self);
    }
}
use payments::{Payments, Unregistered};

#[test]
fn the_methods_of_a_view_build_messages() {
    let view = Payments { currency: "EUR" };
    assert_eq!(view.created(PAYMENT).event(), "view.created");
    assert_eq!(
        json(&view.changed(&PAYMENT, "acme".to_owned())),
        r#"{"amount":4}"#
    );
    assert_eq!(
        Payments::named(PAYMENT).event(),
        format!("view.{}", payments::SUFFIX)
    );
    let synced = view
        .synced(Some(vec![Payments { currency: "USD" }]))
        .with_method(Method::Put);
    assert_eq!(json(&synced), r#"["USD"]"#);
    assert_eq!(json(&view.in_another_block(vec!["x".into()])), r#"["x"]"#);
    assert_eq!((view.always().event(), view.other()), ("view.always", 2));
}

#[test]
fn a_view_lists_its_methods_those_of_further_blocks_and_none_that_is_configured_away() {
    let names = |list: Webhooks| {
        let catalogue = list.build().expect("no contradictions");
        catalogue
            .iter()
            .map(|entry| entry.name().to_string())
            .collect::<Vec<_>>()
    };
    let all = [
        "view.always",
        "view.by-a-constant",
        "view.changed",
        "view.created",
        "view.more",
        "view.synced",
    ];
    assert_eq!(
        names(Webhooks::new().with(Payments { currency: "EUR" })),
        all
    );
    assert_eq!(names(Webhooks::new().view::<Payments>()), all);
    assert_eq!(
        names(Webhooks::new().with(WebhookGateway::view::<Payments>())),
        all
    );
    assert_eq!(
        names(Webhooks::new().with(Payments::changed)),
        ["view.changed"]
    );
    assert_eq!(
        names(Webhooks::new().with(Payments::named)),
        ["view.by-a-constant"]
    );
    assert_eq!(
        names(Webhooks::new().with(Unregistered)),
        ["unregistered.main", "unregistered.more"]
    );
}

#[test]
fn the_tags_of_a_view_stand_before_those_of_its_methods() {
    let catalogue = Webhooks::new()
        .view::<Payments>()
        .build()
        .expect("no contradictions");
    assert_eq!(
        catalogue.get("view.changed").expect("listed").tags(),
        ["view", "own"]
    );
    assert_eq!(
        catalogue.get("view.created").expect("listed").tags(),
        ["view"]
    );
}

struct Fields<T>(T);

#[whview(prefix = "generic")]
impl<T: Serialize + JsonSchema + 'static> Fields<T> {
    #[whpost("changed")]
    async fn changed(&self, data: T);

    #[whpost("both", examples = [("two", vec![])])]
    async fn both(&self, data: Vec<T>, #[query] n: Option<T>);
}

struct Measure<T>(T);

#[whview(prefix = "measure")]
impl Measure<f32> {
    #[whpost("short")]
    async fn changed(&self, data: f32);
}

#[whview(prefix = "measure")]
impl Measure<f64> {
    #[whpost("long")]
    async fn changed(&self, data: f64);
}

#[test]
fn a_generic_view_is_listed_for_each_type_and_never_collected() {
    assert_eq!(json(&Fields(0).changed(PAYMENT.amount)), "4");
    assert_eq!(json(&Fields(true).both(vec![], Some(true))), "[]");
    let list = Webhooks::new()
        .view::<Fields<u8>>()
        .with(Fields(1_u8))
        .with(Fields::<u8>::changed)
        .with(WebhookGateway::view::<Fields<String>>().prefix("text"));
    let catalogue = list
        .build()
        .expect("the same view of the same type is listed once");
    let names: Vec<_> = catalogue
        .iter()
        .map(|entry| entry.name().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "generic.both",
            "generic.changed",
            "text.generic.both",
            "text.generic.changed"
        ]
    );
    assert_eq!(count(&collected(), "generic.changed"), 0);
}

#[test]
fn each_type_of_a_generic_type_may_be_a_view_of_its_own() {
    assert_eq!(json(&Measure(0_f32).changed(0.5)), "0.5");
    assert_eq!(json(&Measure(0_f64).changed(0.5)), "0.5");
    assert_eq!(count(&collected(), "measure.short"), 1);
    assert_eq!(count(&collected(), "measure.long"), 1);
}

#[test]
fn the_blocks_of_a_view_are_collected_once_each() {
    let catalogue = collected();
    assert_eq!(count(&catalogue, "view.created"), 1);
    assert_eq!(count(&catalogue, "view.more"), 1);
    for name in ["unregistered.main", "unregistered.more", "view.never"] {
        assert_eq!(count(&catalogue, name), 0, "{name}");
    }
    let list = Webhooks::new()
        .collected()
        .with(Payments { currency: "EUR" });
    let catalogue = list
        .build()
        .expect("what is collected and listed counts once");
    assert_eq!(
        (
            count(&catalogue, "view.created"),
            count(&catalogue, "view.more")
        ),
        (1, 1)
    );
}
