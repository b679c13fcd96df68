//! What one process changes while another one delivers: it counts from when the call returns.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use tokio::time::timeout;
use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::CircuitBreaker;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const OLD: &str = "https://old.example.com/hook";
const NEW: &str = "https://new.example.com/hook";

/// A target that takes a few milliseconds, so that most of what is sent waits in hand.
#[derive(Clone, Default)]
struct Busy {
    inner: Arc<TestTransport>,
    /// From now on no request may begin to the old target.
    is_closed: Arc<AtomicBool>,
    was_late: Arc<AtomicBool>,
}

impl Transport for Busy {
    fn send(&self, request: http::Request<Bytes>) -> AnswerFuture<'_> {
        let is_late = self.is_closed.load(Ordering::SeqCst)
            && request.uri().host() == Some("old.example.com");
        self.was_late.fetch_or(is_late, Ordering::SeqCst);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.inner.send(request).await
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
}

impl Busy {
    fn at(&self, target: &str) -> usize {
        let requests = self.inner.requests();
        let at = requests.iter().filter(|request| request.target == target);
        at.count()
    }

    async fn until(&self, target: &str, count: usize) {
        let all = async {
            while self.at(target) < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = timeout(Duration::from_secs(40), all).await;
        waited.unwrap_or_else(|_| panic!("{} of {count} requests to {target}", self.at(target)));
    }
}

/// What a customer does to a subscription that is being sent to.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Change,
    Pause,
    Unsubscribe,
    RemoveOwner,
}

const MESSAGES: u32 = 1500;

async fn start<D: Database>(builder: SenderBuilder<D>, busy: &Busy) -> Sender<D> {
    let builder = builder.webhooks(bare()).transport(busy.clone());
    builder.start().await.expect("a sender")
}

fn wanted(target: &str) -> Subscription {
    Subscription::new("acct_1", target)
        .event("*")
        .concurrency(2)
}

async fn send<D: Database>(sender: &Sender<D>, count: u32) {
    let messages = (0..count).map(|number| payment_created(payment(number.into())));
    sender.send_many("acct_1", messages).await.expect("sent");
}

async fn does<D: Database>(sender: &Sender<D>, deed: Deed, id: &SubscriptionId) {
    let operator = sender.operator();
    let done = match deed {
        Deed::Change => operator.change(id, wanted(NEW).concurrency(64)).await,
        Deed::Pause => operator.pause(id).await,
        Deed::Unsubscribe => operator.unsubscribe(id).await,
        Deed::RemoveOwner => operator.remove_owner("acct_1").await.map(drop),
    };
    done.expect("done");
}

/// `caller` changes what `worker` is sending to.
async fn settled<D: Database>(worker: &Sender<D>, caller: &Sender<D>, busy: &Busy, deed: Deed) {
    busy.is_closed.store(false, Ordering::SeqCst);
    busy.inner.take_requests();
    let subscribed = caller.operator().subscribe(wanted(OLD)).await;
    let id = subscribed.expect("a subscription").id;
    send(caller, MESSAGES).await;
    busy.until(OLD, 10).await;
    does(caller, deed, &id).await;
    busy.is_closed.store(true, Ordering::SeqCst);
    let before = busy.at(OLD);
    assert!(
        before < MESSAGES as usize - 50,
        "{deed:?}: too late to show anything"
    );
    match deed {
        Deed::Change => {
            let rest = MESSAGES as usize - before - 4;
            busy.until(NEW, rest).await;
        }
        Deed::Pause => {
            // Nothing but time could show that it stays so; what comes behind it shows that the engine goes on.
            another_owner(worker, busy).await;
            busy.is_closed.store(false, Ordering::SeqCst);
            caller.operator().activate(&id).await.expect("active");
            busy.until(OLD, MESSAGES as usize).await;
        }
        Deed::Unsubscribe | Deed::RemoveOwner => another_owner(worker, busy).await,
    }
    assert!(!busy.was_late.load(Ordering::SeqCst), "{deed:?}");
    let ended = async {
        while worker.operator().queue_stats().await.expect("stats").ready > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(40), ended)
        .await
        .expect("nothing is left");
    assert!(!busy.was_late.load(Ordering::SeqCst), "{deed:?}");
    let operator = caller.operator();
    operator.remove_owner("acct_1").await.expect("removed");
}

