//! One owner whose targets take their time holds up no other, however many targets it has. Nothing is measured: the slow
//! targets do not answer at all until all of the other's messages have arrived.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::watch;
use webhooks_sender::database::Database;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, payment, payment_created};

/// Requests that a process makes at the same time.
const PLACES: usize = 2048;
/// What waits for each of the slow subscriptions.
const EACH: u64 = 60;
/// Messages of the other owner.
const OTHERS: usize = 100;

/// Requests to the slow targets wait for the gate.
#[derive(Clone)]
struct Gated {
    inner: Arc<TestTransport>,
    open: watch::Receiver<bool>,
    /// Slow requests under way.
    waiting: Arc<AtomicUsize>,
    fast: Arc<AtomicUsize>,
}

impl Transport for Gated {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        let mut open = self.open.clone();
        Box::pin(async move {
            if request.uri().host() == Some("slow.example.com") {
                self.waiting.fetch_add(1, Ordering::SeqCst);
                // The gate is opened before it is dropped.
                let _ = open.wait_for(|open| *open).await;
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            } else {
                self.fast.fetch_add(1, Ordering::SeqCst);
            }
            self.inner.send(request).await
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_mins(10)
    }
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_mins(1), waiting).await;
    waited.unwrap_or_else(|_| panic!("{what}"));
}

/// So many subscriptions of one owner are slow.
pub(crate) async fn slow<D: Database>(builder: SenderBuilder<D>, subscriptions: usize) {
    let (gate, open) = watch::channel(false);
    let transport = Gated {
        inner: Arc::default(),
        open,
        waiting: Arc::default(),
        fast: Arc::default(),
    };
    let builder = builder.webhooks(bare()).transport(transport.clone());
    let sender = builder.start().await.expect("a sender");
    let operator = sender.operator();
    for number in 0..subscriptions {
        let target = format!("https://slow.example.com/{number}");
        let wanted = Subscription::new("slow", target).event("*");
        operator.subscribe(wanted).await.expect("a subscription");
    }
    let wanted = Subscription::new("fast", "https://fast.example.com/").event("*");
    operator.subscribe(wanted).await.expect("a subscription");
    let messages = (0..EACH).map(|number| payment_created(payment(number)));
    sender.send_many("slow", messages).await.expect("sent");
    let waiting = || transport.waiting.load(Ordering::SeqCst);
    // What one of its subscriptions has in hand may keep another from having more: that is the owner's own affair.
    let least = (subscriptions * 8).min(PLACES / 4);
    until("the slow owner has many under way", || waiting() >= least).await;
    for number in 0..OTHERS {
        let message = payment_created(payment(number as u64));
        sender.send("fast", message).await.expect("sent");
        let fast = || transport.fast.load(Ordering::SeqCst);
        until("the other owner's messages arrive", || fast() > number).await;
        assert!(waiting() <= PLACES / 2, "{} of {PLACES}", waiting());
    }
    assert!(waiting() >= least, "none has been answered");
    gate.send(true).expect("the transport waits for it");
    let all = subscriptions * usize::try_from(EACH).expect("a few") + OTHERS;
    let made = || transport.inner.requests().len();
    until("the slow owner's messages arrive", || made() >= all).await;
    sender.shut_down().await;
    assert_eq!(made(), all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_and_a_hundred_slow_subscriptions_of_one_owner_hold_up_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    for subscriptions in [40, 100] {
        let name = format!("{subscriptions}.db");
        slow(Sender::open(folder.path().join(name)), subscriptions).await;
    }
}
