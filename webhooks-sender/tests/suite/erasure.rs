//! Erasure, on both databases: what a message carried is gone, everywhere; that it was sent stays.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Error, Outbound, Owner, SenderBuilder, SubscriptionRequest};

use crate::accounts::not_found;
use crate::jobs::{done, on_both, subscribed};
use crate::webhooks::{bare, payment, payment_created};

on_both! {
    an_erased_message_keeps_nothing_of_what_it_carried(an_erased_message_on_postgres);
    of_an_erased_owner_no_secret_no_payload_and_no_answer_is_left(an_erased_owner_on_postgres);
}

async fn kit<D: Database>(builder: SenderBuilder<D>) -> TestSender<D> {
    let builder = builder.webhooks(bare());
    builder.testing().start().await.expect("a sender")
}

async fn send<D: Database>(
    sender: &TestSender<D>,
    owner: &str,
    number: u64,
) -> webhooks_sender::id::MessageId {
    let message = Outbound::new(payment_created(payment(number)));
    let message = message
        .label("customer", "Ada")
        .idempotency_key(format!("key {number}"));
    sender.send(owner, message).await.expect("sent").id
}

mod tests {
    use super::*;

    pub(super) async fn an_erased_message_keeps_nothing_of_what_it_carried<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("a");
        let id = subscribed(&account).await;
        sender.answer(TestAnswer::status(500).body("an echo of Ada's payment"));
        let message = send(&sender, "a", 1).await;
        sender.deliver().await.expect("tried");
        let other = send(&sender, "a", 2).await;
        sender.deliver().await.expect("delivered");
        let answers = || async {
            let page = account.attempts_to(&id, 10).await.expect("a page");
            let answers = page.items.into_iter().filter(|one| one.response.is_some());
            answers.count()
        };
        assert_eq!(answers().await, 1);

        not_found(
            "erase_message",
            sender.of("b").erase_message(&message).await,
        );
        let job = account.erase_message(&message).await.expect("a job");
        // The payload is gone when the call returns.
        let stored = account.message(&message).await.expect("a message");
        assert_eq!((stored.body, stored.labels.len()), (None, 0));
        assert_eq!(done(&sender, &job).await.done, 1);
        assert_eq!(answers().await, 0);
        let of = DeliveryFilter::new().message(message.clone());
        let delivery = account
            .deliveries(&of, 1)
            .await
            .expect("a page")
            .items
            .remove(0);
        assert_eq!(delivery.state, DeliveryState::Cancelled);
        sender.take_requests();
        sender.pass(Duration::from_hours(200)).await.expect("days");
        assert_eq!(sender.requests().len(), 0, "what waited was cancelled");
        let stored = account.message(&other).await.expect("a message");
        assert!(stored.body.is_some(), "another message keeps its payload");

        // Its key may be used again: nothing tells what it was used for.
        assert_ne!(send(&sender, "a", 1).await, message);
        let broadcast = Outbound::new(payment_created(payment(3)));
        let broadcast = sender
            .send(Owner::everyone(), broadcast)
            .await
            .expect("sent")
            .id;
        not_found("erase_message", account.erase_message(&broadcast).await);
        let job = sender.operator().erase_message(&broadcast).await;
        done(&sender, &job.expect("a job")).await;
    }

    pub(super) async fn of_an_erased_owner_no_secret_no_payload_and_no_answer_is_left<
        D: Database,
    >(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let mut ids = Vec::new();
        for owner in ["a", "b"] {
            let account = sender.of(owner);
            ids.push(subscribed(&account).await);
            let second = SubscriptionRequest::new("https://two.example.com/").event("*");
            account.subscribe(second).await.expect("subscribed");
            for _ in 0..4 {
                sender.answer(TestAnswer::status(204).body("thank you"));
            }
            for number in 1..=2 {
                send(&sender, owner, number).await;
            }
            sender.deliver().await.expect("delivered");
        }
        let invalid = sender.operator().erase_owner("").await;
        assert!(matches!(invalid, Err(Error::Owner)), "{invalid:?}");
        let job = sender.operator().erase_owner("a").await.expect("a job");
        assert_eq!(done(&sender, &job).await.done, 2, "its messages");
        let operator = sender.operator();
        for (owner, id, is_kept) in [("a", &ids[0], false), ("b", &ids[1], true)] {
            let subscriptions = operator.subscriptions(owner, 10).await.expect("a page");
            assert_eq!(subscriptions.items.is_empty(), !is_kept, "{owner}");
            let messages = operator.messages(owner, 10).await.expect("a page").items;
            assert_eq!(messages.len(), 2, "that they were sent stays");
            assert!(
                messages.iter().all(|one| one.body.is_some() == is_kept),
                "{owner}"
            );
            let attempts = operator.attempts_to(id, 10).await.expect("a page").items;
            assert_eq!(attempts.len(), 2);
            assert!(
                attempts.iter().all(|one| one.response.is_some() == is_kept),
                "{owner}"
            );
        }
    }
}
