//! Subscriptions: made, changed, paused, removed; bad ones refused; static ones compared at each start.

use std::time::Duration;

use webhooks_sender::{Error, Secret, Sender, Subscription, TargetError, TestSender};

use crate::webhooks::{bare, card_declined, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

async fn sender() -> TestSender {
    Sender::testing().webhooks(bare()).start().await.expect("a sender")
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_a_text_that_tells_nothing_secret() {
    let sender = sender().await;
    let good = || Subscription::new("acct_1", TARGET).event("*");
    let secret = |text: &str| Secret::new(text).expect("a secret");
    for (wanted, text) in [
        (Subscription::new("acct_1", TARGET), "no event"),
        (good().event("a b"), "a b"),
        (Subscription::new("", TARGET).event("*"), "owner"),
        (good().header("x-a", "hunter2\r\nx-b: 1"), "x-a"),
        (good().header("webhook-id", "1"), "webhook-id"),
        (good().secret(secret("hunter2")), "24 characters"),
        (good().secret(secret("whsec_hunter2-is-no-base64-at-all!")), ""),
        (good().dialect("unknown"), "unknown"),
        (good().concurrency(0), "pause"),
        (Subscription::new("acct_1", "https://example.com/hook#hunter2").event("*"), "#"),
    ] {
        let error = sender.subscribe(wanted).await.expect_err(text);
        assert!(error.is_input(), "{error}");
        assert!(error.to_string().contains(text) && !error.to_string().contains("hunter2"), "{error}");
    }
    let private = Subscription::new("acct_1", "https://169.254.169.254/latest").event("*");
    assert!(matches!(sender.subscribe(private).await, Err(Error::Target(TargetError::Address))));
    assert!(sender.subscriptions(None, None, 10).await.expect("a page").items.is_empty());
}

#[tokio::test]
async fn paused_messages_are_kept_until_it_is_activated() {
    let sender = sender().await;
    let id = sender.subscribe(Subscription::new("acct_1", TARGET).event("*")).await.expect("made").id;
    sender.pause(&id).await.expect("paused");
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    sender.activate(&id).await.expect("activated");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn a_change_counts_from_the_next_attempt_on() {
    let sender = sender().await;
    let id = sender.subscribe(Subscription::new("acct_1", TARGET).event("*")).await.expect("made").id;
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    let elsewhere = Subscription::new("acct_1", "https://elsewhere.example.com/").event("payment.card.*");
    sender.change(&id, elsewhere).await.expect("changed");
    sender.send("acct_1", payment_created(payment(2))).await.expect("wanted by nobody now");
    sender.send("acct_1", card_declined(payment(3))).await.expect("sent");
    sender.deliver().await.expect("delivered");
    let sent: Vec<_> = sender
        .requests()
        .into_iter()
        .map(|request| (request.target.clone(), request.json()["id"].clone()))
        .collect();
    let target = "https://elsewhere.example.com/".to_owned();
    assert_eq!(sent, [(target.clone(), 1.into()), (target, 3.into())]);
}

#[tokio::test]
async fn a_removed_subscription_gets_nothing_more() {
    let sender = sender().await;
    let id = sender.subscribe(Subscription::new("acct_1", TARGET).event("*")).await.expect("made").id;
    sender.send("acct_1", payment_created(payment(1))).await.expect("sent");
    sender.unsubscribe(&id).await.expect("removed");
    sender.send("acct_1", payment_created(payment(2))).await.expect("wanted by nobody");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    assert!(sender.subscription(&id).await.expect_err("removed").is_not_found());
    assert!(sender.unsubscribe(&id).await.expect_err("removed").is_not_found());
}

#[tokio::test]
async fn subscriptions_go_with_their_owner() {
    let sender = sender().await;
    for number in 0..250 {
        let owner = if number % 2 == 0 { "acct_1" } else { "acct_2" };
        sender.subscribe(Subscription::new(owner, TARGET).event("*")).await.expect("made");
    }
    assert_eq!(sender.remove_owner("acct_1").await.expect("removed"), 125);
    assert_eq!(sender.remove_owner("acct_1").await.expect("nothing left"), 0);
    assert_eq!(sender.subscriptions(None, None, 1000).await.expect("a page").items.len(), 125);
}

#[tokio::test]
async fn pages_go_through_everything_once() {
    let sender = sender().await;
    for _ in 0..25 {
        sender.subscribe(Subscription::new("acct_1", TARGET).event("*")).await.expect("made");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = sender.subscriptions(Some("acct_1"), after.as_ref(), 10).await.expect("a page");
        seen.extend(page.items.into_iter().map(|subscription| subscription.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let count = seen.len();
    seen.dedup();
    assert!(seen.is_sorted() && seen.len() == 25 && count == 25);
}

#[tokio::test]
async fn a_test_event_reaches_a_subscription_that_wants_something_else() {
    let sender = sender().await;
    let id = sender
        .subscribe(Subscription::new("acct_1", TARGET).event("payment.created"))
        .await
        .expect("made")
        .id;
    sender.send_test(&id).await.expect("sent");
    sender.deliver().await.expect("delivered");
    sender.assert_sent("webhooks.test", TARGET, 1);
}
