//! A message finds its event by its declaration: also that of a generic view, and behind gateways.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use webhooks_core::{Descriptor, Message, Method, WebhookGateway, Webhooks, whpost, whview};
use webhooks_sender::dialect::{Dialect, Scheme};
use webhooks_sender::testing::{TestSender, TestSenderBuilder};
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::webhooks::{payment, payment_created};

struct Refunds<T>(std::marker::PhantomData<T>);

#[whview(prefix = "refund")]
impl<T: Serialize + JsonSchema + 'static> Refunds<T> {
    /// Sent when a refund has been made.
    #[whpost("made")]
    async fn made(&self, data: T);
}

const REFUNDS: Refunds<u32> = Refunds(std::marker::PhantomData);

async fn sender(webhooks: Webhooks) -> TestSender {
    let webhooks = webhooks.build().expect("a catalogue");
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

async fn events(sender: &TestSender) -> Vec<String> {
    sender.deliver().await.expect("delivered");
    let events = sender.take_requests().into_iter();
    events
        .map(|request| request.header("webhook-event").expect("bare").to_owned())
        .collect()
}

#[tokio::test]
async fn a_generic_views_webhook_is_sent_also_behind_a_gateway() {
    let plain = sender(Webhooks::new().view::<Refunds<u32>>()).await;
    plain.send("acct_1", REFUNDS.made(17)).await.expect("sent");
    plain
        .send_untyped("acct_1", "refund.made", &json!(17))
        .await
        .expect("sent");
    assert_eq!(events(&plain).await, ["refund.made", "refund.made"]);

    let gateway = WebhookGateway::view::<Refunds<u32>>().prefix("eu");
    let behind = sender(Webhooks::new().with(gateway)).await;
    behind.send("acct_1", REFUNDS.made(17)).await.expect("sent");
    assert_eq!(events(&behind).await, ["eu.refund.made"]);

    let of_another_type = Refunds::<String>(std::marker::PhantomData).made("17".to_owned());
    let refused = plain
        .send("acct_1", of_another_type)
        .await
        .expect_err("not listed");
    assert!(
        matches!(refused, Error::OtherDeclaration(_)) && refused.is_input(),
        "{refused}"
    );
}

#[tokio::test]
async fn a_webhook_with_two_names_is_sent_under_the_one_that_is_said_and_never_under_a_guess() {
    let [eu, us] = ["eu", "us"].map(|prefix| WebhookGateway::new(payment_created).prefix(prefix));
    let sender = sender(Webhooks::new().with(eu).with(us)).await;
    let refused = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect_err("ambiguous");
    assert!(matches!(refused, Error::Ambiguous { .. }) && refused.is_input());
    for name in ["`eu.payment.created`", "`us.payment.created`", "as_event"] {
        assert!(refused.to_string().contains(name), "{refused}");
    }
    for event in ["us.payment.created", "eu.payment.created"] {
        let said = Outbound::new(payment_created(payment(1))).as_event(event);
        sender.send("acct_1", said).await.expect("sent");
        sender
            .send_untyped("acct_1", event, &json!({"id": 1, "amount": 2}))
            .await
            .expect("sent");
        assert_eq!(events(&sender).await, [event, event]);
    }
    for event in ["payment.created", "asia.payment.created"] {
        let said = Outbound::new(payment_created(payment(1))).as_event(event);
        assert!(
            matches!(
                sender.send("acct_1", said).await,
                Err(Error::UnknownEvent(_))
            ),
            "{event}"
        );
    }
}

#[tokio::test]
async fn another_declaration_of_a_listed_name_is_told_apart() {
    static OWN: Descriptor = Descriptor::post("payment.created").payload::<u32>();
    let sender = sender(Webhooks::new().with(payment_created)).await;
    let refused = sender
        .send("acct_1", Message::untyped(&OWN, &1))
        .await
        .expect_err("another one");
    assert!(
        matches!(&refused, Error::OtherDeclaration(event) if event == "payment.created"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_declared_header_that_the_dialect_writes_is_refused_at_start() {
    /// Sent when a thing has been signed.
    #[whpost("thing.signed", register = false)]
    async fn thing_signed(#[header("X-Acme-Signature")] by: String);

    let webhooks = || {
        Webhooks::new()
            .with(thing_signed)
            .build()
            .expect("a catalogue")
    };
    let acme = Dialect::signed("acme", Scheme::hmac_sha256("x-acme-signature"));
    let with_acme = Sender::testing()
        .webhooks(webhooks())
        .set(|builder| builder.dialect(acme));
    let refused = with_acme
        .start()
        .await
        .expect_err("both write it")
        .to_string();
    assert!(
        refused.contains("X-Acme-Signature") && refused.contains("`acme`"),
        "{refused}"
    );
    let sender = Sender::testing()
        .webhooks(webhooks())
        .start()
        .await
        .expect("another dialect");
    sender
        .send("acct_1", thing_signed("me".to_owned()))
        .await
        .expect("sent");
}

static TOPIC: Descriptor = Descriptor::any_name("orders/create", &[Method::Post]).payload::<u32>();
static HOOK: Descriptor = Descriptor::any_name("Push Hook", &[Method::Post]).payload::<u32>();
static LETTERS: Descriptor = Descriptor::any_name("größe", &[Method::Post]).payload::<u32>();

#[tokio::test]
async fn the_name_of_an_existing_apis_event_travels_in_the_event_header() {
    let sender = sender(Webhooks::new().with(&TOPIC).with(&HOOK)).await;
    for event in [&TOPIC, &HOOK] {
        let message = Message::untyped(event, &17);
        sender.send("acct_1", message).await.expect("sent");
        assert_eq!(events(&sender).await, [event.name()]);
    }
}

#[tokio::test]
async fn a_name_that_no_header_can_hold_is_refused_at_start_where_a_dialect_writes_it_into_one() {
    let start = async |dialects: Vec<Dialect>| {
        let webhooks = Webhooks::new().with(&LETTERS).with(&TOPIC);
        let sender = Sender::testing().webhooks(webhooks.build().expect("a catalogue"));
        let with = |sender: TestSenderBuilder, dialect| sender.set(|set| set.dialect(dialect));
        dialects.into_iter().fold(sender, with).start().await
    };
    let acme = || Dialect::unsigned("acme").event_header("x-acme-event");
    for dialects in [vec![], vec![acme()], vec![Dialect::rest_hooks(), acme()]] {
        let refused = start(dialects).await.map(drop).expect_err("no header");
        let text = refused.to_string();
        assert!(
            text.contains("`größe`") && text.contains("declarations.rs"),
            "{text}"
        );
        assert!(text.contains("without an event header"), "{text}");
    }
    let sender = start(vec![Dialect::rest_hooks()]).await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("größe");
    let subscribed = sender.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    let message = Message::untyped(&LETTERS, &17);
    sender.send("acct_1", message).await.expect("sent");
    sender.deliver().await.expect("delivered");
    assert_eq!(sender.take_requests().len(), 1);
}
