//! What a declaration leaves behind at run time: messages, lists, and what is found in the binary.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{
    Carries, Catalogue, Message, Method, Webhook, Webhooks, whdelete, whead, whget, whhead,
    whoptions, whpatch, whpost, whput, whroute, whtrace,
};
use webhooks_tests_events as events;

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: u32,
}

const PAYMENT: Payment = Payment { amount: 4 };

fn json<W>(message: &Message<W>) -> String {
    text(message).expect("there is a payload")
}

fn text<W>(message: &Message<W>) -> Option<String> {
    let payload = message.payload().expect("it can be written")?;
    Some(String::from_utf8(payload.to_vec()).expect("it is text"))
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

#[whpost("payload.value")]
async fn by_value(data: Payment);

#[whpost("payload.reference")]
fn by_reference(data: &Payment) {}

#[whpost("payload.text")]
async fn unsized_text(data: &str);

#[whpost("payload.list")]
async fn unsized_list(data: &[Payment]);

#[whpost("payload.borrowing")]
async fn borrowing(data: Vec<Cow<'_, str>>);

#[whpost("payload.none")]
async fn nothing();

#[test]
fn a_payload_is_written_at_once_whether_it_is_a_value_or_a_reference() {
    assert_eq!(json(&by_value(PAYMENT)), r#"{"amount":4}"#);
    assert_eq!(json(&by_reference(&PAYMENT)), r#"{"amount":4}"#);
    assert_eq!(json(&unsized_text("hello")), r#""hello""#);
    assert_eq!(
        json(&unsized_list(&[PAYMENT, PAYMENT])),
        r#"[{"amount":4},{"amount":4}]"#
    );
    let message = {
        let local = String::from("local");
        borrowing(vec![Cow::Borrowed(&local)])
    };
    assert_eq!(json(&message), r#"["local"]"#);
    assert_eq!(text(&nothing()), None);
    assert_eq!(nothing().content_type(), None);
    assert_eq!(by_value(PAYMENT).content_type(), Some("application/json"));
}

#[whpost("payload.optional")]
async fn optional(data: Option<Payment>);

#[whpost("payload.optional.reference")]
async fn optional_reference(data: Option<&str>);

#[test]
fn an_optional_payload_may_be_absent() {
    assert_eq!(text(&optional(None)), None);
    assert_eq!(json(&optional(Some(PAYMENT))), r#"{"amount":4}"#);
    assert_eq!(json(&optional_reference(Some("x"))), r#""x""#);
    assert_eq!(text(&optional_reference(None)), None);
}

#[whget("method.get")]
async fn get();
#[whput("method.put")]
async fn put(data: Payment);
#[whpatch("method.patch")]
async fn patch(data: Payment);
#[whdelete("method.delete")]
async fn delete(data: Payment);
#[whead("method.head")]
async fn head();
#[whhead("method.head.too")]
async fn head_too();
#[whoptions("method.options")]
async fn options();
#[whtrace("method.trace")]
async fn trace();

#[test]
fn each_attribute_has_its_method() {
    use Method::{Delete, Get, Head, Options, Patch, Put, Trace};
    let methods = [
        (get as fn() -> Message<get>)().method(),
        put(PAYMENT).method(),
        patch(PAYMENT).method(),
        delete(PAYMENT).method(),
        head().method(),
        head_too().method(),
        options().method(),
        trace().method(),
    ];
    assert_eq!(
        methods,
        [Get, Put, Patch, Delete, Head, Head, Options, Trace]
    );
}

#[whroute(methods = ["GET", "POST"])]
async fn route_without_a_name(data: Option<Payment>);

#[whroute("route.two", methods = ["PUT", "POST"])]
async fn route_with_two(data: Payment);

#[test]
fn a_route_takes_the_functions_name_and_sends_its_payload_where_the_method_carries_one() {
    let message = route_without_a_name(Some(PAYMENT));
    assert_eq!(
        (message.event(), message.method()),
        ("route_without_a_name", Method::Get)
    );
    assert_eq!(text(&message), None);
    assert_eq!(json(&message.with_method(Method::Post)), r#"{"amount":4}"#);
    assert_eq!(route_with_two(PAYMENT).method(), Method::Put);
    assert!(
        route_with_two(PAYMENT)
            .with_method(Method::Delete)
            .payload()
            .is_err()
    );
}

#[whpost("parameters")]
async fn parameters(
    #[header("X-Tenant")] tenant: &str,
    data: Payment,
    #[header] x_trace: Option<String>,
    #[query("page")] number: u32,
    #[query] flags: Vec<bool>,
    #[cookie] session: Option<&str>,
);

#[test]
fn headers_query_and_cookies_reach_the_message() {
    let message = parameters("acme", PAYMENT, None, 2, vec![true, false], Some("s1"));
    assert_eq!(
        message.headers().collect::<Vec<_>>(),
        [("X-Tenant", "acme")]
    );
    assert_eq!(
        message.query().collect::<Vec<_>>(),
        [("page", "2"), ("flags", "true"), ("flags", "false")]
    );
    assert_eq!(message.cookies().collect::<Vec<_>>(), [("session", "s1")]);
    assert_eq!(json(&message), r#"{"amount":4}"#);
    let message = parameters("acme", PAYMENT, Some("t".to_owned()), 1, vec![], None);
    assert_eq!(
        message.headers().collect::<Vec<_>>(),
        [("X-Tenant", "acme"), ("x-trace", "t")]
    );
    assert_eq!(message.cookies().count(), 0);
}

#[whpost("format.form", content_type = "application/x-www-form-urlencoded")]
async fn form(data: Payment);

#[whpost("format.csv", content_type = "text/csv")]
async fn csv(data: &str);

#[whpost("format.png", content_type = "image/png")]
async fn png(data: Vec<u8>);

#[whpost("format.cloudevents", content_type = "application/cloudevents+json")]
async fn cloudevents(data: Payment);

#[test]
fn the_content_type_says_how_the_payload_is_written() {
    assert_eq!(json(&form(PAYMENT)), "amount=4");
    assert_eq!(json(&csv("a;b")), "a;b");
    assert_eq!(png(vec![0, 255]).payload(), Ok(Some(&[0, 255][..])));
    assert_eq!(json(&cloudevents(PAYMENT)), r#"{"amount":4}"#);
    assert_eq!(
        form(PAYMENT).content_type(),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(png(vec![]).content_type(), Some("image/png"));
    assert_eq!(
        cloudevents(PAYMENT).content_type(),
        Some("application/cloudevents+json")
    );
}

const NAME: &str = "name.in.a.constant";

#[whpost(NAME)]
async fn named_by_a_constant(data: Payment);

#[whpost(concat!("name", ".in.a.macro"))]
async fn named_by_a_macro(data: Payment);

#[test]
fn a_name_may_be_a_constant() {
    assert_eq!(named_by_a_constant(PAYMENT).event(), NAME);
    assert_eq!(named_by_a_macro(PAYMENT).event(), "name.in.a.macro");
}

#[test]
fn the_type_of_the_functions_name_is_its_webhook() {
    fn carries<W: Webhook + Carries<T>, T: ?Sized>() -> &'static str {
        W::DESCRIPTOR.name()
    }
    assert_eq!(carries::<by_value, Payment>(), "payload.value");
    assert_eq!(carries::<by_reference, Payment>(), "payload.reference");
    assert_eq!(carries::<unsized_text, str>(), "payload.text");
    assert_eq!(carries::<optional, Payment>(), "payload.optional");
}

#[test]
fn a_declaration_knows_its_place() {
    let place = by_value::DESCRIPTOR.source_location().to_string();
    let line = include_str!("declare.rs")
        .lines()
        .position(|line| line == "async fn by_value(data: Payment);");
    let line = line.expect("it is declared in this file") + 1;
    assert!(place.ends_with(&format!("declare.rs:{line}:10")), "{place}");
}

struct Generic<T>(T);

impl<T> Generic<T> {
    #[allow(
        dead_code,
        clippy::unused_self,
        reason = "it is there for what is declared inside"
    )]
    fn method(&self) {
        #[whpost("inside.a.generic.method")]
        async fn inside(data: Payment);
    }
}

#[allow(dead_code, reason = "it is there for what is declared inside")]
fn function<T>(_: T) {
    #[whpost("inside.a.generic.function")]
    async fn inside(data: Payment);

    mod inner {
        #[webhooks_core::whpost("inside.a.module.inside.a.function")]
        async fn inside(data: u8);
    }
}

mod outer {
    pub(in crate::outer) mod inner {
        #[webhooks_core::whpost("inside.two.modules")]
        pub(in crate::outer) async fn inside(data: crate::Payment);
    }
}

#[test]
fn everything_is_collected_once_wherever_it_is_declared() {
    let catalogue = collected();
    for name in [
        "payload.value",
        "inside.a.generic.method",
        "inside.a.generic.function",
        "inside.a.module.inside.a.function",
        "inside.two.modules",
        "events.order.placed",
        "events.nested",
        "events.order.shipped",
        "declared.by.a.macro",
        "through.a.facade",
    ] {
        assert_eq!(count(&catalogue, name), 1, "{name}");
    }
    assert_eq!(count(&catalogue, "events.unregistered"), 0);
}

#[test]
fn what_is_collected_and_listed_counts_once() {
    let list = Webhooks::new()
        .collected()
        .with(by_value)
        .with(by_value)
        .with(events::order_placed);
    let catalogue = list
        .with(events::Orders)
        .build()
        .expect("no contradictions");
    for name in [
        "payload.value",
        "events.order.placed",
        "events.order.shipped",
    ] {
        assert_eq!(count(&catalogue, name), 1, "{name}");
    }
}

#[test]
fn webhooks_of_another_crate_are_used_like_ones_own() {
    let order = || events::Order { number: 7 };
    assert_eq!(
        json(&events::order_placed(order(), None)),
        r#"{"number":7}"#
    );
    assert_eq!(json(&events::Orders.shipped(order())), r#"{"number":7}"#);
    let list = Webhooks::new()
        .with(events::unregistered)
        .with(events::Orders::shipped);
    let catalogue = list.build().expect("no contradictions");
    assert_eq!(catalogue.len(), 2);
}

events::declare! {
    /// Sent from a macro.
    pub(crate) by_macro, "declared.by.a.macro", Vec<Payment>
}

#[events::hooks::whpost("through.a.facade", crate = events::hooks)]
async fn through_a_facade(data: Payment);

#[test]
fn the_attributes_work_through_a_facade_and_in_macros() {
    assert_eq!(by_macro(vec![PAYMENT]).event(), "declared.by.a.macro");
    assert_eq!(through_a_facade(PAYMENT).event(), "through.a.facade");
}

/// Was replaced.
#[deprecated(since = "1.2.0", note = "use `deprecated.new`")]
#[whpost("deprecated.old")]
async fn old(data: Payment);

#[whpost("deprecated.below")]
#[deprecated = "gone"]
async fn old_below(data: Payment);

#[test]
#[expect(deprecated, reason = "this is what the test is about")]
fn rusts_own_deprecation_reaches_callers_and_the_document() {
    let list = Webhooks::new().with(old).with(old_below);
    let catalogue = list.build().expect("no contradictions");
    assert!(
        catalogue
            .iter()
            .all(webhooks_core::CatalogueEntry::is_deprecated)
    );
}

mod payment {
    //! Takes the name of a function in the namespace of types.
}

#[whpost("marker.function", marker = PaymentEvent)]
async fn payment(data: Payment);

#[test]
fn a_marker_lets_a_function_share_its_name_with_a_module() {
    assert_eq!(payment(PAYMENT).event(), "marker.function");
    assert_eq!(PaymentEvent::DESCRIPTOR.name(), "marker.function");
}
