//! Lanes are owned: what several engines on one database do together, and what the end of one means for the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use tokio::time::timeout;
use webhooks_sender::database::Database;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Error, Sender, SenderBuilder, StateError, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const LEASE: Duration = Duration::from_secs(1);

/// Counts how many requests are made at the same time, whichever engine makes them.
#[derive(Clone, Default)]
struct Counted {
    inner: Arc<TestTransport>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Transport for Counted {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        Box::pin(async move {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            self.inner.send(request).await
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
}

impl Counted {
    fn requests(&self) -> usize {
        self.inner.requests().len()
    }

    async fn until(&self, count: usize) {
        let all = async {
            while self.requests() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = timeout(Duration::from_secs(40), all).await;
        waited.unwrap_or_else(|_| panic!("{} of {count} requests", self.requests()));
    }
}

async fn engine<D: Database>(builder: SenderBuilder<D>, transport: &Counted) -> Sender<D> {
    let builder = builder.webhooks(bare()).transport(transport.clone());
    builder.lease(LEASE).start().await.expect("an engine")
}

async fn send<D: Database>(sender: &Sender<D>, owner: &str, count: u32) {
    let messages = (0..count).map(|number| payment_created(payment(number.into())));
    sender.send_many(owner, messages).await.expect("sent");
}

pub(crate) async fn concurrency<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Counted::default();
    let engines = [
        engine(process(), &transport).await,
        engine(process(), &transport).await,
    ];
    let wanted = Subscription::new("acct_1", "https://example.com/").event("*");
    let subscribed = engines[0].operator().subscribe(wanted.concurrency(2)).await;
    subscribed.expect("a subscription");
    for sender in &engines {
        send(sender, "acct_1", 30).await;
    }
    transport.until(60).await;
    assert_eq!(transport.most.load(Ordering::SeqCst), 2);
    for sender in engines {
        sender.shut_down().await;
    }
    assert_eq!(transport.requests(), 60);
}

/// In the first moment a burst of one second is allowed, then ten a second.
pub(crate) async fn rate<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Counted::default();
    let mut engines = Vec::new();
    for _ in 0..3 {
        engines.push(engine(process(), &transport).await);
    }
    let wanted = Subscription::new("acct_1", "https://example.com/").event("*");
    let subscribed = engines[0].operator().subscribe(wanted.rate_limit(10)).await;
    subscribed.expect("a subscription");
    let begin = Instant::now();
    send(&engines[1], "acct_1", 60).await;
    transport.until(25).await;
    // A lane may change hands in between: then nothing is left of a burst.
    let allowed = 10.0 + begin.elapsed().as_secs_f64() * 10.0 + 1.0;
    let made = u32::try_from(transport.requests()).expect("a few");
    assert!(f64::from(made) <= allowed, "{made} of {allowed}");
    for sender in engines {
        sender.shut_down().await;
    }
}

/// An engine that ends without a word, as a process does that is killed.
pub(crate) async fn takeover<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Counted::default();
    let first = engine(process(), &transport).await;
    let wanted = Subscription::new("acct_1", "https://example.com/").event("*");
    let subscribed = first.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    send(&first, "acct_1", 1).await;
    transport.until(1).await;
    drop(first);
    let second = engine(process(), &transport).await;
    send(&second, "acct_1", 5).await;
    transport.until(6).await;
    second.shut_down().await;
    // One that ends well leaves nothing to wait for.
    let third = process()
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let third = third.start().await.expect("a sender");
    send(&third, "acct_1", 1).await;
    assert_eq!(third.deliver().await.expect("the lanes are free"), 1);
}

pub(crate) async fn by_hand<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Counted::default();
    let running = engine(process(), &transport).await;
    let wanted = Subscription::new("acct_1", "https://example.com/").event("*");
    let subscribed = running.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    send(&running, "acct_1", 1).await;
    transport.until(1).await;
    let refused = running.deliver().await;
    assert!(
        matches!(refused, Err(Error::State(StateError::OtherEngine))),
        "{refused:?}"
    );
    running.shut_down().await;
    assert_eq!(running.deliver().await.expect("nothing is left"), 0);
}

/// Subscriptions that are paused, each with a delivery that waits, and one that is not.
pub(crate) async fn paused<D: Database>(builder: SenderBuilder<D>, count: u32) {
    let transport = Counted::default();
    let sender = engine(builder, &transport).await;
    let mut ids = Vec::new();
    for number in 0..count {
        let wanted = Subscription::new(format!("paused {number}"), "https://example.com/");
        let subscribed = sender.operator().subscribe(wanted.event("*")).await;
        let id = subscribed.expect("a subscription").id;
        sender.operator().pause(&id).await.expect("paused");
        ids.push(id);
    }
    for number in 0..count {
        send(&sender, &format!("paused {number}"), 1).await;
    }
    let wanted = Subscription::new("moving", "https://example.com/").event("*");
    let subscribed = sender.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    for number in 1..=20 {
        send(&sender, "moving", 1).await;
        transport.until(number).await;
    }
    assert_eq!(transport.requests(), 20);
    // And each of them goes on when it is activated.
    for (number, id) in ids.iter().take(5).enumerate() {
        sender.operator().activate(id).await.expect("active");
        transport.until(21 + number).await;
    }
    sender.shut_down().await;
}

fn file(folder: &tempfile::TempDir) -> impl Fn() -> SenderBuilder<webhooks_sender::Sqlite> {
    let path = folder.path().join("webhooks.db");
    move || Sender::open(path.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_of_concurrent_requests_holds_over_two_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    concurrency(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_holds_over_three_engines() {
    let folder = tempfile::tempdir().expect("a folder");
    rate(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lanes_of_an_engine_that_ended_without_a_word_are_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    takeover(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_by_hand_is_refused_while_an_engine_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    by_hand(file(&folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_paused_subscriptions_hold_up_no_other_and_go_on_when_they_are_activated() {
    let folder = tempfile::tempdir().expect("a folder");
    paused(Sender::open(folder.path().join("w.db")), 300).await;
}
