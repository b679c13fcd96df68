//! What is forgotten when, and what is not: payloads, answers, attempts and messages each by their own time.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::{Clock, Database};
use webhooks_sender::id::{MessageId, SubscriptionId};
use webhooks_sender::job::Replay;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, PageRequest};
use webhooks_sender::settings::{Retention, RetrySchedule};
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Sender, SenderBuilder, StateError, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const HOUR: Duration = Duration::from_hours(1);

struct Kept<D: Database> {
    sender: Sender<D>,
    transport: Arc<TestTransport>,
    clock: Clock,
    subscription: SubscriptionId,
}

impl<D: Database> Kept<D> {
    /// Payloads for an hour, answers for two, attempts for three, messages for four, the audit trail for five.
    async fn start(builder: SenderBuilder<D>) -> Self {
        let (transport, clock) = (
            Arc::new(TestTransport::default()),
            Clock::fixed_at(Duration::from_hours(500_000)),
        );
        let retention = Retention {
            payloads: HOUR,
            responses: HOUR * 2,
            attempts: HOUR * 3,
            messages: HOUR * 4,
            unfetched: Duration::from_hours(24),
            audit: HOUR * 5,
        };
        let builder = builder
            .webhooks(bare())
            .transport(transport.clone())
            .without_engine();
        let builder = builder.clock(clock.clone()).retention(retention);
        let sender = builder
            .retries(RetrySchedule::new([HOUR * 100]))
            .start()
            .await
            .expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        let subscription = sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription")
            .id;
        Self {
            sender,
            transport,
            clock,
            subscription,
        }
    }

    /// A message whose delivery ends like this.
    async fn send(&self, status: u16) -> MessageId {
        let sent = self
            .sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        self.transport
            .answer(TestAnswer::status(status).body("thanks"));
        self.sender.deliver().await.expect("delivered");
        sent.id
    }

    /// Whether there are, in this order: the message, its payload, an attempt, and an answer's body.
    async fn left(&self, id: &MessageId) -> [bool; 4] {
        let message = self.sender.operator().message(id).await;
        let delivery = self
            .sender
            .operator()
            .deliveries(&DeliveryFilter::new().message(id.clone()), 1)
            .await
            .expect("deliveries")
            .items
            .pop();
        let attempts = match delivery {
            Some(delivery) => self
                .sender
                .operator()
                .attempts(&delivery.id)
                .await
                .expect("attempts"),
            None => Vec::new(),
        };
        let payload = message.as_ref().is_ok_and(|message| message.body.is_some());
        [
            message.is_ok(),
            payload,
            !attempts.is_empty(),
            attempts.iter().any(|one| one.response.is_some()),
        ]
    }

    async fn later(&self, by: Duration) {
        self.clock.advance(by);
        self.sender.operator().prune().await.expect("pruned");
    }
}

pub(crate) async fn forget<D: Database>(builder: SenderBuilder<D>) {
    let kept = Kept::start(builder).await;
    let done = kept.send(204).await;
    kept.later(HOUR / 2).await;
    assert_eq!(kept.left(&done).await, [true, true, true, true]);
    for expected in [
        [true, false, true, true],
        [true, false, true, false],
        // The last attempt is part of the delivery.
        [true, false, true, false],
        [false, false, false, false],
    ] {
        kept.later(HOUR).await;
        assert_eq!(kept.left(&done).await, expected);
    }
    what_waits_keeps_its_payload(&kept).await;
    what_has_no_payload_is_not_sent_again(&kept).await;
}

async fn what_waits_keeps_its_payload<D: Database>(kept: &Kept<D>) {
    let failed_once = kept.send(500).await;
    kept.sender
        .operator()
        .pause(&kept.subscription)
        .await
        .expect("paused");
    let paused = kept
        .sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent")
        .id;
    kept.transport.take_requests();
    kept.later(HOUR * 99).await;
    for id in [&failed_once, &paused] {
        assert_eq!(
            kept.left(id).await[..2],
            [true, true],
            "its delivery is still to be made"
        );
    }
    kept.sender
        .operator()
        .activate(&kept.subscription)
        .await
        .expect("activated");
    kept.later(HOUR * 20).await;
    assert_eq!(kept.sender.deliver().await.expect("delivered"), 2);
    assert!(
        kept.transport
            .take_requests()
            .iter()
            .all(|request| !request.body.is_empty())
    );
    kept.later(Duration::from_secs(1)).await;
    for id in [&failed_once, &paused] {
        assert_eq!(
            kept.left(id).await[..2],
            [true, false],
            "delivered: the payload goes, the message stays"
        );
    }
}

/// Nothing is lost silently: the caller gets an error, and what had failed stays failed.
async fn what_has_no_payload_is_not_sent_again<D: Database>(kept: &Kept<D>) {
    let old = kept.send(410).await;
    kept.sender
        .operator()
        .activate(&kept.subscription)
        .await
        .expect("activated");
    kept.later(HOUR + HOUR / 2).await;
    let recent = kept.send(410).await;
    kept.sender
        .operator()
        .activate(&kept.subscription)
        .await
        .expect("activated");
    let delivery = async |id: &MessageId| {
        kept.sender
            .operator()
            .deliveries(&DeliveryFilter::new().message(id.clone()), 1)
            .await
            .expect("deliveries")
            .items
            .remove(0)
    };
    let refused = kept.sender.operator().retry(&delivery(&old).await.id).await;
    assert!(
        matches!(&refused, Err(Error::State(StateError::PayloadRemoved))),
        "{refused:?}"
    );
    let since = delivery(&old).await.finished.expect("it has failed");
    kept.sender
        .operator()
        .replay(&kept.subscription, Replay::failed().since(since))
        .await
        .expect("a replay");
    assert_eq!(kept.sender.deliver().await.expect("delivered"), 1);
    assert_eq!(delivery(&old).await.state, DeliveryState::Failed);
    assert_eq!(delivery(&recent).await.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn retention_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    forget(Sender::open(folder.path().join("w.db"))).await;
}

#[tokio::test]
async fn nothing_at_all_can_be_kept_of_what_was_delivered() {
    let nothing = Retention {
        payloads: Duration::ZERO,
        responses: Duration::ZERO,
        ..Retention::default()
    };
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.retention(nothing));
    let sender = sender.start().await.expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*"))
        .await
        .expect("made");
    // More than one step's worth.
    for _ in 0..3 {
        let messages = (0..1000).map(|number| payment_created(payment(number)));
        sender.send_many("acct_1", messages).await.expect("sent");
    }
    sender.operator().prune().await.expect("pruned");
    sender.answer(TestAnswer::status(200).body("ok"));
    assert_eq!(sender.deliver().await.expect("delivered"), 3000);
    sender.turn(Duration::from_millis(1));
    sender.operator().prune().await.expect("pruned");
    let (mut before, mut count) = (None, 0);
    loop {
        let page = sender
            .operator()
            .messages(None, PageRequest::first(1000).after(before.clone()))
            .await
            .expect("a page");
        assert!(page.items.iter().all(|message| message.body.is_none()));
        count += page.items.len();
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(count, 3000);
}
