//! Looking: filters find what they say, and pages go through everything exactly once, on both databases.

mod attempts;
mod lane;
mod nul;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::{Clock, Database};
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{
    Cursor, DeliveryFilter, DeliveryState, MessageFilter, PageRequest, SubscriptionFilter,
};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::subscription::SubscriptionState;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Outbound, Owner, Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

/// What the database holds behind [`fill`].
struct Filled<D: Database> {
    sender: Sender<D>,
    clock: Clock,
    free: SubscriptionId,
    paid: SubscriptionId,
}

/// Sixty messages of an owner with two subscriptions, of two events, every third with a label, each a minute apart; and
/// ten of another owner. Every fourth request fails for good.
async fn fill<D: Database>(builder: SenderBuilder<D>) -> Filled<D> {
    let (transport, clock) = (
        Arc::new(TestTransport::default()),
        Clock::fixed_at(Duration::from_hours(500_000)),
    );
    let builder = builder
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let builder = builder.clock(clock.clone()).retries(RetrySchedule::new([]));
    let sender = builder.start().await.expect("a sender");
    let subscribe = async |owner: &str, plan: &str| {
        let wanted = Subscription::new(owner, format!("https://{plan}.example.com/"))
            .event("*")
            .label("plan", plan);
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription")
            .id
    };
    let (free, paid) = (
        subscribe("acct_1", "free").await,
        subscribe("acct_1", "paid").await,
    );
    subscribe("acct_2", "paid").await;
    for number in 0..60 {
        let outbound = match number % 2 {
            0 => Outbound::new(payment_created(payment(number))),
            _ => Outbound::new(card_declined(payment(number))),
        };
        let outbound = match number % 3 {
            0 => outbound
                .label("third", "yes")
                .label("number", number.to_string()),
            _ => outbound,
        };
        sender.send("acct_1", outbound).await.expect("sent");
        if number % 6 == 0 {
            sender
                .send("acct_2", payment_created(payment(number)))
                .await
                .expect("sent");
        }
        if number % 2 == 0 {
            transport.answer(TestAnswer::status(500));
        }
        sender.deliver().await.expect("delivered");
        clock.advance(Duration::from_mins(1));
    }
    Filled {
        sender,
        clock,
        free,
        paid,
    }
}

