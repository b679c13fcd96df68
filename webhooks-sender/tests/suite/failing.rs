//! What follows from failures: retries, giving up, switching off, replaying.

use std::time::Duration;

use webhooks_sender::{
    Clock, DeactivationRule, DeliveryState, Error, Outbound, RetrySchedule, SealingKey, Sender, Subscription,
    SubscriptionId, SubscriptionState, TestAnswer, TestSender, TestTransport, TransportError,
};

use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

async fn sender() -> (TestSender, SubscriptionId) {
    let sender = Sender::testing().webhooks(bare()).start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("payment.*");
    let id = sender.subscribe(wanted).await.expect("a subscription").id;
    (sender, id)
}

#[tokio::test]
async fn the_standard_schedule_is_kept_to_the_second_and_then_given_up() {
    let (sender, _) = sender().await;
    let sent = sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    let waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for wait in waits {
        sender.answer(TestAnswer::status(500));
        assert_eq!(sender.deliver().await.expect("delivered"), 1);
        sender.turn(Duration::from_secs(wait - 1));
        assert_eq!(sender.deliver().await.expect("nothing is due"), 0, "{wait} s are not over");
        // Jitter delays by a tenth at most.
        sender.turn(Duration::from_secs(wait / 10 + 2));
    }
    sender.answer(TestAnswer::failure(TransportError::Timeout));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.turn(Duration::from_hours(168));
    assert_eq!(sender.deliver().await.expect("nothing is left"), 0);

    let delivery = sender.deliveries(&sent.id, None, 10).await.expect("deliveries").items.remove(0);
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Failed, 10));
    let attempts = sender.attempts(&delivery.id).await.expect("attempts");
    assert_eq!(attempts.len(), 10);
    assert_eq!(attempts[9].error.as_deref(), Some("timeout"));
    assert!(sender.requests().iter().all(|request| request.header("webhook-id") == Some(sent.id.as_str())));
}

#[tokio::test]
async fn each_attempt_is_signed_with_its_own_time() {
    let (sender, _) = sender().await;
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    sender.answer(TestAnswer::status(500));
    sender.deliver().await.expect("delivered");
    sender.turn(Duration::from_secs(10));
    sender.deliver().await.expect("delivered");
    let requests = sender.requests();
    let header = |index: usize, name| requests[index].header(name).expect(name).to_owned();
    assert_eq!(header(0, "webhook-timestamp"), "1800000000");
    assert_eq!(header(1, "webhook-timestamp"), "1800000010");
    assert_ne!(header(0, "webhook-signature"), header(1, "webhook-signature"));
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn retry_after_delays_and_never_hurries() {
    let (sender, _) = sender().await;
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    sender.answer(TestAnswer::status(503).header("retry-after", "60"));
    sender.deliver().await.expect("delivered");
    sender.turn(Duration::from_secs(30));
    assert_eq!(sender.deliver().await.expect("too early"), 0);
    sender.turn(Duration::from_secs(40));
    sender.answer(TestAnswer::status(503).header("retry-after", "1"));
    assert_eq!(sender.deliver().await.expect("due"), 1);
    sender.turn(Duration::from_secs(200));
    assert_eq!(sender.deliver().await.expect("the step is five minutes"), 0);
}

#[tokio::test]
async fn gone_switches_off_at_once_and_nothing_more_is_sent() {
    let (sender, id) = sender().await;
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    sender.answer(TestAnswer::status(410));
    sender.deliver().await.expect("delivered");
    assert_eq!(sender.subscription(&id).await.expect("there").state, SubscriptionState::Gone);
    sender.send("acct_1", payment_created(payment(2))).await.expect("accepted, wanted by nobody");
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
}

#[tokio::test]
async fn only_failures_over_a_time_switch_off_and_activation_starts_afresh() {
    let rule = DeactivationRule { failures: 3, period: Duration::from_hours(1) };
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.deactivation(rule).retries(RetrySchedule::new([])).operations("ops"));
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender.subscribe(wanted).await.expect("a subscription").id;
    let ops = Subscription::new("ops", "https://ops.example.com/").event("webhooks.*");
    sender.subscribe(ops).await.expect("a subscription");

    let fail = async |number| {
        sender.send("acct_1", payment_created(payment(number))).await.expect("sent");
        sender.answer(TestAnswer::status(500));
        sender.deliver().await.expect("delivered");
        sender.subscription(&id).await.expect("there").state
    };
    for number in 0..5 {
        assert_eq!(fail(number).await, SubscriptionState::Active, "the time is not over");
    }
    sender.turn(Duration::from_hours(1));
    assert_eq!(fail(5).await, SubscriptionState::Failing);
    sender.deliver().await.expect("the operator is told");
    sender.assert_sent("webhooks.subscription.deactivated", "https://ops.example.com/", 1);
    sender.assert_sent("webhooks.delivery.exhausted", "https://ops.example.com/", 6);

    sender.activate(&id).await.expect("activated");
    assert_eq!(fail(6).await, SubscriptionState::Active, "one failure is not enough again");
}

