//! Messages of an owner, of everyone and under a key: who gets them, and how often.

use std::time::Duration;

use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Error, Outbound, Owner, Sender, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

#[tokio::test]
async fn an_owner_sees_no_other_owners_messages_and_everyone_sees_a_broadcast() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(
            owner,
            format!("https://{}.example.com/", owner.replace('_', "-")),
        )
        .event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    sender.assert_sent("payment.created", "https://acct-1.example.com/", 1);
    sender.assert_sent("payment.created", "https://acct-2.example.com/", 0);
    sender
        .send(Owner::everyone(), card_declined(payment(2)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    for target in ["https://acct-1.example.com/", "https://acct-2.example.com/"] {
        sender.assert_sent("payment.card.declined", target, 1);
    }
}

#[tokio::test]
async fn an_idempotency_key_sends_once_per_owner() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(owner, "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    let keyed =
        |number| Outbound::new(payment_created(payment(number))).idempotency_key("order-17");
    let first = sender.send("acct_1", keyed(1)).await.expect("sent");
    let again = sender.send("acct_1", keyed(2)).await.expect("answered");
    let other = sender.send("acct_2", keyed(3)).await.expect("sent");
    assert_eq!((&again.id, again.repeated), (&first.id, true));
    assert_eq!((first.deliveries, again.deliveries), (Some(1), Some(0)));
    assert!(!first.repeated && !other.repeated);
    assert_eq!(sender.deliver().await.expect("delivered"), 2);
}

#[tokio::test]
async fn a_key_of_another_event_is_an_error_and_fails_nobody_elses_send() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let first = Outbound::new(payment_created(payment(1))).idempotency_key("order-17");
    sender.send("acct_1", first).await.expect("sent");

    let sends = (0..40).map(|number| {
        let message = Outbound::new(card_declined(payment(number)));
        let message = if number == 20 {
            message.idempotency_key("order-17")
        } else {
            message
        };
        let sender = Sender::clone(&sender);
        tokio::spawn(async move { sender.send("acct_1", message).await })
    });
    let sends: Vec<_> = sends.collect();
    for (number, send) in sends.into_iter().enumerate() {
        let sent = send.await.expect("no panic");
        if number == 20 {
            let error = sent.expect_err("the key is taken");
            assert!(
                matches!(&error, Error::KeyReused { first } if first == "payment.created"),
                "{error}"
            );
            assert!(error.is_input());
        } else {
            sent.expect("innocent");
        }
    }
    let reused = Outbound::new(card_declined(payment(1))).idempotency_key("order-17");
    let many = [Outbound::new(card_declined(payment(2))), reused];
    assert!(matches!(
        sender.send_many("acct_1", many).await,
        Err(Error::KeyReused { .. })
    ));
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        40,
        "of several with a taken key none is sent"
    );
}

#[tokio::test]
async fn an_owner_that_may_not_see_an_event_does_not_get_it() {
    let sender = Sender::testing().webhooks(bare());
    let sender = sender.set(|builder| {
        builder.visible(|owner, event| owner != "acct_1" || event != "payment.created")
    });
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("accepted");
    sender
        .send("acct_1", card_declined(payment(2)))
        .await
        .expect("sent");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn a_broadcast_asks_for_each_owner_and_each_attempt_asks_again() {
    let allowed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (rule, order) = (
        std::sync::Arc::clone(&allowed),
        std::sync::atomic::Ordering::SeqCst,
    );
    let sender = Sender::testing().webhooks(bare());
    let sender = sender
        .set(|builder| builder.visible(move |owner, _| owner == "acct_1" && rule.load(order)));
    let sender = sender.start().await.expect("a sender");
    for owner in ["acct_1", "acct_2"] {
        let wanted = Subscription::new(
            owner,
            format!("https://{}.example.com/", owner.replace('_', "-")),
        );
        sender
            .operator()
            .subscribe(wanted.event("*"))
            .await
            .expect("a subscription");
    }
    let sent = sender
        .send(Owner::everyone(), card_declined(payment(1)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(500));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.assert_sent("payment.card.declined", "https://acct-1.example.com/", 1);
    allowed.store(false, order);
    assert_eq!(
        sender
            .pass(Duration::from_hours(1))
            .await
            .expect("time passes"),
        0
    );
    let deliveries = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.state == DeliveryState::Cancelled)
    );
}
