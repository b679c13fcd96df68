//! What follows from failures: retries, giving up, switching off, replaying.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::Clock;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::subscription::{SealingKey, SubscriptionState};
use webhooks_sender::testing::{TestAnswer, TestSender, TestTransport};
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Error, Outbound, Sender, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

async fn sender() -> (TestSender, SubscriptionId) {
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
        .expect("accepted, wanted by nobody");
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
    sender.deliver().await.expect("the operator is told");
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
        .replay(&id, sender.now() - Duration::from_secs(150))
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
        .replay(&id, since + Duration::from_millis(1))
        .await
        .expect("a replay");
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        0,
        "they failed before"
    );
    sender
        .operator()
        .replay(&id, since)
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
    let replay = sender.operator().replay(&id, sender.now()).await;
    assert!(matches!(replay, Err(Error::State(_))), "{replay:?}");

    sender.operator().activate(&id).await.expect("activated");
    sender.turn(Duration::from_hours(2));
    refused("expired").await;
    sender.operator().unsubscribe(&id).await.expect("removed");
    refused("removed").await;
}

#[tokio::test]
async fn gone_stops_the_rest_of_what_was_claimed_with_it() {
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
        .replay(&id, sender.now())
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
        let stats = running.operator().queue_stats().await.expect("counts");
        stats.ready + stats.running + stats.scheduled
    };
    while state().await != SubscriptionState::Gone || left().await > 0 {
        tokio::task::yield_now().await;
    }
    running.shut_down().await;
    assert_eq!(transport.requests().len(), 1);
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
    let without_key = builder()
        .start()
        .await
        .expect("a worker that was not given the key");
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
