//! What one caller or one rule does wrong hurts no other.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::testing::TestTransport;
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Error, Outbound, Sender, SenderBuilder, Sqlite, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

type Setting = fn(SenderBuilder<Sqlite>) -> SenderBuilder<Sqlite>;

async fn sender(folder: &tempfile::TempDir, set: Setting) -> (Sender<Sqlite>, Arc<TestTransport>) {
    let transport = Arc::new(TestTransport::default());
    let builder = Sender::open(folder.path().join("webhooks.db"))
        .webhooks(bare())
        .transport(Arc::clone(&transport));
    let sender = set(builder).start().await.expect("a sender");
    for owner in ["good", "evil"] {
        let wanted = Subscription::new(owner, "https://example.com/hook").event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    (sender, transport)
}

#[tokio::test]
async fn a_rule_that_panics_for_one_owner_fails_that_owners_sends_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sender, _) = sender(&folder, |builder| {
        builder.visible(|owner, _| {
            assert!(owner != "evil", "a rule of the application");
            true
        })
    })
    .await;
    for number in 0..5 {
        let error = sender.send("evil", payment_created(payment(number))).await;
        assert!(matches!(error, Err(Error::VisibilityPanic)), "{error:?}");
        let sent = sender.send("good", payment_created(payment(number))).await;
        assert_eq!(sent.expect("sent").deliveries, Some(1));
    }
    // A broadcast asks the rule at each delivery: the healthy owner's goes out.
    let sent = sender.send(
        webhooks_sender::Owner::everyone(),
        payment_created(payment(9)),
    );
    assert_eq!(sent.await.expect("sent").deliveries, Some(2));
    sender.shut_down().await;
}

#[tokio::test]
async fn a_rule_that_panics_for_an_operational_event_leaves_outcomes_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    let transport = Arc::new(TestTransport::default());
    let catalogue = webhooks_core::Webhooks::new()
        .with(payment_created)
        .with(webhooks_sender::notices::operational_webhooks())
        .build()
        .expect("a catalogue");
    let sender = Sender::open(folder.path().join("webhooks.db"))
        .webhooks(catalogue)
        .operational_events_to("operator")
        .visible(|owner, event| {
            assert!(owner != "operator" || event == "webhooks.test", "a rule");
            true
        })
        .transport(Arc::clone(&transport))
        .without_engine()
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("good", "https://example.com/hook").event("payment.*");
    let subscription = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id;
    sender
        .send("good", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    // Pausing tells the operator too.
    sender
        .operator()
        .pause(&subscription)
        .await
        .expect("paused");
    assert_eq!(
        sender.operator().queue_stats().await.expect("stats").ready,
        0
    );
}

