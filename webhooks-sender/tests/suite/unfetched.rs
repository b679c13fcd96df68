//! What becomes of messages that are not fetched, or cannot be, and what a subscription that is fetched can be.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::job::Replay;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, Poll};
use webhooks_sender::settings::Retention;
use webhooks_sender::{
    Error, Outbound, SenderBuilder, StateError, Subscription, SubscriptionRequest,
};

use crate::jobs::{kit, on_both};
use crate::polling::{deliveries, numbers, polled, receipts};
use crate::webhooks::{payment, payment_created};

on_both! {
    what_is_not_fetched_is_given_up_and_nothing_younger(what_is_not_fetched_is_given_up_on_postgres);
    what_cannot_be_given_is_called_off_and_holds_nothing_up(what_cannot_be_given_is_called_off_on_postgres);
    a_subscription_stays_of_its_kind(a_subscription_stays_of_its_kind_on_postgres);
    signed_messages_are_those_of_a_request(signed_messages_are_those_of_a_request_on_postgres);
}

mod tests {
    use super::*;

    pub(super) async fn what_is_not_fetched_is_given_up_and_nothing_younger<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let day = Duration::from_hours(24);
        let retention = Retention {
            unfetched: day * 2,
            ..Retention::default()
        };
        let sender = kit(builder.retention(retention)).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        // More than are given up in one transaction.
        let old = (0..250).map(|number| payment_created(payment(number)));
        sender.send_many("acct_1", old).await.expect("sent");
        sender.turn(day);
        let young = payment_created(payment(1000));
        sender.send("acct_1", young).await.expect("sent");
        sender.operator().prune().await.expect("pruned");
        let waiting = account.poll(&id, Poll::new()).await.expect("messages");
        assert_eq!(waiting.messages.len(), 10, "a day is not too long");
        let late = receipts(&waiting);
        sender.turn(day + Duration::from_secs(1));
        sender.operator().prune().await.expect("pruned");
        let left = account.poll(&id, Poll::new()).await.expect("messages");
        assert_eq!(numbers(&left), [1000], "the younger one waits on");
        let failed = DeliveryFilter::new().subscription(id.clone()).ended();
        let failed = account
            .deliveries(&failed, 500)
            .await
            .expect("a page")
            .items;
        assert_eq!(failed.len(), 250);
        for one in &failed {
            let last = one.last_attempt.as_ref().expect("why");
            assert_eq!(one.state, DeliveryState::Failed);
            assert_eq!(
                (last.status, last.error.as_deref()),
                (None, Some("unfetched"))
            );
        }
        // An acknowledgement that comes too late changes nothing.
        account
            .poll(&id, Poll::new().acknowledge(late))
            .await
            .expect("too late");
        let attempts = account.attempts(&failed[0].id).await.expect("attempts");
        assert_eq!(attempts.len(), 1);
        account.replay(&id, Replay::failed()).await.expect("a job");
        sender.deliver().await.expect("done");
        let back = account
            .poll(&id, Poll::new().limit(100))
            .await
            .expect("messages");
        assert_eq!(back.messages.len(), 100, "a replay brings them back");
    }

    pub(super) async fn what_cannot_be_given_is_called_off_and_holds_nothing_up<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let erased = sender.send("acct_1", payment_created(payment(1))).await;
        let short = Outbound::new(payment_created(payment(2)));
        let short = short.expires_after(Duration::from_secs(10));
        sender.send("acct_1", short).await.expect("sent");
        sender
            .send("acct_1", payment_created(payment(3)))
            .await
            .expect("sent");
        let erased = erased.expect("sent").id;
        account.erase_message(&erased).await.expect("a job");
        sender.turn(Duration::from_secs(11));
        let given = account.poll(&id, Poll::new().limit(1)).await.expect("one");
        assert_eq!(numbers(&given), [3]);
        let states = deliveries(&account).await;
        let cancelled = states
            .iter()
            .filter(|one| one.state == DeliveryState::Cancelled);
        assert_eq!(cancelled.count(), 2);
        account.pause(&id).await.expect("paused");
        let paused = account.poll(&id, Poll::new()).await;
        assert!(
            matches!(paused, Err(Error::State(StateError::SwitchedOff))),
            "{paused:?}"
        );
        sender
            .send("acct_1", payment_created(payment(4)))
            .await
            .expect("kept");
        account.activate(&id).await.expect("active");
        let given = account.poll(&id, Poll::new()).await.expect("messages");
        assert_eq!(numbers(&given), [3, 4]);
    }

    pub(super) async fn a_subscription_stays_of_its_kind<D: Database>(builder: SenderBuilder<D>) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let sent_to = SubscriptionRequest::new("https://example.com/hook").event("*");
        let other = account
            .subscribe(sent_to.clone())
            .await
            .expect("subscribed")
            .id;
        let refused = account.poll(&other, Poll::new()).await;
        assert!(
            matches!(refused, Err(Error::State(StateError::NotPolled))),
            "{refused:?}"
        );
        for (id, request) in [
            (&id, sent_to),
            (&other, SubscriptionRequest::poll().event("*")),
        ] {
            let changed = account.change(id, request).await;
            assert!(
                matches!(changed, Err(Error::Subscription(_))),
                "{changed:?}"
            );
        }
        let narrow = SubscriptionRequest::poll()
            .event("payment.*")
            .description("the CRM");
        account
            .change(&id, narrow)
            .await
            .expect("everything else can change");
        let poll = || Subscription::new("acct_1", "poll").event("*");
        for odd in [
            poll().header("x-a", "1"),
            poll().rate_limit(1),
            poll().concurrency(1),
            poll().sequence_numbers(),
        ] {
            let refused = sender.operator().subscribe(odd).await;
            assert!(
                matches!(refused, Err(Error::Subscription(_))),
                "{refused:?}"
            );
        }
        let kept = account
            .keep("crm", SubscriptionRequest::poll().event("*"))
            .await;
        let again = account
            .keep("crm", SubscriptionRequest::poll().event("*"))
            .await;
        assert_eq!(kept.expect("made").id, again.expect("kept").id);
    }

    pub(super) async fn signed_messages_are_those_of_a_request<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let request = SubscriptionRequest::new("https://example.com/hook").event("*");
        account.subscribe(request).await.expect("subscribed");
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        let live = sender.take_requests().remove(0);
        let plain = account.poll(&id, Poll::new()).await.expect("one");
        assert!(plain.messages[0].request.is_none());
        let signed = account.poll(&id, Poll::new().signed()).await.expect("one");
        let message = &signed.messages[0];
        assert_eq!(message.body, live.body.as_ref(), "byte for byte");
        assert_eq!(Some(message.event.as_str()), live.event());
        let request = message.request.as_ref().expect("it was asked for");
        let header = |name: &str| {
            let mut headers = request.headers.iter();
            let found = headers.find(|header| header.name == name);
            found.map(|header| header.value.as_str())
        };
        assert_eq!(request.method, "POST");
        for name in [
            "webhook-id",
            "webhook-event",
            "webhook-timestamp",
            "content-type",
        ] {
            assert_eq!(header(name), live.header(name), "{name}");
        }
        let signature = header("webhook-signature").expect("signed");
        assert!(
            signature.starts_with("v1,") && Some(signature) != live.header("webhook-signature")
        );
    }
}
