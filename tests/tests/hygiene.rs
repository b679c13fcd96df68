//! Declarations in surroundings that are not kind to macros, without a single warning.
#![deny(
    warnings,
    missing_docs,
    clippy::pedantic,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(
    unnameable_types,
    unused_qualifications,
    unused_extern_crates,
    clippy::nursery,
    clippy::exhaustive_enums
)]
#![deny(
    rust_2018_idioms,
    elided_lifetimes_in_paths,
    single_use_lifetimes,
    unused_lifetimes,
    missing_copy_implementations
)]
#![allow(
    clippy::redundant_pub_crate,
    reason = "it wants the opposite of `unreachable_pub`"
)]
#![forbid(unsafe_code)]

use webhooks_core::{Webhook, Webhooks};

mod payload {
    /// A payment.
    #[derive(Debug, Clone, Copy, serde::Serialize, schemars::JsonSchema)]
    pub(crate) struct Payment {
        /// In cents.
        pub(crate) amount: u32,
    }

    /// An answer.
    #[derive(Debug, Clone, Copy, schemars::JsonSchema)]
    pub(crate) struct Ack;
}

/// Everything that generated code might name without a path means something else here.
#[allow(
    dead_code,
    unused_macros,
    non_camel_case_types,
    reason = "they are only in the way"
)]
mod shadowed {
    use super::payload::{Ack, Payment as P};
    use ::webhooks_core::{whpost, whroute, whview};

    macro_rules! in_the_way {
        ($($name:ident)*) => { $(struct $name;)* };
    }
    in_the_way! {
        Option Result String Vec Box Some None Ok Err Default Descriptor Method Message Webhook Webhooks Carries View
        SourceLocation Payload Parameter Response Security Example Extension Draft Registration TypeId Callback Member OptionalHeader Self_ u64 str
    }
    #[allow(non_upper_case_globals, reason = "they are only in the way")]
    const file: () = ();
    mod std {}
    mod core {}
    mod webhooks_core {}
    mod inventory {}
    mod data {}
    macro_rules! file {
        () => {
            compile_error!("the wrong macro")
        };
    }
    macro_rules! line {
        () => {
            compile_error!("the wrong macro")
        };
    }
    macro_rules! column {
        () => {
            compile_error!("the wrong macro")
        };
    }
    macro_rules! concat {
        ($($t:tt)*) => {
            compile_error!("the wrong macro")
        };
    }
    macro_rules! unreachable {
        () => {
            compile_error!("the wrong macro")
        };
    }

    #[whpost(
        "shadowed.function",
        tags = ["a"],
        security = ["bearer", ("oauth", ["read"])],
        responses = [(410, "Gone.", Ack)],
        examples = [("one", P { amount: 1 }), ("two", "Two.", P { amount: 2 })],
        extensions = [("x-a", true)],
        external_docs = ("https://example.com", "More."),
        replaced_by = "shadowed.route"
    )]
    #[deprecated(since = "1.0.0", note = "only here to be in the way")]
    async fn function(
        data: P,
        /// The tenant.
        #[header]
        tenant: &::core::primitive::str,
        #[query] n: ::core::option::Option<bool>,
    ) -> Ack;

    #[whroute("shadowed.route", methods = ["GET", "POST"])]
    async fn route(data: ::core::option::Option<P>);

    struct Type;

    #[whview(prefix = "shadowed")]
    impl Type {
        #[whpost("method")]
        async fn method(&self, data: P, #[cookie] session: bool) -> Ack;

        #[whpost(NAME)]
        async fn named(data: P);
    }

    const NAME: &::core::primitive::str = "constant";
}

/// Private functions without a caller, and public ones without other documentation.
mod quiet {
    use super::payload::Payment;
    use webhooks_core::{whget, whpost, whroute, whview};

    #[whpost("quiet.private")]
    async fn private(data: Payment);

