//! What failed is sent again: by a replay, by hand, or when a process with the key comes; what was called off is not.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::Clock;
use webhooks_sender::job::Replay;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::failing::{TARGET, sender};
use crate::webhooks::{bare, payment, payment_created};

#[tokio::test]
async fn a_replay_brings_back_what_failed_since_a_time_and_nothing_else() {
    let sender = Sender::testing().webhooks(bare());
    let sender = sender
        .set(|builder| builder.retries(RetrySchedule::new([])))
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    for (number, status) in [(1, 500), (2, 204), (3, 500), (4, 500)] {
        sender
            .send("acct_1", payment_created(payment(number)))
            .await
            .expect("sent");
        sender.answer(TestAnswer::status(status));
        sender.deliver().await.expect("delivered");
        sender.turn(Duration::from_mins(1));
    }
    sender.take_requests();
    sender
        .operator()
        .replay(
            &id,
            Replay::failed().since(sender.now() - Duration::from_secs(150)),
        )
        .await
        .expect("a replay");
    sender.deliver().await.expect("delivered");
    let replayed: Vec<_> = sender
        .requests()
        .iter()
        .map(|request| request.json()["id"].clone())
        .collect();
    assert_eq!(replayed, [3, 4]);
}

#[tokio::test]
async fn a_replay_goes_by_when_a_delivery_failed_and_not_by_when_its_message_was_sent() {
    let sender = Sender::testing().webhooks(bare());
    let retries = RetrySchedule::new([Duration::from_hours(24); 2]);
    let sender = sender
        .set(|builder| builder.retries(retries))
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    let mut since = sender.now();
    for number in 1..=250 {
        sender
            .send("acct_1", payment_created(payment(number)))
            .await
            .expect("sent");
    }
    for _ in 0..3 {
        since = sender.now();
        (0..250).for_each(|_| sender.answer(TestAnswer::status(500)));
        assert_eq!(sender.deliver().await.expect("delivered"), 250);
        sender.turn(Duration::from_hours(30));
    }
    sender.take_requests();
    sender
        .operator()
        .replay(
            &id,
            Replay::failed().since(since + Duration::from_millis(1)),
        )
        .await
        .expect("a replay");
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        0,
        "they failed before"
    );
    sender
        .operator()
        .replay(&id, Replay::failed().since(since))
        .await
        .expect("a replay");
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        250,
        "more than one page"
    );
}

#[tokio::test]
async fn a_delivered_state_is_not_overwritten_without_a_request() {
    let (sender, id) = sender().await;
    let message = Outbound::new(payment_created(payment(1))).expires_after(Duration::from_hours(1));
    let sent = sender.send("acct_1", message).await.expect("sent");
    sender.deliver().await.expect("delivered");
    let delivery = || async {
        sender
            .operator()
            .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
            .await
            .expect("deliveries")
            .items
            .remove(0)
    };
    let first = delivery().await;
    assert_eq!(first.state, DeliveryState::Delivered);
    let refused = async |why: &str| {
        let error = sender
            .operator()
            .retry(&first.id)
            .await
            .expect_err(why)
            .to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(sender.deliver().await.expect("nothing"), 0);
        assert_eq!(delivery().await.state, first.state);
    };

    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(410));
    sender.deliver().await.expect("delivered");
    refused("switched off; activate it first").await;
    let replay = sender.operator().replay(&id, Replay::failed()).await;
    assert!(matches!(replay, Err(Error::State(_))), "{replay:?}");

    sender.operator().activate(&id).await.expect("activated");
    sender.turn(Duration::from_hours(2));
    refused("expired").await;
    sender.operator().unsubscribe(&id).await.expect("removed");
    refused("removed").await;
}

#[tokio::test]
async fn a_retry_by_hand_takes_the_place_of_the_pending_try() {
    let (sender, _) = sender().await;
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(500));
    sender.deliver().await.expect("delivered");
    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0)
        .id;
    sender.operator().retry(&delivery).await.expect("retried");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing is left"), 0);
    // Even a success can be sent once more.
    sender.operator().retry(&delivery).await.expect("retried");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn what_is_cancelled_or_expired_is_not_sent() {
    let (sender, _) = sender().await;
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0)
        .id;
    sender
        .operator()
        .cancel(&delivery)
        .await
        .expect("cancelled");
    let short = Outbound::new(payment_created(payment(2))).expires_after(Duration::from_secs(5));
    let late = sender.send("acct_1", short).await.expect("sent");
    sender.turn(Duration::from_secs(6));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    let expired = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(late.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(expired.state, DeliveryState::Cancelled);
    assert!(matches!(
        sender.operator().cancel(&delivery).await,
        Err(Error::State(_))
    ));
}

#[tokio::test]
async fn a_process_without_the_key_to_the_secrets_uses_up_no_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let (transport, clock) = (
        Arc::new(TestTransport::default()),
        Clock::fixed_at(Duration::from_hours(500_000)),
    );
    let builder = || {
        let builder = Sender::open(folder.path().join("w.db"))
            .webhooks(bare())
            .without_engine();
        builder.transport(transport.clone()).clock(clock.clone())
    };
    // Nothing is sealed yet when it starts.
    let without_key = builder()
        .start()
        .await
        .expect("a worker that was not given the key");
    let with_key = builder()
        .seal_with(SealingKey::new("2026-11", [7; 32]))
        .start()
        .await
        .expect("a sender");
    with_key
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("a subscription");
    let sent = with_key
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    for _ in 0..20 {
        assert_eq!(without_key.deliver().await.expect("nothing"), 0);
        clock.advance(Duration::from_mins(2));
    }
    assert_eq!(with_key.deliver().await.expect("delivered"), 1);
    let delivery = with_key
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Delivered, 1)
    );
}
