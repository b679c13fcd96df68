//! What a subscription may ask for: events that exist and that its owner may see, a dialect that signs, and so many.

use std::sync::Arc;

use webhooks_sender::testing::{TestSender, TestTransport};
use webhooks_sender::{Error, Owner, Secret, Sender, Subscription, SubscriptionRequest};

use crate::accounts::not_found;
use crate::webhooks::{all, bare, card_declined, payment, payment_created, with_rest_hooks};

const TARGET: &str = "https://example.com/hook";

fn request() -> SubscriptionRequest {
    SubscriptionRequest::new(TARGET).event("payment.*")
}

async fn sender() -> TestSender {
    let webhooks = all().build().expect("a catalogue");
    let sender = Sender::testing().webhooks(webhooks);
    sender.start().await.expect("a sender")
}

#[tokio::test]
async fn a_customer_makes_so_many_subscriptions_and_no_more() {
    let webhooks = bare();
    let sender = Sender::testing().webhooks(webhooks);
    let sender = sender.set(|builder| builder.subscriptions_per_owner(2));
    let sender = sender.start().await.expect("a sender");
    let account = sender.of("a");
    for _ in 0..2 {
        account.subscribe(request()).await.expect("subscribed");
    }
    let third = account.subscribe(request()).await;
    assert!(
        matches!(third, Err(Error::TooManySubscriptions { limit: 2 })),
        "{third:?}"
    );
    let operator = sender.operator();
    let wanted = Subscription::new("a", TARGET).event("payment.*");
    operator.subscribe(wanted).await.expect("not limited");
    sender
        .of("b")
        .subscribe(request())
        .await
        .expect("another's");
}

#[tokio::test]
async fn an_event_that_does_not_exist_is_refused_with_what_may_have_been_meant() {
    let sender = sender().await;
    let account = sender.of("a");
    for (event, text) in [
        (
            "payment.craeted",
            "there is no event `payment.craeted`; did you mean `payment.created`?",
        ),
        (
            "paymnet.*",
            "there is no event `paymnet.*`; did you mean `payment.*`?",
        ),
        ("shipment.sent", "there is no event `shipment.sent`"),
        (
            "webhooks.delivery.failing",
            "there is no event `webhooks.delivery.failing`",
        ),
    ] {
        let wanted = SubscriptionRequest::new(TARGET).event(event);
        let error = account.subscribe(wanted).await.expect_err(event);
        assert_eq!(
            error.to_string().split("; did you mean `webhooks").next(),
            Some(text)
        );
        assert!(error.is_input());
    }
    for event in ["*", "payment.*", "payment.card.declined", "webhooks.test"] {
        let wanted = SubscriptionRequest::new(TARGET).event(event);
        account.subscribe(wanted).await.expect(event);
    }
}

#[tokio::test]
async fn an_event_of_a_configuration_file_is_checked_at_the_start() {
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
    let wanted = Subscription::new("a", TARGET)
        .event("paymnet.*")
        .secret(secret);
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.subscription("crm", wanted));
    let error = sender
        .start()
        .await
        .expect_err("a typing error")
        .to_string();
    assert!(
        error.contains("`crm`") && error.contains("did you mean `payment.*`?"),
        "{error}"
    );
}

#[tokio::test]
async fn a_process_without_a_catalogue_checks_no_events_and_delivers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("w.db");
    let transport = Arc::new(TestTransport::default());
    let worker = || {
        Sender::open(&path)
            .transport(Arc::clone(&transport))
            .without_engine()
    };
    let accepting = worker().webhooks(bare()).start().await.expect("a sender");
    let worker = worker().start().await.expect("a worker");
    let wanted = SubscriptionRequest::new(TARGET).event("payment.created");
    worker.of("a").subscribe(wanted).await.expect("not checked");
    accepting
        .send("a", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(worker.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn an_event_that_an_owner_may_not_see_does_not_exist_for_it() {
    let rule = |owner: &str, event: &str| owner == "a" || event != "payment.card.declined";
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.visible(rule));
    let sender = sender.start().await.expect("a sender");
    let wanted = || SubscriptionRequest::new(TARGET).event("payment.card.declined");
    sender.of("a").subscribe(wanted()).await.expect("visible");
    let refused = sender.of("b").subscribe(wanted()).await;
    assert!(
        matches!(refused, Err(Error::UnknownPattern { .. })),
        "{refused:?}"
    );
    // Nor is a broadcast of it seen.
    let sent = sender
        .send(Owner::everyone(), card_declined(payment(1)))
        .await;
    let id = sent.expect("sent").id;
    sender.of("a").message(&id).await.expect("visible");
    not_found("message", sender.of("b").message(&id).await);
}

#[tokio::test]
async fn a_dialect_without_a_signature_is_off_until_named_and_takes_no_secret() {
    let wanted = || {
        Subscription::new("a", TARGET)
            .event("payment.created")
            .dialect("rest-hooks")
    };
    let plain = Sender::testing().webhooks(bare()).start().await;
    let plain = plain.expect("a sender");
    let refused = plain.operator().subscribe(wanted()).await;
    let error = refused.expect_err("not named").to_string();
    assert!(
        error.contains("there is no dialect `rest-hooks`"),
        "{error}"
    );

    let named = Sender::testing().webhooks(bare()).set(with_rest_hooks);
    let named = named.start().await.expect("a sender");
    let id = named
        .operator()
        .subscribe(wanted())
        .await
        .expect("named")
        .id;
    let secret = Secret::new("a secret that is long enough").expect("a secret");
    let with_secret = || wanted().secret(secret.clone());
    for refused in [
        named.operator().subscribe(with_secret()).await.err(),
        named.operator().change(&id, with_secret()).await.err(),
    ] {
        let error = refused.expect("a secret without use").to_string();
        assert!(error.contains("`rest-hooks` signs nothing"), "{error}");
    }
}

#[tokio::test]
async fn operational_events_are_for_the_operator_to_subscribe() {
    let webhooks = all().build().expect("a catalogue");
    let sender = Sender::testing()
        .webhooks(webhooks)
        .set(|builder| builder.operational_events_to("operator"));
    let sender = sender.start().await.expect("a sender");
    let wanted = || SubscriptionRequest::new(TARGET).event("webhooks.delivery.*");
    sender
        .of("operator")
        .subscribe(wanted())
        .await
        .expect("the operator");
    assert!(sender.of("a").subscribe(wanted()).await.is_err());
}
