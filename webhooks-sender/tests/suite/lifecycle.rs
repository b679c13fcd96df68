//! The life of a subscription, on both databases: a warning before it is switched off, a request that is repeated, an end of
//! its own, a receiver that switches it off.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::subscription::{SubscriptionState, Warning};
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Error, SenderBuilder, StateError, Subscription, SubscriptionRequest};

use crate::jobs::{TARGET, on_both, subscribed};
use crate::webhooks::{bare, payment, payment_created};

const OPERATIONS: &str = "https://operations.example.com/";

on_both! {
    a_failing_subscription_is_warned_of_before_it_is_switched_off(a_warning_on_postgres);
    causes_of_the_senders_own_switch_nothing_off(own_causes_on_postgres);
    a_receiver_switches_its_subscription_off(a_receiver_switches_off_on_postgres);
    a_request_with_a_key_makes_one_subscription(a_request_with_a_key_on_postgres);
    a_subscription_ends_at_its_time_and_is_renewed(a_subscription_ends_on_postgres);
}

/// Everything is tried once; what fails ten times over ten hours is switched off.
async fn kit<D: Database>(builder: SenderBuilder<D>) -> TestSender<D> {
    let rule = DeactivationRule {
        failures: 10,
        period: Duration::from_hours(10),
    };
    let builder = builder
        .webhooks(bare())
        .retries(RetrySchedule::new([]))
        .deactivation(rule)
        .operational_events_to("operations");
    let sender = builder.testing().start().await.expect("a sender");
    let operations = Subscription::new("operations", OPERATIONS).event("webhooks.*");
    let operator = sender.operator();
    operator.subscribe(operations).await.expect("subscribed");
    sender.deliver().await.expect("delivered");
    sender.take_requests();
    sender
}

async fn fail<D: Database>(sender: &TestSender<D>, answer: TestAnswer) {
    sender.answer_at(TARGET, answer);
    let message = payment_created(payment(1));
    sender.send("acct_1", message).await.expect("sent");
    sender.deliver().await.expect("tried");
    sender.turn(Duration::from_hours(1));
}

/// The operational events of this name since the last look.
fn told<D: Database>(sender: &TestSender<D>, event: &str) -> Vec<serde_json::Value> {
    let requests = sender.take_requests().into_iter();
    let told = requests.filter(|request| {
        request.target == OPERATIONS && request.header("webhook-event") == Some(event)
    });
    told.map(|request| request.json()).collect()
}

mod tests {
    use super::*;

    pub(super) async fn a_failing_subscription_is_warned_of_before_it_is_switched_off<
        D: Database,
    >(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        let event = "webhooks.subscription.failing";
        let stored = async || account.subscription(&id).await.expect("there");
        // Four failures over four hours, and the fifth after five hours is not half of ten.
        for _ in 0..4 {
            fail(&sender, TestAnswer::status(500)).await;
        }
        assert_eq!(
            (stored().await.warning, told(&sender, event).len()),
            (None, 0)
        );
        for _ in 0..2 {
            fail(&sender, TestAnswer::status(500)).await;
        }
        assert_eq!(stored().await.warning, Some(Warning::Half));
        sender.deliver().await.expect("delivered");
        let notices = told(&sender, event);
        assert_eq!(notices.len(), 1, "once");
        assert_eq!(notices[0]["subscription"], id.as_str());
        assert_eq!(
            (&notices[0]["percent"], &notices[0]["failures"]),
            (&50.into(), &6.into())
        );
        assert!(
            notices[0]["earliest_end"]
                .as_str()
                .is_some_and(|end| end.ends_with('Z'))
        );

        // A success ends it all; then the way is gone to its end.
        fail(&sender, TestAnswer::status(204)).await;
        assert_eq!(stored().await.warning, None);
        let mut warned = Vec::new();
        while stored().await.state == SubscriptionState::Active {
            fail(&sender, TestAnswer::status(500)).await;
            sender.deliver().await.expect("delivered");
            let percent = told(&sender, event);
            warned.extend(percent.iter().map(|notice| notice["percent"].as_u64()));
        }
        assert_eq!(warned, [Some(50), Some(80)]);
        assert_eq!(stored().await.state, SubscriptionState::Failing);
        assert_eq!(stored().await.warning, None);
    }

