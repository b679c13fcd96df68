//! What one customer's targets, one open transaction or a database that takes no writes do to the deliveries of all others.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use webhooks_sender::database::{Clock, Database};
use webhooks_sender::dialect::Dialect;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::testing::{TestAnswer, TestRequest, TestTransport};
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Sender, SenderBuilder, Subscription};
use webhooks_signature::Scheme;

use crate::webhooks::{bare, payment, payment_created};

/// Keeps the requests to `slow.example.com` until the test lets them go.
#[derive(Clone)]
pub(crate) struct Slow {
    inner: Arc<TestTransport>,
    gate: Arc<Semaphore>,
}

impl Slow {
    fn new() -> Self {
        Self {
            inner: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    async fn arrived(&self, host: &str, count: usize) {
        let all = async {
            let is_there = |request: &TestRequest| request.target.contains(host);
            while self
                .inner
                .requests()
                .iter()
                .filter(|one| is_there(one))
                .count()
                < count
            {
                tokio::task::yield_now().await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = timeout(Duration::from_secs(30), all).await;
        waited.expect("the requests are made although others hang");
    }
}

impl Transport for Slow {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        let is_slow = request.uri().host() == Some("slow.example.com");
        Box::pin(async move {
            if is_slow {
                let _permit = self.gate.acquire().await;
                return self.inner.send(request).await;
            }
            self.inner.send(request).await
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(40)
    }
}

async fn subscribe<D: Database>(sender: &Sender<D>, owner: &str, target: &str) -> SubscriptionId {
    let wanted = Subscription::new(owner, target).event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .id
}

/// A hundred subscriptions of one owner hang with more deliveries than one process holds.
pub(crate) async fn slow_owner<D: Database>(builder: SenderBuilder<D>) {
    let slow = Slow::new();
    let sender = builder.webhooks(bare()).transport(slow.clone()).start();
    let sender = sender.await.expect("a sender");
    subscribe(&sender, "victim", "https://fast.example.com/hook").await;
    for number in 0..100 {
        subscribe(
            &sender,
            "mal",
            &format!("https://slow.example.com/{number}"),
        )
        .await;
    }
    for number in 0..64 {
        sender
            .send("mal", payment_created(payment(number)))
            .await
            .expect("sent");
    }
    for number in 0..20 {
        sender
            .send("victim", payment_created(payment(number)))
            .await
            .expect("sent");
        slow.arrived(
            "fast.example.com",
            usize::try_from(number).expect("few") + 1,
        )
        .await;
    }
    slow.gate.close();
    sender.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_whose_targets_hang_holds_up_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    slow_owner(Sender::open(folder.path().join("webhooks.db"))).await;
}

/// A target that asked for a day's pause is exchanged by a process that sends nothing itself.
pub(crate) async fn exchanged_target<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Arc::new(TestTransport::default());
    let worker = process()
        .webhooks(bare())
        .transport(Arc::clone(&transport))
        .start();
    let worker = worker.await.expect("a worker");
    let other = process().webhooks(bare()).without_engine().start();
    let other = other.await.expect("another process");
    let id = subscribe(&other, "acct_1", "https://old.example.com/hook").await;
    transport.answer(TestAnswer::status(429).header("retry-after", "86400"));
    other
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let arrives = async |host: &str| {
        let all = async {
            while transport
                .requests()
                .iter()
                .all(|request| !request.target.contains(host))
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(30), all)
            .await
            .expect("a request");
    };
    arrives("old.example.com").await;
    let wanted = Subscription::new("acct_1", "https://new.example.com/hook").event("*");
    other.operator().change(&id, wanted).await.expect("changed");
    other
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    arrives("new.example.com").await;
    worker.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_another_process_exchanged_is_sent_to_although_the_old_one_asked_for_a_pause()
{
    let folder = tempfile::tempdir().expect("a folder");
    exchanged_target(|| Sender::open(folder.path().join("webhooks.db"))).await;
}

#[tokio::test]
async fn a_process_that_does_not_know_the_dialect_or_forbids_the_target_uses_up_no_try() {
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
    let knows = builder()
        .dialect(Dialect::standard_webhooks())
        .dialect(Dialect::signed("acme", Scheme::GITHUB).event_header("x-acme-event"))
        .targets(TargetPolicy::development())
        .start()
        .await
        .expect("a sender");
    let of_acme = Subscription::new("acct_1", "https://example.com/hook")
        .event("*")
        .dialect("acme");
    let inside = Subscription::new("acct_1", "http://127.0.0.1/hook").event("*");
    for wanted in [of_acme, inside] {
        knows
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    let sent = knows
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let plain = builder()
        .start()
        .await
        .expect("a worker of an older version");
    for _ in 0..20 {
        assert_eq!(plain.deliver().await.expect("nothing"), 0);
        clock.advance(Duration::from_mins(2));
    }
    assert_eq!(knows.deliver().await.expect("delivered"), 2);
    let filter = DeliveryFilter::new().message(sent.id.clone());
    let deliveries = knows.operator().deliveries(&filter, 5).await;
    for delivery in deliveries.expect("deliveries").items {
        assert_eq!(
            (delivery.state, delivery.attempts),
            (DeliveryState::Delivered, 1)
        );
    }
}
