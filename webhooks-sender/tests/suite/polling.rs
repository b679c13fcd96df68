//! Subscriptions that are fetched, on both databases: each message until it is acknowledged, in order, and once recorded.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::id::{AttemptId, SubscriptionId};
use webhooks_sender::job::{Replay, ReplayId};
use webhooks_sender::query::{
    AttemptFilter, DeliveryFilter, DeliveryState, MessageFilter, Period, Poll, PollAnswer,
    StoredDelivery,
};
use webhooks_sender::{Account, Error, Outbound, Sender, SenderBuilder, SubscriptionRequest};

use crate::jobs::{kit, on_both};
use crate::webhooks::{bare, payment, payment_created};

on_both! {
    a_message_comes_again_until_it_is_acknowledged(a_message_comes_again_until_it_is_acknowledged_on_postgres);
    an_acknowledgement_counts_once_and_for_what_it_was_given(an_acknowledgement_counts_once_on_postgres);
    what_is_fetched_is_seen_like_what_is_sent(what_is_fetched_is_seen_like_what_is_sent_on_postgres);
    a_wait_ends_with_the_first_message_or_with_its_time(a_wait_ends_with_the_first_message_on_postgres);
    what_is_fetched_is_no_request_and_in_no_average(what_is_fetched_is_in_no_average_on_postgres);
    what_waits_to_be_fetched_costs_the_engine_nothing(what_waits_to_be_fetched_costs_nothing_on_postgres);
}

#[tokio::test]
async fn what_is_due_later_comes_later() {
    let sender = Sender::testing().webhooks(bare()).start().await;
    let sender = sender.expect("a sender");
    let account = sender.of("acct_1");
    let id = polled(&account).await;
    let later = Outbound::new(payment_created(payment(1)));
    let later = later.send_at(sender.now() + Duration::from_mins(1));
    sender.send("acct_1", later).await.expect("sent");
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    let now = account.poll(&id, Poll::new()).await.expect("one");
    assert_eq!(numbers(&now), [2]);
    sender.turn(Duration::from_secs(61));
    let both = account.poll(&id, Poll::new()).await.expect("both");
    assert_eq!(numbers(&both), [2, 1]);
}

pub(crate) async fn polled<D: Database>(account: &Account<D>) -> SubscriptionId {
    let request = SubscriptionRequest::poll().event("*");
    account.subscribe(request).await.expect("subscribed").id
}

pub(crate) fn receipts(polled: &PollAnswer) -> Vec<AttemptId> {
    let messages = polled.messages.iter();
    messages.map(|message| message.receipt.clone()).collect()
}

pub(crate) fn numbers(polled: &PollAnswer) -> Vec<u64> {
    let number = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).expect("JSON");
    let messages = polled.messages.iter();
    let numbers = messages.map(|message| number(&message.body)["id"].as_u64());
    numbers.map(|number| number.expect("a number")).collect()
}

pub(crate) async fn deliveries<D: Database>(account: &Account<D>) -> Vec<StoredDelivery> {
    let page = account.deliveries(&DeliveryFilter::new(), 100).await;
    page.expect("a page").items
}

mod tests {
    use super::*;