#[tokio::test]
async fn a_reused_key_is_an_answer_and_fails_no_other_send() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sender, _) = sender(&folder, |builder| builder).await;
    let keyed = |message: webhooks_core::Message| Outbound::new(message).idempotency_key("order-1");
    let first = sender
        .send("evil", keyed(payment_created(payment(1)).into()))
        .await
        .expect("sent");
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let sender = sender.clone();
        tasks.spawn(async move {
            if number % 2 == 0 {
                let declined = Outbound::new(card_declined(payment(number)));
                let answer = sender
                    .send("evil", declined.idempotency_key("order-1"))
                    .await;
                assert!(matches!(answer, Err(Error::KeyReused { .. })), "{answer:?}");
            } else {
                let sent = sender.send("good", payment_created(payment(number))).await;
                assert_eq!(sent.expect("sent").deliveries, Some(1));
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("no panic");
    }
    let again = sender
        .send("evil", keyed(payment_created(payment(1)).into()))
        .await
        .expect("sent");
    assert!(again.repeated && again.id == first.id);
    // All of a call or none of it.
    let several = [
        Outbound::new(payment_created(payment(500))).idempotency_key("order-2"),
        Outbound::new(card_declined(payment(501))).idempotency_key("order-1"),
    ];
    let answer = sender.send_many("evil", several).await;
    assert!(matches!(answer, Err(Error::KeyReused { .. })), "{answer:?}");
    let alone = Outbound::new(payment_created(payment(500))).idempotency_key("order-2");
    assert!(!sender.send("evil", alone).await.expect("sent").repeated);
    sender.shut_down().await;
}

/// Its request has no answer until the gate is opened.
#[derive(Clone)]
struct GatedTransport {
    inner: Arc<TestTransport>,
    open: watch::Receiver<bool>,
    begun: Arc<Semaphore>,
}

impl Transport for GatedTransport {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        let mut open = self.open.clone();
        Box::pin(async move {
            self.begun.add_permits(1);
            // The gate is opened before it is dropped.
            let _ = open.wait_for(|open| *open).await;
            self.inner.send(request).await
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_mins(1)
    }
}

#[tokio::test]
async fn every_call_of_shut_down_returns_when_the_drain_has_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let (gate, open) = watch::channel(false);
    let transport = GatedTransport {
        inner: Arc::default(),
        open,
        begun: Arc::new(Semaphore::new(0)),
    };
    let sender = Sender::open(folder.path().join("webhooks.db"))
        .webhooks(bare())
        .transport(transport.clone())
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("good", "https://example.com/hook").event("*");
    let operator = sender.operator();
    operator.subscribe(wanted).await.expect("a subscription");
    let sent = sender.send("good", payment_created(payment(1))).await;
    sent.expect("sent");
    let begun = timeout(Duration::from_secs(20), transport.begun.acquire()).await;
    begun.expect("a request begins").expect("open").forget();

    // A signal handler that gave up.
    let _ = timeout(Duration::ZERO, sender.shut_down()).await;
    let clone = sender.clone();
    let mut calls = JoinSet::new();
    for sender in [sender.clone(), clone, sender.clone()] {
        calls.spawn(async move { sender.shut_down().await });
    }
    let early = timeout(Duration::from_millis(300), calls.join_next()).await;
    assert!(early.is_err(), "a request is under way");
    let refused = sender.send("good", payment_created(payment(2))).await;
    assert!(matches!(refused, Err(Error::ShutDown)), "{refused:?}");

    gate.send(true).expect("the request waits for it");
    let ended = timeout(Duration::from_secs(20), calls.join_all()).await;
    ended.expect("all return when it has ended");
    // What was under way was answered and recorded before.
    assert_eq!(transport.inner.requests().len(), 1);
    let delivered = DeliveryFilter::of("good").state(DeliveryState::Delivered);
    let page = sender.operator().deliveries(&delivered, 10).await;
    assert_eq!(page.expect("a page").items.len(), 1);
    let again = timeout(Duration::from_secs(20), sender.shut_down()).await;
    again.expect("and once more");
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use crate::postgres::with_schema;

    /// The customer's retry of a request whose transaction is still open: exactly what keys are for.
    #[tokio::test]
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    async fn an_open_transaction_with_a_key_holds_up_no_other_send_and_not_the_shut_down() {
        with_schema("open_key", |pool| async move {
            let sender = Sender::new(pool.clone()).webhooks(bare()).without_engine();
            let sender = sender.start().await.expect("a sender");
            for owner in ["good", "evil"] {
                let wanted = Subscription::new(owner, "https://example.com/hook").event("*");
                sender
                    .operator()
                    .subscribe(wanted)
                    .await
                    .expect("a subscription");
            }
            let keyed = || {
                let message = Outbound::new(payment_created(payment(1)));
                message.idempotency_key("order-17")
            };
            let mut open = pool.begin().await.expect("a transaction");
            let first = sender
                .send_in(&mut open, "evil", keyed())
                .await
                .expect("sent");

            let within = Duration::from_secs(20);
            for number in 0..20 {
                let answer = timeout(within, sender.send("evil", keyed()))
                    .await
                    .expect("no wait");
                assert!(matches!(answer, Err(Error::KeyInUse)), "{answer:?}");
                let sent = sender.send("good", payment_created(payment(number)));
                timeout(within, sent).await.expect("no wait").expect("sent");
            }
            open.commit().await.expect("committed");
            let again = sender.send("evil", keyed()).await.expect("sent");
            assert!(again.repeated && again.id == first.id);

            let mut open = pool.begin().await.expect("a transaction");
            let held = Outbound::new(payment_created(payment(2))).idempotency_key("other");
            sender.send_in(&mut open, "evil", held).await.expect("sent");
            timeout(within, sender.shut_down())
                .await
                .expect("a bounded end");
        })
        .await;
    }
}