/// Another owner gets its messages.
async fn another_owner<D: Database>(worker: &Sender<D>, busy: &Busy) {
    let other = "https://other.example.com/hook";
    let operator = worker.operator();
    let wanted = Subscription::new("acct_2", other).event("*");
    operator.subscribe(wanted).await.expect("a subscription");
    for number in 1..=20 {
        let message = payment_created(payment(number));
        worker.send("acct_2", message).await.expect("sent");
        busy.until(other, usize::try_from(number).expect("few"))
            .await;
    }
    operator.remove_owner("acct_2").await.expect("removed");
}

pub(crate) async fn take_effect<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let busy = Busy::default();
    let worker = start(process(), &busy).await;
    let api = start(process().without_engine(), &busy).await;
    for caller in [&api, &worker] {
        for deed in [
            Deed::Change,
            Deed::Pause,
            Deed::Unsubscribe,
            Deed::RemoveOwner,
        ] {
            settled(&worker, caller, &busy, deed).await;
        }
    }
    worker.shut_down().await;
}

/// A limit that another process lifts is lifted.
pub(crate) async fn rate<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let busy = Busy::default();
    let worker = start(process(), &busy).await;
    let api = start(process().without_engine(), &busy).await;
    let subscribed = api.operator().subscribe(wanted(OLD).rate_limit(1)).await;
    let id = subscribed.expect("a subscription").id;
    send(&api, 60).await;
    busy.until(OLD, 2).await;
    let begin = Instant::now();
    api.operator()
        .change(&id, wanted(OLD))
        .await
        .expect("changed");
    busy.until(OLD, 60).await;
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "not one a second"
    );
    worker.shut_down().await;
}

/// A person wants to know whether the target is well again, and does not wait for the breaker.
pub(crate) async fn retry<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let hour = Duration::from_hours(1);
    let breaker = CircuitBreaker {
        threshold: 1,
        pause: hour,
        longest_pause: hour,
    };
    let day = TestAnswer::status(429).header("retry-after", "86400");
    for answer in [TestAnswer::status(500), day] {
        let busy = Busy::default();
        let worker = start(process().circuit_breaker(breaker), &busy).await;
        let api = start(process().without_engine(), &busy).await;
        let subscribed = api.operator().subscribe(wanted(OLD)).await;
        subscribed.expect("a subscription");
        busy.inner.answer(answer);
        send(&api, 1).await;
        busy.until(OLD, 1).await;
        let filter = DeliveryFilter::new();
        let delivery = async || {
            let page = api
                .operator()
                .deliveries(&filter, 10)
                .await
                .expect("a page");
            page.items.into_iter().next().expect("a delivery")
        };
        // The failure has been recorded.
        while delivery().await.attempts == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let id = delivery().await.id;
        send(&api, 1).await;
        api.operator().retry(&id).await.expect("tried again");
        busy.until(OLD, 2).await;
        // And as it went well, so does what waited behind it.
        busy.until(OLD, 3).await;
        worker.shut_down().await;
        let page = api
            .operator()
            .deliveries(&filter, 10)
            .await
            .expect("a page");
        let states = page.items.iter().map(|delivery| delivery.state);
        assert!(
            states
                .clone()
                .all(|state| state == DeliveryState::Delivered)
        );
        api.operator()
            .remove_owner("acct_1")
            .await
            .expect("removed");
    }
}

fn file(
    folder: &tempfile::TempDir,
    name: &str,
) -> impl Fn() -> SenderBuilder<webhooks_sender::Sqlite> {
    let path = folder.path().join(name);
    move || Sender::open(path.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_target_gets_nothing_once_a_change_has_returned() {
    let folder = tempfile::tempdir().expect("a folder");
    take_effect(file(&folder, "w.db")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_another_process_lifts_is_lifted() {
    let folder = tempfile::tempdir().expect("a folder");
    rate(file(&folder, "w.db")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_by_hand_does_not_wait_for_a_breaker_or_for_the_pause_that_a_target_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    retry(file(&folder, "w.db")).await;
}

#[cfg(feature = "postgres")]
mod postgres {
    use webhooks_sender::database::Prefix;

    use super::*;
    use crate::postgres::with_schema;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    async fn what_another_process_changes_counts_from_when_the_call_returns_on_postgres() {
        with_schema("elsewhere", |pool| async move {
            let process = |name: &'static str| {
                let pool = pool.clone();
                move || {
                    let prefix = Prefix::new(name).expect("a prefix");
                    Sender::new(pool.clone()).prefix(prefix)
                }
            };
            take_effect(process("effect_")).await;
            rate(process("rate_")).await;
            retry(process("retry_")).await;
        })
        .await;
    }
}
