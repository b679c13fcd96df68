//! What may be sent at all: payloads that fit what was declared, events of the catalogue, bodies within the limit.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::{Descriptor, Message, Method, PayloadInfo, Webhook, Webhooks};
use webhooks_sender::testing::TestSender;
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::webhooks::{
    Payment, bare, card_declined, enveloped, payment, payment_created, payment_synced,
};

static PING: Descriptor = Descriptor::post("ping");
static MAYBE: Descriptor =
    Descriptor::post("maybe").with_payload(PayloadInfo::json::<u32>().optional());
static HIDDEN: Descriptor = Descriptor::post("hidden")
    .payload::<Payment>()
    .include_in_schema(false);
static FORM: Descriptor = Descriptor::post("form").with_payload(PayloadInfo::form::<Payment>());
static IMAGE: Descriptor = Descriptor::post("image").with_payload(PayloadInfo::bytes("image/png"));

pub(crate) async fn sender() -> TestSender {
    let webhooks = Webhooks::new()
        .with(&PING)
        .with(&MAYBE)
        .with(&HIDDEN)
        .with(&FORM)
        .with(&IMAGE);
    let webhooks = webhooks
        .with(payment_created)
        .with(payment_synced)
        .build()
        .expect("a catalogue");
    let sender = Sender::testing()
        .webhooks(webhooks)
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    sender
}

/// In a debug build, as tests are, what serde writes of a declared type is held against its schema.
#[cfg(all(feature = "validation", debug_assertions))]
#[tokio::test]
async fn a_declared_payload_that_serialize_with_changes_is_refused_in_a_debug_build() {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes fields by reference"
    )]
    fn as_text<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
    #[derive(Serialize, JsonSchema)]
    struct Account {
        #[serde(serialize_with = "as_text")]
        id: u64,
    }
    #[webhooks_core::whpost("account.opened", register = false)]
    async fn account_opened(data: Account);

    let webhooks = Webhooks::new().with(account_opened).build();
    let sender = Sender::testing()
        .webhooks(webhooks.expect("a catalogue"))
        .start()
        .await
        .expect("a sender");
    let message = account_opened(Account { id: 1 });
    let error = sender
        .send("acct_1", message)
        .await
        .expect_err("a text is not an integer");
    assert!(matches!(error, Error::Schema { .. }), "{error}");
}

/// A payload that does not fit [`payment_created`].
fn misfit() -> Message {
    Message::untyped(
        payment_created::DESCRIPTOR,
        &json!({ "id": "secret-1", "amount": 5 }),
    )
}

#[cfg(feature = "validation")]
#[tokio::test]
async fn untyped_payloads_must_fit_the_schema_by_whatever_way_they_are_sent() {
    let sender = sender().await;
    let fits = || {
        Message::untyped(
            payment_created::DESCRIPTOR,
            &json!({ "id": 1, "amount": 5 }),
        )
    };
    sender.send("acct_1", fits()).await.expect("it fits");
    let refused = |error: Option<Error>| {
        let error = error.expect("it does not fit");
        assert!(
            matches!(error, Error::Schema { .. }) && error.is_input(),
            "{error}"
        );
        assert!(
            error.to_string().contains("/id"),
            "the place is named: {error}"
        );
        assert!(
            !error.to_string().contains("secret-1"),
            "the value is not: {error}"
        );
    };
    refused(sender.send("acct_1", misfit()).await.err());
    refused(
        sender
            .send("acct_1", Outbound::new(misfit()).label("a", "b"))
            .await
            .err(),
    );
    refused(sender.send_many("acct_1", [fits(), misfit()]).await.err());
    refused(sender.outbox_sql("acct_1", misfit()).err());
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        1,
        "of several with a misfit none is sent"
    );
}

#[cfg(feature = "validation")]
#[tokio::test]
async fn untyped_payloads_must_fit_the_schema_in_the_applications_transaction_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .without_engine()
        .start()
        .await
        .expect("a sender");
    let mut transaction = pool.begin().await.expect("a transaction");
    let refused = sender.send_in(&mut transaction, "acct_1", misfit()).await;
    assert!(matches!(refused, Err(Error::Schema { .. })));
}

#[cfg(feature = "validation")]
#[tokio::test]
async fn by_name_a_payload_fits_the_declared_data_and_not_the_envelope() {
    for catalogue in [bare(), enveloped()] {
        let sender = Sender::testing()
            .webhooks(catalogue)
            .start()
            .await
            .expect("a sender");
        let good = json!({ "id": 1, "amount": 5 });
        sender
            .send_untyped("acct_1", "payment.created", &good)
            .await
            .expect("it fits");
        let wrapped =
            json!({ "type": "payment.created", "timestamp": "2027-01-15T08:00:00Z", "data": good });
        for bad in [
            json!({ "id": 1 }),
            wrapped,
            json!({ "id": -1, "amount": 5 }),
            json!([]),
            5.into(),
        ] {
            let refused = sender.send_untyped("acct_1", "payment.created", &bad).await;
            assert!(
                matches!(refused, Err(Error::Schema { .. })),
                "{bad}: {refused:?}"
            );
        }
    }
}

