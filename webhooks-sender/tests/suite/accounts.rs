//! Accounts: what is done for one owner never reaches another.

use webhooks_sender::id::{DeliveryId, MessageId, SubscriptionId};
use webhooks_sender::query::{AttemptFilter, Cursor, DeliveryFilter, DeliveryState, PageRequest};
use webhooks_sender::subscription::SubscriptionState;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Error, Owner, Sender, StateError, Subscription, SubscriptionRequest};

use crate::webhooks::{all, payment, payment_created};

pub(crate) const TARGET: &str = "https://example.com/hook";

pub(crate) fn request() -> SubscriptionRequest {
    SubscriptionRequest::new(TARGET).event("payment.*")
}

pub(crate) async fn sender() -> TestSender {
    let webhooks = all().build().expect("a catalogue");
    let sender = Sender::testing().webhooks(webhooks);
    sender.start().await.expect("a sender")
}

/// Whatever there is of one owner.
pub(crate) struct Things {
    pub(crate) subscription: SubscriptionId,
    pub(crate) message: MessageId,
    pub(crate) delivery: DeliveryId,
}

pub(crate) async fn things(sender: &TestSender, owner: &str) -> Things {
    let account = sender.of(owner);
    let subscription = account.subscribe(request()).await.expect("subscribed").id;
    sender.answer_at(TARGET, TestAnswer::status(500));
    let sent = sender.send(owner, payment_created(payment(1))).await;
    sender.deliver().await.expect("tried");
    let page = account.deliveries(&DeliveryFilter::new(), 10).await;
    let delivery = page.expect("a page").items.remove(0);
    Things {
        subscription,
        message: sent.expect("sent").id,
        delivery: delivery.id,
    }
}

pub(crate) fn not_found<T>(call: &str, result: Result<T, Error>) {
    let error = result.err().map(|error| error.to_string());
    assert_eq!(
        error.as_deref(),
        Some("there is no such subscription, message, delivery or job"),
        "{call}"
    );
}

#[tokio::test]
async fn a_delivery_of_a_removed_subscription_is_still_its_owners_alone() {
    let sender = sender().await;
    let ids = things(&sender, "a").await;
    let (a, b) = (sender.of("a"), sender.of("b"));
    a.unsubscribe(&ids.subscription).await.expect("removed");
    let delivery = a.delivery(&ids.delivery).await.expect("its own");
    assert_eq!(
        (delivery.owner.as_deref(), delivery.target),
        (Some("a"), None)
    );
    not_found("delivery", b.delivery(&ids.delivery).await);
}

/// A cursor says where to go on; it does not reach what the call would not reach without it.
#[tokio::test]
async fn a_cursor_of_another_owner_opens_nothing() {
    let sender = sender().await;
    for owner in ["a", "b"] {
        things(&sender, owner).await;
        sender.of(owner).subscribe(request()).await.expect("two");
    }
    let first = sender.of("a").subscriptions(None, 1).await.expect("a page");
    let page = PageRequest::first(10).after(first.next.clone());
    let rest = sender.of("b").subscriptions(None, page.clone()).await;
    let rest = rest.expect("a page");
    assert!(
        rest.items
            .iter()
            .all(|subscription| subscription.owner == "b")
    );
    let other_list = sender.of("b").messages(None, page).await;
    assert!(
        matches!(other_list, Err(Error::Cursor(_))),
        "{other_list:?}"
    );
}

/// Also one that was made up of the ids of another owner's things, in the middle of which a page would go on.
#[tokio::test]
async fn a_cursor_that_was_made_up_opens_nothing() {
    let sender = sender().await;
    let ids = things(&sender, "a").await;
    let page = |cursor: String| {
        let cursor: Cursor = cursor.parse().expect("a cursor");
        PageRequest::first(10).after(cursor)
    };
    let (message, delivery) = (&ids.message, &ids.delivery);
    let before = DeliveryId::new(delivery.time(), [0; 10]);
    for (owner, expected) in [("b", 0), ("a", 1)] {
        let account = sender.of(owner);
        let within = page(format!("t.{message}.{delivery}.9.9"));
        let attempts = account.find_attempts(&AttemptFilter::new(), within).await;
        assert_eq!(attempts.expect("a page").items.len(), expected, "{owner}");
        let behind = page(format!("d.{message}.{before}"));
        let deliveries = account.deliveries(&DeliveryFilter::new(), behind).await;
        assert_eq!(deliveries.expect("a page").items.len(), expected, "{owner}");
        let seen = page(format!("a.{delivery}.9.9"));
        let attempts = account.attempts_to(&ids.subscription, seen).await;
        assert_eq!(attempts.expect("a page").items.len(), expected, "{owner}");
    }
}

