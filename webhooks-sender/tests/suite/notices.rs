//! Operational events: each thing that happens is reported once, to the operator alone, and a failed report is not reported.

use std::time::Duration;

use serde_json::{Value, json};
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::testing::{TestAnswer, TestSender, TestTransport};
use webhooks_sender::{Secret, Sender, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const OPERATOR: &str = "https://ops.example.com/";
const TARGET: &str = "https://example.com/hook";

/// A sender whose operator listens, with one subscription of a customer; what has been told so far is forgotten.
async fn sender(tries: usize) -> (TestSender, SubscriptionId) {
    let schedule = RetrySchedule::new(vec![Duration::from_mins(1); tries - 1]).jitter(0.0);
    let rule = DeactivationRule {
        failures: 3,
        period: Duration::from_hours(1),
    };
    let sender = Sender::testing().webhooks(bare()).set(|builder| {
        builder
            .operational_events_to("ops")
            .retries(schedule)
            .deactivation(rule)
    });
    let sender = sender.start().await.expect("a sender");
    let listening = Subscription::new("ops", OPERATOR).event("webhooks.*");
    sender
        .operator()
        .subscribe(listening)
        .await
        .expect("a subscription");
    let id = sender
        .operator()
        .subscribe(wanted())
        .await
        .expect("a subscription")
        .id;
    told(&sender).await;
    (sender, id)
}

fn wanted() -> Subscription {
    Subscription::new("acct_1", TARGET).event("*")
}

/// What the operator receives, with the names in short; customers' requests are left out.
async fn told(sender: &TestSender) -> Vec<(String, Value)> {
    sender.deliver().await.expect("delivered");
    let requests = sender
        .take_requests()
        .into_iter()
        .filter(|request| request.target == OPERATOR);
    let short = |event: &str| {
        event
            .strip_prefix("webhooks.")
            .expect("an operational event")
            .to_owned()
    };
    requests
        .map(|request| (short(request.event().expect("an event")), request.json()))
        .collect()
}

fn about(id: &SubscriptionId) -> Value {
    json!({ "subscription": id, "owner": "acct_1" })
}

#[tokio::test]
async fn a_subscription_is_made_changed_paused_activated_and_deleted() {
    let (sender, _) = sender(1).await;
    let id = sender
        .operator()
        .subscribe(wanted())
        .await
        .expect("made")
        .id;
    assert_eq!(
        told(&sender).await,
        [("subscription.created".to_owned(), about(&id))]
    );
    sender
        .operator()
        .change(&id, wanted().label("plan", "pro"))
        .await
        .expect("changed");
    assert_eq!(
        told(&sender).await,
        [("subscription.changed".to_owned(), about(&id))]
    );
    sender
        .operator()
        .rotate(&id, Duration::from_hours(1))
        .await
        .expect("rotated");
    assert_eq!(
        told(&sender).await,
        [("subscription.changed".to_owned(), about(&id))]
    );
    sender.operator().pause(&id).await.expect("paused");
    let paused = json!({ "subscription": id, "owner": "acct_1", "reason": "paused" });
    assert_eq!(
        told(&sender).await,
        [("subscription.deactivated".to_owned(), paused)]
    );
    sender
        .operator()
        .pause(&id)
        .await
        .expect("it is paused already");
    assert_eq!(told(&sender).await, []);
    sender.operator().activate(&id).await.expect("activated");
    assert_eq!(
        told(&sender).await,
        [("subscription.activated".to_owned(), about(&id))]
    );
    sender.operator().unsubscribe(&id).await.expect("removed");
    assert_eq!(
        told(&sender).await,
        [("subscription.deleted".to_owned(), about(&id))]
    );
    sender
        .operator()
        .remove_owner("acct_1")
        .await
        .expect("removed");
    assert_eq!(told(&sender).await.len(), 1, "the other one of that owner");
}

#[tokio::test]
async fn what_is_rolled_back_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pool, transport) = (
        crate::outbox::pool(&folder).await,
        std::sync::Arc::new(TestTransport::default()),
    );
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let sender = sender
        .operational_events_to("ops")
        .start()
        .await
        .expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("ops", OPERATOR).event("webhooks.*"))
        .await
        .expect("a subscription");
    let mut transaction = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    sender
        .operator()
        .subscribe_in(&mut transaction, wanted())
        .await
        .expect("made");
    transaction.rollback().await.expect("rolled back");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
}