    pub(super) async fn causes_of_the_senders_own_switch_nothing_off<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        for _ in 0..20 {
            fail(&sender, TestAnswer::failure(TransportError::Local)).await;
        }
        let stored = account.subscription(&id).await.expect("there");
        assert_eq!(
            (stored.state, stored.failures),
            (SubscriptionState::Active, 0)
        );
        assert_eq!((stored.warning, stored.failing_since), (None, None));
        let attempts = account.attempts_to(&id, 1).await.expect("a page").items;
        assert_eq!(
            attempts[0].error.as_deref(),
            Some("local"),
            "it is seen all the same"
        );
    }

    pub(super) async fn a_receiver_switches_its_subscription_off<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        for status in [204, 500] {
            let id = subscribed(&account).await;
            sender.take_requests();
            let answer = TestAnswer::status(status).header("webhook-delivery", "disable");
            fail(&sender, answer).await;
            let stored = account.subscription(&id).await.expect("there");
            assert_eq!(stored.state, SubscriptionState::Disabled, "{status}");
            sender.deliver().await.expect("delivered");
            let notices = told(&sender, "webhooks.subscription.deactivated");
            assert_eq!(notices.len(), 1);
            assert_eq!(notices[0]["reason"], "disabled");
            fail(&sender, TestAnswer::status(204)).await;
            let of = DeliveryFilter::new().subscription(id.clone()).ended();
            let page = account.deliveries(&of, 10).await.expect("a page").items;
            assert_eq!(page.len(), 1, "nothing more is sent");
            let state = if status == 204 {
                DeliveryState::Delivered
            } else {
                DeliveryState::Failed
            };
            assert_eq!(page[0].state, state);
            account
                .activate(&id)
                .await
                .expect("its owner can switch it on again");
            account.unsubscribe(&id).await.expect("removed");
        }
    }

    pub(super) async fn a_request_with_a_key_makes_one_subscription<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let builder = builder.subscriptions_per_owner(1);
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let request = || {
            let request = SubscriptionRequest::new(TARGET).event("*");
            request.idempotency_key("set up")
        };
        let first = account.subscribe(request()).await.expect("subscribed");
        assert!(!first.repeated);
        let again = account.subscribe(request()).await.expect("the same");
        assert_eq!((again.repeated, &again.id), (true, &first.id));
        let secret = first.secret.expect("a secret");
        assert_eq!(
            again.secret.as_ref(),
            Some(&secret),
            "for whom the first answer was lost"
        );
        let other = account.subscribe(request().event("pinged")).await;
        assert!(
            matches!(&other, Err(Error::RequestKeyReused { id }) if *id == first.id),
            "{other:?}"
        );
        // Another owner's key is another key, and a changed subscription shows no secret.
        let others = sender
            .of("acct_2")
            .subscribe(request())
            .await
            .expect("another");
        assert_ne!(others.id, first.id);
        let new = account
            .rotate(&first.id, Duration::ZERO)
            .await
            .expect("rotated");
        let late = account.subscribe(request()).await.expect("the same");
        assert_eq!((late.id, late.secret), (first.id.clone(), None));
        assert_ne!(new, secret);
        account.unsubscribe(&first.id).await.expect("removed");
        let anew = account.subscribe(request()).await.expect("another");
        assert!(!anew.repeated && anew.id != first.id);
        let odd = account.subscribe(request().idempotency_key("")).await;
        assert!(matches!(odd, Err(Error::Subscription(_))), "{odd:?}");
    }

    pub(super) async fn a_subscription_ends_at_its_time_and_is_renewed<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let day = Duration::from_hours(24);
        let end = sender.now() + day;
        let request = || SubscriptionRequest::new(TARGET).event("*");
        let id = account.subscribe(request().expires_at(end)).await;
        let id = id.expect("subscribed").id;
        let stored = account.subscription(&id).await.expect("there");
        assert_eq!(stored.settings.expires_at, Some(end));
        let json = serde_json::to_value(&stored).expect("JSON");
        assert_eq!(json["expires_at"], "2027-01-16T08:00:00.000Z");
        let send = async || {
            let message = payment_created(payment(1));
            let sent = sender.send("acct_1", message).await.expect("sent");
            sender.deliver().await.expect("delivered");
            (sent.deliveries, sender.requests_to(TARGET).len())
        };
        sender.turn(Duration::from_millis(24 * 3_600_000 - 1));
        sender.take_requests();
        assert_eq!(send().await, (Some(1), 1));
        sender.turn(Duration::from_millis(1));
        sender.take_requests();
        assert_eq!(send().await.1, 0, "to the millisecond");
        let stored = account.subscription(&id).await.expect("there");
        assert_eq!(stored.state, SubscriptionState::Expired);
        let notices = told(&sender, "webhooks.subscription.deactivated");
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0]["reason"], "expired");
        assert_eq!(send().await.0, Some(0), "it gets no messages any more");

        let late = account.activate(&id).await;
        let refused = StateError::SubscriptionExpired;
        assert!(
            matches!(late, Err(Error::State(error)) if error == refused),
            "{late:?}"
        );
        let past = account.change(&id, request().expires_at(end)).await;
        assert!(matches!(past, Err(Error::Subscription(_))), "{past:?}");
        let renewed = SubscriptionRequest::from(&stored).expires_at(sender.now() + day);
        account.change(&id, renewed).await.expect("renewed");
        assert_eq!(send().await, (Some(1), 1));
        account
            .change(&id, request())
            .await
            .expect("without an end");
        sender.turn(day * 400);
        assert_eq!(send().await, (Some(1), 2));
    }
}