#[tokio::test]
async fn an_invalid_owner_reaches_nothing_not_even_broadcasts() {
    let sender = sender().await;
    sender
        .of("a")
        .subscribe(request())
        .await
        .expect("subscribed");
    let everyone = Owner::everyone();
    sender
        .send(everyone, payment_created(payment(1)))
        .await
        .expect("sent");
    for invalid in ["", "a\nb", &"x".repeat(300)] {
        let account = sender.of(invalid);
        let messages = account.messages(None, 10).await;
        assert!(matches!(messages, Err(Error::Owner)), "{invalid:?}");
        let subscribed = account.subscribe(request()).await;
        assert!(matches!(subscribed, Err(Error::Owner)), "{invalid:?}");
    }
}

#[tokio::test]
async fn of_a_broadcast_an_account_sees_the_message_and_its_own_deliveries() {
    let sender = sender().await;
    let mut own = Vec::new();
    for owner in ["a", "b"] {
        let subscribed = sender.of(owner).subscribe(request()).await;
        own.push(subscribed.expect("subscribed").id);
    }
    let everyone = Owner::everyone();
    let sent = sender.send(everyone, payment_created(payment(1))).await;
    let id = sent.expect("sent").id;
    sender.deliver().await.expect("delivered");
    for (owner, subscription) in ["a", "b"].into_iter().zip(own) {
        let account = sender.of(owner);
        assert_eq!(account.message(&id).await.expect("there").owner, None);
        let page = account.deliveries(&DeliveryFilter::new(), 10).await;
        let items = page.expect("a page").items;
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].subscription, subscription);
        assert_eq!(items[0].owner.as_deref(), Some(owner));
        account.delivery(&items[0].id).await.expect("its own");
    }
    let all = DeliveryFilter::new().message(id);
    let page = sender.operator().deliveries(&all, 10).await;
    assert_eq!(page.expect("a page").items.len(), 2);
}

#[tokio::test]
async fn an_owner_is_whatever_the_application_calls_its_customers_by() {
    let sender = sender().await;
    let uuid = format_args!("{:032x}", 0x0123_4567_89ab_u128).to_string();
    sender.of(17).subscribe(request()).await.expect("a number");
    sender.of(&uuid).subscribe(request()).await.expect("a UUID");
    let sent = sender.send(17, payment_created(payment(1))).await;
    assert_eq!(sent.expect("sent").deliveries, Some(1));
    let page = sender.operator().subscriptions("17", 10).await;
    assert_eq!(page.expect("a page").items.len(), 1);
}

#[tokio::test]
async fn the_operator_cannot_move_a_subscription_to_another_owner() {
    let sender = sender().await;
    let subscribed = sender.of("victim").subscribe(request()).await;
    let id = subscribed.expect("subscribed").id;
    let stolen = Subscription::new("attacker", "https://attacker.example.com/").event("payment.*");
    not_found("change", sender.operator().change(&id, stolen).await);
    let stored = sender.of("victim").subscription(&id).await.expect("there");
    assert_eq!(
        (stored.owner.as_str(), stored.target.as_str()),
        ("victim", TARGET)
    );
}

#[tokio::test]
async fn a_delivery_shows_its_event_its_target_and_its_last_attempt() {
    let sender = sender().await;
    let ids = things(&sender, "a").await;
    let delivery = sender.of("a").delivery(&ids.delivery).await.expect("there");
    assert_eq!(delivery.event.as_deref(), Some("payment.created"));
    assert_eq!(delivery.target.as_deref(), Some(TARGET));
    let last = delivery.last_attempt.clone().expect("one attempt");
    assert_eq!((last.number, last.status, last.error), (1, Some(500), None));
    let json = serde_json::to_value(&delivery).expect("JSON");
    assert_eq!(json["state"], "pending");
    assert_eq!(json["last_attempt"]["status"], 500);
    assert_eq!(json["created"], "2027-01-15T08:00:00.000Z");
}