#[tokio::test]
async fn a_subscription_that_is_switched_off_is_told_with_its_reason() {
    let (sender, id) = sender(1).await;
    let reason = |reason: &str| json!({ "subscription": id, "owner": "acct_1", "reason": reason });
    let fail = async |status| {
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        sender.answer(TestAnswer::status(status));
        let told = told(&sender).await;
        told.into_iter()
            .filter(|(event, _)| event.starts_with("subscription."))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        fail(410).await,
        [("subscription.deactivated".to_owned(), reason("gone"))]
    );
    sender.operator().activate(&id).await.expect("activated");
    told(&sender).await;
    assert_eq!((fail(500).await, fail(500).await), (vec![], vec![]));
    sender.turn(Duration::from_hours(1));
    assert_eq!(
        fail(500).await,
        [("subscription.deactivated".to_owned(), reason("failing"))]
    );
}

#[tokio::test]
async fn a_static_subscription_that_is_no_more_is_told_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let transport = std::sync::Arc::new(TestTransport::default());
    let builder = || {
        let builder = Sender::open(folder.path().join("w.db"))
            .webhooks(bare())
            .without_engine();
        builder
            .operational_events_to("ops")
            .transport(transport.clone())
    };
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
    let first = builder()
        .subscription("crm", wanted().secret(secret))
        .start()
        .await
        .expect("a sender");
    first
        .operator()
        .subscribe(Subscription::new("ops", OPERATOR).event("webhooks.*"))
        .await
        .expect("a subscription");
    first.shut_down().await;
    let second = builder()
        .without_static_subscriptions()
        .start()
        .await
        .expect("a sender");
    second.deliver().await.expect("delivered");
    let requests = transport.take_requests();
    assert_eq!(
        requests[0].event(),
        Some("webhooks.subscription.deactivated")
    );
    assert_eq!(requests[0].json()["reason"], "retired");
}

/// Failing at the fourth attempt, exhausted at the last, recovered when it succeeds after having been failing.
#[tokio::test]
async fn a_delivery_that_fails_and_recovers_or_does_not() {
    for (failures, expected) in [
        (3, &[][..]),
        (4, &["delivery.failing", "delivery.recovered"]),
        (5, &["delivery.failing", "delivery.recovered"]),
        (6, &["delivery.failing", "delivery.exhausted"]),
    ] {
        let (sender, id) = sender(6).await;
        let message = sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent")
            .id;
        let mut all = Vec::new();
        for attempt in 1..=6 {
            if attempt <= failures {
                sender.answer(TestAnswer::status(500));
            }
            all.extend(told(&sender).await);
            sender.turn(Duration::from_secs(61));
        }
        let events: Vec<_> = all.iter().map(|(event, _)| event.as_str()).collect();
        assert_eq!(events, expected, "{failures} failures");
        for (event, notice) in &all {
            let attempts = match event.as_str() {
                "delivery.failing" => 4,
                "delivery.exhausted" => 6,
                _ => failures + 1,
            };
            assert_eq!(
                *notice,
                json!({ "message": message, "event": "payment.created", "subscription": id, "owner": "acct_1",
                        "attempts": attempts })
            );
        }
    }
}

/// The operator's own target is down. That is not reported: no report would arrive.
#[tokio::test]
async fn an_operator_who_cannot_be_reached_is_told_of_nothing_of_his_own() {
    let (sender, _) = sender(2).await;
    let count = async || {
        let page = sender
            .operator()
            .messages("ops", 1000)
            .await
            .expect("a page");
        page.items.len()
    };
    let before = count().await;
    sender.operator().subscribe(wanted()).await.expect("made");
    for _ in 0..20 {
        for _ in 0..10 {
            sender.answer(TestAnswer::status(500));
        }
        sender.deliver().await.expect("tried");
        sender.turn(Duration::from_mins(10));
    }
    assert_eq!(
        count().await,
        before + 1,
        "the one that told of the new subscription"
    );
    let own = sender
        .operator()
        .subscriptions("ops", 1)
        .await
        .expect("a page")
        .items
        .remove(0);
    sender
        .operator()
        .rotate(&own.id, Duration::ZERO)
        .await
        .expect("rotated");
    sender.operator().pause(&own.id).await.expect("paused");
    assert_eq!(count().await, before + 1);
}

#[tokio::test]
async fn without_an_operator_nothing_is_told() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("ops", OPERATOR).event("webhooks.*"))
        .await
        .expect("a subscription");
    sender.operator().subscribe(wanted()).await.expect("made");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
}
