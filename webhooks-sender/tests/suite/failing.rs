//! What follows from failures: retries, giving up, switching off, replaying.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::id::SubscriptionId;
use webhooks_sender::job::Replay;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::subscription::SubscriptionState;
use webhooks_sender::testing::{TestAnswer, TestSender, TestTransport};
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Sender, Subscription};

use crate::webhooks::{bare, payment, payment_created};

pub(crate) const TARGET: &str = "https://example.com/hook";

pub(crate) async fn sender() -> (TestSender, SubscriptionId) {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("payment.*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    (sender, id)
}

#[tokio::test]
async fn the_standard_schedule_is_kept_to_the_second_and_then_given_up() {
    let (sender, _) = sender().await;
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for wait in waits {
        sender.answer(TestAnswer::status(500));
        assert_eq!(sender.deliver().await.expect("delivered"), 1);
        sender.turn(Duration::from_secs(wait - 1));
        assert_eq!(
            sender.deliver().await.expect("nothing is due"),
            0,
            "{wait} s are not over"
        );
        // Jitter delays by a tenth at most.
        sender.turn(Duration::from_secs(wait / 10 + 2));
    }
    sender.answer(TestAnswer::failure(TransportError::Timeout));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.turn(Duration::from_hours(168));
    assert_eq!(sender.deliver().await.expect("nothing is left"), 0);

    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Failed, 10)
    );
    let attempts = sender
        .operator()
        .attempts(&delivery.id)
        .await
        .expect("attempts");
    assert_eq!(attempts.len(), 10);
    assert_eq!(attempts[9].error.as_deref(), Some("timeout"));
    assert!(
        sender
            .requests()
            .iter()
            .all(|request| request.header("webhook-id") == Some(sent.id.as_str()))
    );
}

#[tokio::test]
async fn each_attempt_is_signed_with_its_own_time() {
    let (sender, _) = sender().await;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(500));
    sender.deliver().await.expect("delivered");
    sender.turn(Duration::from_secs(10));
    sender.deliver().await.expect("delivered");
    let requests = sender.requests();
    let header = |index: usize, name| requests[index].header(name).expect(name).to_owned();
    assert_eq!(header(0, "webhook-timestamp"), "1800000000");
    assert_eq!(header(1, "webhook-timestamp"), "1800000010");
    assert_ne!(
        header(0, "webhook-signature"),
        header(1, "webhook-signature")
    );
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn retry_after_delays_and_never_hurries() {
    let (sender, _) = sender().await;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
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
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.answer(TestAnswer::status(410));
    sender.deliver().await.expect("delivered");
    assert_eq!(
        sender
            .operator()
            .subscription(&id)
            .await
            .expect("there")
            .state,
        SubscriptionState::Gone
    );
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("accepted, without a subscriber");
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
}

#[tokio::test]
async fn only_failures_over_a_time_switch_off_and_activation_starts_afresh() {
    let rule = DeactivationRule {
        failures: 3,
        period: Duration::from_hours(1),
    };
    let sender = Sender::testing().webhooks(bare()).set(|builder| {
        builder
            .deactivation(rule)
            .retries(RetrySchedule::new([]))
            .operational_events_to("ops")
    });
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    let ops = Subscription::new("ops", "https://ops.example.com/").event("webhooks.*");
    sender
        .operator()
        .subscribe(ops)
        .await
        .expect("a subscription");

    let fail = async |number| {
        sender
            .send("acct_1", payment_created(payment(number)))
            .await
            .expect("sent");
        sender.answer(TestAnswer::status(500));
        sender.deliver().await.expect("delivered");
        sender
            .operator()
            .subscription(&id)
            .await
            .expect("there")
            .state
    };
    for number in 0..5 {
        assert_eq!(
            fail(number).await,
            SubscriptionState::Active,
            "the time is not over"
        );
    }
    sender.turn(Duration::from_hours(1));
    assert_eq!(fail(5).await, SubscriptionState::Failing);
    sender.deliver().await.expect("the operator is notified");
    sender.assert_sent(
        "webhooks.subscription.deactivated",
        "https://ops.example.com/",
        1,
    );
    sender.assert_sent("webhooks.delivery.exhausted", "https://ops.example.com/", 6);

    sender.operator().activate(&id).await.expect("activated");
    assert_eq!(
        fail(6).await,
        SubscriptionState::Active,
        "one failure is not enough again"
    );
}

#[tokio::test]
async fn gone_stops_the_rest_of_what_was_in_hand_with_it() {
    let (sender, id) = sender().await;
    for number in 0..20 {
        sender
            .send("acct_1", payment_created(payment(number)))
            .await
            .expect("sent");
    }
    sender.answer(TestAnswer::status(204));
    sender.answer(TestAnswer::status(410));
    assert_eq!(sender.deliver().await.expect("delivered"), 2);
    sender.operator().activate(&id).await.expect("activated");
    sender
        .operator()
        .replay(&id, Replay::failed().since(sender.now()))
        .await
        .expect("a replay");
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        19,
        "that one and the rest"
    );
}

#[tokio::test]
async fn gone_stops_the_lane_of_a_running_engine_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pool, transport) = (
        crate::outbox::pool(&folder).await,
        Arc::new(TestTransport::default()),
    );
    let start = || {
        Sender::new(pool.clone())
            .webhooks(bare())
            .transport(transport.clone())
            .concurrency(1)
    };
    let accepting = start().without_engine().start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = accepting
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    let messages = (0..20).map(|number| payment_created(payment(number)));
    accepting.send_many("acct_1", messages).await.expect("sent");
    transport.answer(TestAnswer::status(410));
    let running = start().start().await.expect("a sender");
    let state = async || {
        running
            .operator()
            .subscription(&id)
            .await
            .expect("there")
            .state
    };
    let left = async || {
        let queue = running.operator().queue_stats().await.expect("counts");
        queue.ready + queue.sending + queue.scheduled
    };
    while state().await != SubscriptionState::Gone || left().await > 0 {
        tokio::task::yield_now().await;
    }
    running.shut_down().await;
    assert_eq!(transport.requests().len(), 1);
}