#[cfg(feature = "validation")]
#[tokio::test]
async fn a_webhook_outside_of_the_document_has_a_schema_all_the_same() {
    let sender = sender().await;
    sender
        .send("acct_1", Message::untyped(&HIDDEN, &payment(1)))
        .await
        .expect("it fits");
    let refused = sender.send("acct_1", Message::untyped(&HIDDEN, &17)).await;
    assert!(matches!(refused, Err(Error::Schema { .. })));
}

#[cfg(not(feature = "validation"))]
#[tokio::test]
async fn without_validation_untyped_payloads_are_sent_as_they_are() {
    let sender = sender().await;
    sender
        .send("acct_1", misfit())
        .await
        .expect("it is not looked at");
}

/// What a declared function built has been checked by the compiler, and a check would only cost time: this type writes
/// something else than its schema says, and is sent.
#[tokio::test]
async fn a_typed_payload_is_held_against_its_schema_in_debug_builds_alone() {
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema matters")]
    struct Liar {
        amount: u32,
    }
    impl Serialize for Liar {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str("ten")
        }
    }
    #[webhooks_core::whpost("liar.lied", register = false)]
    async fn liar_lied(data: Liar);

    let webhooks = Webhooks::new()
        .with(liar_lied)
        .build()
        .expect("a catalogue");
    let sender = Sender::testing()
        .webhooks(webhooks)
        .start()
        .await
        .expect("a sender");
    let sent = sender.send("acct_1", liar_lied(Liar { amount: 1 })).await;
    assert_eq!(sent.is_err(), cfg!(debug_assertions), "{sent:?}");
}

#[tokio::test]
async fn null_is_no_payload_where_none_is_needed() {
    let sender = sender().await;
    for (event, payload, body) in [
        ("ping", Value::Null, ""),
        ("maybe", Value::Null, ""),
        ("maybe", 12.into(), "12"),
    ] {
        sender
            .send_untyped("acct_1", event, &payload)
            .await
            .expect("it may have none");
        sender.deliver().await.expect("delivered");
        let request = sender.take_requests().remove(0);
        assert_eq!(
            (&request.body[..], request.header("content-type").is_some()),
            (body.as_bytes(), !body.is_empty())
        );
    }
}

#[tokio::test]
async fn what_is_not_json_cannot_be_sent_untyped() {
    let sender = sender().await;
    for (event, payload, text) in [
        ("form", json!({ "id": 1, "amount": 1 }), "form"),
        ("image", json!("a"), "png"),
        ("ping", json!(1), "none"),
    ] {
        let error = sender
            .send_untyped("acct_1", event, &payload)
            .await
            .expect_err(event);
        assert!(
            matches!(error, Error::Message(_)) && error.to_string().contains(text),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_event_that_the_catalogue_does_not_list_is_refused() {
    let sender = sender().await;
    let unlisted = sender
        .send("acct_1", card_declined(payment(1)))
        .await
        .expect_err("not listed");
    assert!(matches!(&unlisted, Error::UnknownEvent(event) if event == "payment.card.declined"));
    assert!(
        unlisted.is_input() && unlisted.to_string().contains("catalogue"),
        "{unlisted}"
    );
    let unknown = sender
        .send_untyped("acct_1", "payment.unknown", &json!({}))
        .await;
    assert!(matches!(unknown, Err(Error::UnknownEvent(_))));
    let worker = Sender::testing()
        .start()
        .await
        .expect("a sender without a catalogue");
    assert!(matches!(
        worker.send("acct_1", payment_created(payment(1))).await,
        Err(Error::UnknownEvent(_))
    ));
}

#[tokio::test]
async fn a_method_that_was_not_declared_is_refused() {
    let sender = sender().await;
    let refused = sender
        .send(
            "acct_1",
            payment_created(payment(1)).with_method(Method::Put),
        )
        .await;
    assert!(
        matches!(&refused, Err(Error::Message(error)) if error.to_string().contains("PUT")),
        "{refused:?}"
    );
    let synced =
        payment_synced(payment(3), "eu".to_owned(), 7, "s1".to_owned()).with_method(Method::Post);
    sender
        .send("acct_1", synced)
        .await
        .expect("POST is declared");
}