    pub(super) async fn a_message_comes_again_until_it_is_acknowledged<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        for number in 1..=5 {
            let sent = sender
                .send("acct_1", payment_created(payment(number)))
                .await;
            assert_eq!(sent.expect("sent").deliveries, Some(1));
            sender.turn(Duration::from_millis(5));
        }
        let ask = |limit| account.poll(&id, Poll::new().limit(limit));
        assert_eq!(numbers(&ask(3).await.expect("messages")), [1, 2, 3]);
        let again = ask(2).await.expect("messages");
        assert_eq!(
            numbers(&again),
            [1, 2],
            "it keeps no place but what is acknowledged"
        );
        // Out of order as well: what is left comes in its order.
        let second = receipts(&again).remove(1);
        let poll = Poll::new().acknowledge([second]);
        let left = account.poll(&id, poll).await.expect("messages");
        assert_eq!(numbers(&left), [1, 3, 4, 5]);
        let poll = Poll::new().acknowledge(receipts(&left));
        let none = account.poll(&id, poll).await.expect("none");
        assert_eq!(none, PollAnswer::default());
    }

    pub(super) async fn an_acknowledgement_counts_once_and_for_what_it_was_given<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let (id, other) = (polled(&account).await, polled(&account).await);
        let message = payment_created(payment(1));
        let sent = sender.send("acct_1", message).await.expect("sent").id;
        let given = account.poll(&id, Poll::new()).await.expect("one");
        let receipt = receipts(&given).remove(0);
        let acknowledge = |id: SubscriptionId, receipt: &AttemptId| {
            let poll = Poll::new().acknowledge([receipt.clone(), receipt.clone()]);
            let account = &account;
            async move { account.poll(&id, poll).await.expect("acknowledged") }
        };
        // Under another subscription, and with an id that was made up, it changes nothing.
        assert_eq!(acknowledge(other.clone(), &receipt).await.messages.len(), 1);
        let odd = receipt.to_string().replace(".0.1", ".7.1");
        let odd: AttemptId = odd.parse().expect("an id");
        assert_eq!(acknowledge(id.clone(), &odd).await.messages.len(), 1);
        assert_eq!(acknowledge(id.clone(), &receipt).await.messages.len(), 0);
        for _ in 0..3 {
            acknowledge(id.clone(), &receipt).await;
        }
        let attempts = account.find_attempts(&AttemptFilter::new(), 50).await;
        let attempts = attempts.expect("a page").items;
        assert_eq!(attempts.len(), 1, "a repeat leaves no row: {attempts:?}");
        assert_eq!((&attempts[0].id, attempts[0].status), (&receipt, Some(200)));

        sender.turn(Duration::from_secs(1));
        // Made again, it waits again, and the old receipt is not for that.
        account.replay(&id, Replay::all()).await.expect("a job");
        sender.deliver().await.expect("done");
        let again = acknowledge(id.clone(), &receipt).await;
        assert_eq!((again.messages.len(), &again.messages[0].id), (1, &sent));
        let fresh = receipts(&again).remove(0);
        assert_ne!(fresh, receipt);
        assert_eq!(acknowledge(id.clone(), &fresh).await.messages.len(), 0);
        let all = deliveries(&account).await;
        let ended = all.iter().find(|one| one.subscription == id).expect("it");
        assert_eq!(ended.state, DeliveryState::Delivered);
        assert_eq!(account.attempts(&ended.id).await.expect("two").len(), 2);
        // By hand, and as another message.
        account.retry(&ended.id).await.expect("made again");
        let by_hand = account.poll(&id, Poll::new()).await.expect("one");
        assert_eq!(by_hand.messages[0].id, sent);
        account.cancel(&ended.id).await.expect("cancelled");
        account
            .replay_message(&sent, ReplayId::New)
            .await
            .expect("a job");
        sender.deliver().await.expect("done");
        let copy = account.poll(&id, Poll::new()).await.expect("one");
        assert!(copy.messages.len() == 1 && copy.messages[0].id != sent);
    }

    pub(super) async fn what_is_fetched_is_seen_like_what_is_sent<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let begin = sender.now();
        for number in 1..=2 {
            let message = payment_created(payment(number));
            sender.send("acct_1", message).await.expect("sent");
        }
        let stored = account.subscription(&id).await.expect("it");
        assert!(stored.is_polled() && stored.target == "poll" && stored.state.is_active());
        let given = account.poll(&id, Poll::new().limit(1)).await.expect("one");
        let poll = Poll::new().acknowledge(receipts(&given));
        account.poll(&id, poll).await.expect("acknowledged");
        let of = DeliveryFilter::new().subscription(id.clone());
        for (filter, count) in [
            (of.clone(), 2),
            (of.clone().ended(), 1),
            (of.clone().state(DeliveryState::Pending), 1),
            (
                DeliveryFilter::of(MessageFilter::new().event("payment.*")),
                2,
            ),
        ] {
            let page = account.deliveries(&filter, 10).await.expect("a page");
            assert_eq!(page.items.len(), count, "{filter:?}");
        }
        let seen = account.attempts_to(&id, 10).await.expect("a page").items;
        assert_eq!((seen.len(), seen[0].status), (1, Some(200)));
        let minute = Duration::from_mins(1);
        let period = Period::new(begin, begin + minute, minute).expect("a step");
        let numbers = account.statistics(&id, period).await.expect("numbers");
        assert_eq!((numbers.waiting, numbers.steps[0].delivered), (1, 1));
        let missed = account.missed(&id, begin, 10).await.expect("a page");
        assert_eq!(missed.items.len(), 1);
        account.unsubscribe(&id).await.expect("removed");
        let left = deliveries(&account).await;
        let states: Vec<_> = left.iter().map(|one| one.state).collect();
        assert!(states.contains(&DeliveryState::Cancelled), "{states:?}");
        let gone = account.poll(&id, Poll::new()).await;
        crate::accounts::not_found("of one that is gone", gone);
    }

    pub(super) async fn what_is_fetched_is_no_request_and_in_no_average<D: Database>(
        builder: SenderBuilder<D>,
    ) where
        for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
    {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let request = SubscriptionRequest::new("https://example.com/hook").event("*");
        account.subscribe(request).await.expect("subscribed");
        let begin = sender.now();
        let message = payment_created(payment(1));
        sender.send("acct_1", message).await.expect("sent");
        sender.deliver().await.expect("delivered");
        let given = account.poll(&id, Poll::new()).await.expect("one");
        let poll = Poll::new().acknowledge(receipts(&given));
        account.poll(&id, poll).await.expect("acknowledged");
        // The request, which was answered with 204, took its time.
        let mut transaction = sender.begin().await.expect("a transaction");
        sqlx::raw_sql("UPDATE webhooks_history SET duration_ms = 40 WHERE status = 204")
            .execute(&mut *transaction)
            .await
            .expect("written");
        transaction.commit().await.expect("kept");

        let minute = Duration::from_mins(1);
        let period = Period::new(begin, begin + minute, minute).expect("a step");
        for owner in [None, Some("acct_1")] {
            let made = sender.operator().attempts_made(period, owner).await;
            let step = made.expect("numbers").steps.remove(0);
            assert_eq!((step.answered.success, step.fetched), (2, 1));
            let request = Duration::from_millis(40);
            assert_eq!((step.average, step.longest), (request, request));
        }
    }

    pub(super) async fn a_wait_ends_with_the_first_message_or_with_its_time<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let long = Poll::new().wait(Duration::from_secs(30));
        let send = async {
            // The question is asked first; nothing depends on it.
            tokio::task::yield_now().await;
            sender
                .send("acct_1", payment_created(payment(1)))
                .await
                .expect("sent")
        };
        let waiting = tokio::time::timeout(Duration::from_secs(20), account.poll(&id, long));
        let (given, _) = tokio::join!(waiting, send);
        let given = given.expect("it does not wait for its time").expect("one");
        assert_eq!(numbers(&given), [1]);
        let poll = Poll::new()
            .acknowledge(receipts(&given))
            .wait(Duration::from_millis(50));
        let none = account.poll(&id, poll).await.expect("none");
        assert_eq!(none, PollAnswer::default());
        let bad = serde_json::from_str::<Poll>(r#"{"wait": 31}"#).expect("it is read");
        let refused = account.poll(&id, bad).await;
        assert!(
            matches!(refused, Err(Error::Subscription(_))),
            "{refused:?}"
        );
    }

    pub(super) async fn what_waits_to_be_fetched_costs_the_engine_nothing<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = polled(&account).await;
        let request = SubscriptionRequest::new("https://example.com/hook").event("*");
        account.subscribe(request).await.expect("subscribed");
        for number in 1..=3 {
            let message = payment_created(payment(number));
            sender.send("acct_1", message).await.expect("sent");
        }
        sender.deliver().await.expect("delivered");
        assert_eq!(sender.take_requests().len(), 3, "to the target alone");
        sender.turn(Duration::from_hours(1));
        sender.deliver().await.expect("nothing");
        assert_eq!(sender.take_requests().len(), 0);
        let queue = sender.operator().queue_stats().await.expect("numbers");
        assert_eq!(
            (queue.ready, queue.scheduled, queue.oldest_ready),
            (0, 0, None)
        );
        let stored = account.subscription(&id).await.expect("it");
        assert_eq!((stored.failures, stored.revision), (0, 1));
        let waiting = deliveries(&account).await.into_iter();
        let waiting: Vec<_> = waiting.filter(|one| one.subscription == id).collect();
        assert!(
            waiting
                .iter()
                .all(|one| one.attempts == 0 && one.last_attempt.is_none())
        );
        assert_eq!(
            numbers(&account.poll(&id, Poll::new()).await.expect("all")),
            [1, 2, 3]
        );
    }
}