#[tokio::test]
async fn a_replay_brings_back_what_failed_since_a_time_and_nothing_else() {
    let sender = Sender::testing().webhooks(bare());
    let sender =
        sender.set(|builder| builder.retries(RetrySchedule::new([]))).start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender.subscribe(wanted).await.expect("a subscription").id;
    for (number, status) in [(1, 500), (2, 204), (3, 500), (4, 500)] {
        sender.send("acct_1", payment_created(payment(number))).await.expect("sent");
        sender.answer(TestAnswer::status(status));
        sender.deliver().await.expect("delivered");
        sender.turn(Duration::from_mins(1));
    }
    sender.take_requests();
    sender.replay(&id, sender.now() - Duration::from_secs(150)).await.expect("a replay");
    sender.deliver().await.expect("delivered");
    let replayed: Vec<_> = sender.requests().iter().map(|request| request.json()["id"].clone()).collect();
    assert_eq!(replayed, [3, 4]);
}

#[tokio::test]
async fn a_retry_by_hand_takes_the_place_of_the_pending_try() {
    let (sender, _) = sender().await;
    let sent = sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    sender.answer(TestAnswer::status(500));
    sender.deliver().await.expect("delivered");
    let delivery = sender.deliveries(&sent.id, None, 1).await.expect("deliveries").items.remove(0).id;
    sender.retry(&delivery).await.expect("retried");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing is left"), 0);
    // Even a success can be sent once more.
    sender.retry(&delivery).await.expect("retried");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn what_is_cancelled_or_expired_is_not_sent() {
    let (sender, _) = sender().await;
    let sent = sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    let delivery = sender.deliveries(&sent.id, None, 1).await.expect("deliveries").items.remove(0).id;
    sender.cancel(&delivery).await.expect("cancelled");
    let short = Outbound::new(payment_created(payment(2))).expires_after(Duration::from_secs(5));
    let late = sender.send("acct_1", short).await.expect("sent");
    sender.turn(Duration::from_secs(6));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    let expired = sender.deliveries(&late.id, None, 1).await.expect("deliveries").items.remove(0);
    assert_eq!(expired.state, DeliveryState::Cancelled);
    assert!(matches!(sender.cancel(&delivery).await, Err(Error::State(_))));
}

#[tokio::test]
async fn a_process_without_the_key_to_the_secrets_uses_up_no_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let (transport, clock) =
        (std::sync::Arc::new(TestTransport::default()), Clock::fixed_at(Duration::from_hours(500_000)));
    let builder = || {
        let builder = Sender::open(folder.path().join("w.db")).webhooks(bare()).without_engine();
        builder.transport(transport.clone()).clock(clock.clone())
    };
    let with_key = builder().seal_with(SealingKey::new("2026-11", [7; 32])).start().await.expect("a sender");
    with_key.subscribe(Subscription::new("acct_1", TARGET).event("*")).await.expect("a subscription");
    let sent = with_key.send("acct_1", payment_created(payment(1))).await.expect("sent");
    let without_key = builder().start().await.expect("a worker that was not given the key");
    for _ in 0..20 {
        assert_eq!(without_key.deliver().await.expect("nothing"), 0);
        clock.advance(Duration::from_mins(2));
    }
    assert_eq!(with_key.deliver().await.expect("delivered"), 1);
    let delivery = with_key.deliveries(&sent.id, None, 1).await.expect("deliveries").items.remove(0);
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Delivered, 1));
}