#[tokio::test]
async fn what_is_returned_is_json_and_holds_no_credentials() {
    let sender = sender().await;
    let account = sender.of("a");
    let wanted = request().header("authorization", "Bearer hunter2hunter2");
    let subscribed = account.subscribe(wanted).await.expect("subscribed");
    let secret = subscribed.secret.clone().expect("a secret");
    let shown = serde_json::to_string(&subscribed).expect("JSON");
    assert!(shown.contains(secret.expose()), "shown once: {shown}");
    let page = account.subscriptions(None, 10).await.expect("a page");
    let json = serde_json::to_string(&page).expect("JSON");
    assert!(json.contains("authorization"), "{json}");
    assert!(
        !json.contains("hunter2") && !json.contains(secret.expose()),
        "{json}"
    );
    // The headers stay when a change does not name any.
    let stored = account.subscription(&subscribed.id).await.expect("there");
    let change = SubscriptionRequest::from(&stored).description("the CRM");
    account
        .change(&subscribed.id, change)
        .await
        .expect("changed");
    let again = SubscriptionRequest::from(&stored);
    let late = account.change(&subscribed.id, again).await;
    assert!(
        matches!(late, Err(Error::State(StateError::Changed))),
        "{late:?}"
    );
    sender
        .send("a", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert_eq!(
        request.header("authorization"),
        Some("Bearer hunter2hunter2")
    );
}

#[tokio::test]
async fn a_change_by_a_customer_keeps_what_the_operator_has_set() {
    let sender = sender().await;
    let wanted = Subscription::new("a", TARGET)
        .event("payment.*")
        .rate_limit(7)
        .concurrency(3);
    let subscribed = sender.operator().subscribe(wanted).await;
    let id = subscribed.expect("subscribed").id;
    let account = sender.of("a");
    let change = SubscriptionRequest::new("https://example.com/v2").event("*");
    account.change(&id, change).await.expect("changed");
    let stored = account.subscription(&id).await.expect("there");
    assert_eq!(stored.target, "https://example.com/v2");
    let settings = &stored.settings;
    assert_eq!(
        (settings.rate_limit, settings.concurrency),
        (Some(7), Some(3))
    );
}

#[tokio::test]
async fn a_filter_by_state_finds_the_deliveries_in_any_of_several() {
    let sender = sender().await;
    let ids = things(&sender, "a").await;
    let account = sender.of("a");
    let count = async |filter: DeliveryFilter| {
        let page = account.deliveries(&filter, 10).await;
        page.expect("a page").items.len()
    };
    let of = || DeliveryFilter::new().subscription(ids.subscription.clone());
    assert_eq!(count(of()).await, 1);
    assert_eq!(count(of().ended()).await, 0);
    let either = of()
        .state(DeliveryState::Pending)
        .state(DeliveryState::Failed);
    assert_eq!(count(either.clone()).await, 1);
    account.cancel(&ids.delivery).await.expect("cancelled");
    assert_eq!((count(of().ended()).await, count(either).await), (1, 0));
}

#[tokio::test]
async fn pausing_hides_no_reason_for_which_a_subscription_was_switched_off() {
    let sender = sender().await;
    let account = sender.of("a");
    let id = account.subscribe(request()).await.expect("subscribed").id;
    sender.answer(TestAnswer::status(410));
    let sent = async || sender.send("a", payment_created(payment(1))).await;
    sent().await.expect("sent");
    sender.deliver().await.expect("tried");
    let refused = account.pause(&id).await;
    assert!(
        matches!(refused, Err(Error::State(StateError::SwitchedOff))),
        "{refused:?}"
    );
    let stored = account.subscription(&id).await.expect("there");
    assert_eq!(stored.state, SubscriptionState::Gone);
    assert_eq!(sent().await.expect("sent").deliveries, Some(0), "none kept");
    account.activate(&id).await.expect("activated");
    account.pause(&id).await.expect("paused");
}