    #[whpost("quiet.braces")]
    fn braces(data: &Payment, #[header] x_tenant: String, #[query] verbose: Option<bool>) {}

    #[whroute("quiet.route", methods = ["GET", "POST"])]
    async fn route(data: Option<Vec<Payment>>);

    #[whpost("quiet.underscores")]
    async fn underscores(_data: Payment, #[query("n")] _n: &u8);

    #[whpost("quiet.unregistered", register = false)]
    pub(super) async fn unregistered(data: Payment);

    /// A view.
    #[derive(Debug, Clone, Copy)]
    struct Quiet;

    #[whview]
    impl Quiet {
        /// Sent.
        #[whpost("quiet.method")]
        async fn method(&self, data: Payment, #[query] n: Vec<u8>);

        #[whget("quiet.get")]
        fn get();

        #[whpost("quiet.self")]
        fn of_itself(data: Option<Box<[Payment]>>);
    }

    #[whview(more)]
    impl Quiet {
        #[whpost("quiet.more")]
        async fn more(&self, data: Payment);
    }

    struct Generic<T>(std::marker::PhantomData<T>);

    #[whview]
    impl<T: serde::Serialize + schemars::JsonSchema + 'static> Generic<T> {
        #[whpost("quiet.generic")]
        async fn generic(&self, data: T);
    }
}

/// Names that are keywords elsewhere.
mod raw {
    use super::payload::Payment;
    use webhooks_core::{Message, Webhook, whpost, whroute, whview};

    #[whpost("raw.type")]
    pub(super) async fn r#type(data: Payment);

    #[whroute(methods = ["POST"])]
    pub(super) async fn r#in(r#for: Payment, #[header] r#match: String);

    pub(super) struct Raw;

    #[whview]
    impl Raw {
        #[whpost("raw.method")]
        pub(super) async fn r#fn(&self, r#loop: Payment, #[query] r#while: u8);
    }

    pub(super) fn messages() -> [Message; 3] {
        let payment = Payment { amount: 1 };
        [
            r#type(payment).into(),
            r#in(payment, "a".to_owned()).into(),
            Raw.r#fn(payment, 2).into(),
        ]
    }

    pub(super) const TYPE: &str = <r#type as Webhook>::DESCRIPTOR.name();
}

#[test]
fn a_raw_identifier_loses_its_mark_in_names() {
    let [first, second, third] = raw::messages();
    assert_eq!(
        [first.event(), second.event(), third.event()],
        ["raw.type", "in", "raw.method"]
    );
    assert_eq!(raw::TYPE, "raw.type");
    assert_eq!(second.headers().collect::<Vec<_>>(), [("match", "a")]);
    assert_eq!(third.query().collect::<Vec<_>>(), [("while", "2")]);
}

mod payment {
    //! A module of the name of a function.
}

#[webhooks_core::whpost("taken.by.a.module", marker = PaymentEvent)]
async fn payment(data: payload::Payment);

/// A type of the name of a function.
#[allow(non_camel_case_types, reason = "it has the name of a function")]
enum refund {}

#[webhooks_core::whpost("taken.by.a.type", marker = RefundEvent)]
async fn refund(data: payload::Payment, #[query] refund: bool);

#[webhooks_core::whpost("taken.by.a.local")]
async fn local(local: payload::Payment, #[query] message: u8, #[query] draft: u8);

#[test]
fn a_module_a_type_and_a_local_may_have_the_name_of_a_function() {
    let data = payload::Payment { amount: 1 };
    assert_eq!(payment(data).event(), PaymentEvent::DESCRIPTOR.name());
    assert_eq!(refund(data, true).event(), RefundEvent::DESCRIPTOR.name());
    assert!(size_of::<refund>() == 0);
    let message = local(data, 1, 2);
    let local = local::DESCRIPTOR;
    assert_eq!(local.name(), message.event());
}

macro_rules! declare {
    ($(#[$doc:meta])* $name:ident, $event:literal, $payload:ty, $($argument:ident: $kind:ty),*) => {
        $(#[$doc])*
        #[webhooks_core::whpost($event, tags = ["generated"])]
        async fn $name(data: $payload, $(#[query] $argument: $kind),*);
    };
    (view $name:ident, $method:ident, $event:expr, $payload:ty) => {
        struct $name;

        #[webhooks_core::whview]
        impl $name {
            #[webhooks_core::whpost($event)]
            async fn $method(&self, data: $payload);
        }
    };
}
declare!(#[doc = "Sent."] generated, "generated.function", Option<payload::Payment>, a: u8, b: Option<bool>);
declare!(view Generated, method, "generated.method", &[payload::Payment]);

#[test]
fn a_declaration_may_come_from_a_macro() {
    let message = generated(None, 1, None);
    assert_eq!(message.payload(), Ok(None));
    assert_eq!(message.query().collect::<Vec<_>>(), [("a", "1")]);
    assert_eq!(Generated.method(&[]).event(), "generated.method");
}

#[test]
fn what_is_declared_in_such_surroundings_is_collected() {
    let catalogue = Webhooks::collect().expect("no contradictions");
    let names: Vec<_> = catalogue
        .iter()
        .map(|entry| entry.name().as_str())
        .collect();
    for name in [
        "shadowed.function",
        "shadowed.method",
        "shadowed.constant",
        "quiet.private",
        "quiet.more",
        "in",
    ] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    let _ = quiet::unregistered(payload::Payment { amount: 1 });
}