impl<D: Database> Filled<D> {
    /// How many messages a filter finds, in pages of this size; none twice.
    async fn messages(&self, filter: MessageFilter, limit: u32) -> usize {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = self
                .sender
                .operator()
                .messages(
                    filter.clone(),
                    PageRequest::first(limit).after(before.clone()),
                )
                .await
                .expect("a page");
            assert!(page.items.len() <= limit as usize);
            seen.extend(page.items.into_iter().map(|message| message.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert!(
            seen.is_sorted_by(|one, other| one > other),
            "newest first, none twice"
        );
        seen.len()
    }

    async fn deliveries(&self, filter: DeliveryFilter, limit: u32) -> usize {
        let (mut seen, mut count, mut after) = (HashSet::new(), 0, None::<Cursor>);
        loop {
            let page = self
                .sender
                .operator()
                .deliveries(&filter, PageRequest::first(limit).after(after.clone()))
                .await
                .expect("a page");
            assert!(page.items.len() <= limit as usize);
            count += page.items.len();
            seen.extend(page.items.into_iter().map(|delivery| delivery.id));
            // The cursor goes round by way of a client.
            after = page
                .next
                .map(|next| next.to_string().parse().expect("a cursor"));
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), count, "none twice");
        count
    }
}

pub(crate) async fn look<D: Database>(builder: SenderBuilder<D>) {
    let filled = fill(builder).await;
    let start = filled.sender.now() - Duration::from_hours(1);
    for limit in [1, 7, 60, 1000] {
        for (filter, expected) in [
            (MessageFilter::new(), 70),
            (MessageFilter::new().owner("acct_1"), 60),
            (MessageFilter::new().owner("acct_2"), 10),
            (MessageFilter::new().owner("acct_3"), 0),
            (MessageFilter::new().event("payment.created"), 40),
            (
                MessageFilter::new().owner("acct_1").event("payment.card.*"),
                30,
            ),
            (MessageFilter::new().event("payment"), 0),
            (MessageFilter::new().label("third", "yes"), 20),
            (
                MessageFilter::new()
                    .label("third", "yes")
                    .label("number", "9"),
                1,
            ),
            (MessageFilter::new().label("third", "no"), 0),
            (
                MessageFilter::new()
                    .owner("acct_1")
                    .since(start + Duration::from_mins(30)),
                30,
            ),
            (
                MessageFilter::new()
                    .owner("acct_1")
                    .until(start + Duration::from_mins(30)),
                30,
            ),
            (
                MessageFilter::new()
                    .since(start + Duration::from_mins(6))
                    .until(start + Duration::from_mins(7)),
                2,
            ),
            (
                MessageFilter::new()
                    .event("payment.created")
                    .since(start + Duration::from_mins(58)),
                1,
            ),
        ] {
            let shown = format!("{filter:?} by {limit}");
            assert_eq!(filled.messages(filter, limit).await, expected, "{shown}");
        }
        for (filter, expected) in [
            (DeliveryFilter::new(), 130),
            (DeliveryFilter::of("acct_1"), 120),
            (
                DeliveryFilter::of("acct_1").subscription(filled.free.clone()),
                60,
            ),
            (DeliveryFilter::new().state(DeliveryState::Failed), 30),
            (DeliveryFilter::new().state(DeliveryState::Delivered), 100),
            (DeliveryFilter::new().state(DeliveryState::Pending), 0),
            (
                DeliveryFilter::of(MessageFilter::new().event("payment.card.declined"))
                    .state(DeliveryState::Failed),
                0,
            ),
            (
                DeliveryFilter::of(MessageFilter::new().label("third", "yes"))
                    .subscription(filled.paid.clone()),
                20,
            ),
        ] {
            let shown = format!("{filter:?} by {limit}");
            assert_eq!(filled.deliveries(filter, limit).await, expected, "{shown}");
        }
    }
    look_at_subscriptions(&filled).await;
    look_at_attempts_of_one_moment(&filled).await;
    lane::look(&filled).await;
    attempts::look(&filled).await;
}

async fn look_at_subscriptions<D: Database>(filled: &Filled<D>) {
    let sender = &filled.sender;
    sender.operator().pause(&filled.free).await.expect("paused");
    let only = Subscription::new("acct_3", "https://only.example.com/").event("payment.card.*");
    let operator = sender.operator();
    operator.subscribe(only).await.expect("a subscription");
    for (filter, expected) in [
        (SubscriptionFilter::new(), 4),
        (SubscriptionFilter::new().owner("acct_1"), 2),
        (SubscriptionFilter::new().label("plan", "paid"), 2),
        (
            SubscriptionFilter::new()
                .owner("acct_1")
                .label("plan", "paid"),
            1,
        ),
        (SubscriptionFilter::new().label("plan", "none"), 0),
        (
            SubscriptionFilter::new().state(SubscriptionState::Paused),
            1,
        ),
        (SubscriptionFilter::new().event("payment.card.declined"), 4),
        (SubscriptionFilter::new().event("payment.created"), 3),
    ] {
        for limit in [1, 3, 1000] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = sender
                    .operator()
                    .subscriptions(
                        filter.clone(),
                        PageRequest::first(limit).after(after.clone()),
                    )
                    .await
                    .expect("a page");
                seen.extend(page.items.into_iter().map(|subscription| subscription.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert!(
                seen.is_sorted() && seen.len() == expected,
                "{filter:?} by {limit}: {seen:?}"
            );
        }
    }
}

/// A hundred attempts within one millisecond.
async fn look_at_attempts_of_one_moment<D: Database>(filled: &Filled<D>) {
    let sender = &filled.sender;
    let messages = (0..100).map(|number| payment_created(payment(number)));
    sender
        .send_many(Owner::of("acct_2"), messages)
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    filled.clock.advance(Duration::from_mins(1));
    let page = sender
        .operator()
        .subscriptions("acct_2", 1)
        .await
        .expect("a page");
    for limit in [1, 7, 100, 1000] {
        let (mut seen, mut count, mut before) = (HashSet::new(), 0, None);
        loop {
            let page = sender
                .operator()
                .attempts_to(
                    &page.items[0].id,
                    PageRequest::first(limit).after(before.clone()),
                )
                .await
                .expect("a page");
            assert!(
                page.items.is_sorted_by(|one, other| one.at >= other.at),
                "newest first"
            );
            count += page.items.len();
            seen.extend(page.items.into_iter().map(|attempt| attempt.delivery));
            before = page
                .next
                .map(|next| next.to_string().parse().expect("a cursor"));
            if before.is_none() {
                break;
            }
        }
        assert_eq!((seen.len(), count), (110, 110), "by {limit}");
    }
}

#[tokio::test]
async fn queries_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    look(Sender::open(folder.path().join("w.db"))).await;
}

#[tokio::test]
async fn a_broadcast_with_many_deliveries_is_paged_within_the_message() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for number in 0..2500 {
        let wanted =
            Subscription::new("acct_1", format!("https://example.com/{number}")).event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    sender.turn(Duration::from_secs(1));
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let (mut seen, mut after, mut pages) = (HashSet::new(), None, 0);
    let filter = DeliveryFilter::new().state(DeliveryState::Delivered);
    loop {
        let page = sender
            .operator()
            .deliveries(&filter, PageRequest::first(600).after(after.clone()))
            .await
            .expect("a page");
        seen.extend(page.items.into_iter().map(|delivery| delivery.id));
        (after, pages) = (page.next, pages + 1);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5000);
    assert!(pages >= 9, "{pages}");
}

#[tokio::test]
async fn a_filter_that_finds_nothing_reads_so_much_and_says_where_it_stopped() {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", "https://example.com/").event("*"))
        .await
        .expect("made");
    for _ in 0..6 {
        let messages = (0..1000).map(|number| payment_created(payment(number)));
        sender.send_many("acct_1", messages).await.expect("sent");
    }
    let nothing = MessageFilter::new().label("a", "b");
    let first = sender
        .operator()
        .messages(nothing.clone(), 10)
        .await
        .expect("a page");
    assert!(first.items.is_empty());
    let next = first.next.expect("it looked at 5,000 of 6,000");
    let second = sender
        .operator()
        .messages(nothing, PageRequest::first(10).after(next))
        .await
        .expect("a page");
    assert!(second.items.is_empty() && second.next.is_none());
}
