//! Clocks that step: whatever they do, nothing is lost, nothing is sent twice, and nothing is switched off for it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use webhooks_sender::database::{Clock, Database};
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::{DeactivationRule, RetrySchedule};
use webhooks_sender::subscription::SubscriptionState;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::transport::{AnswerFuture, Transport};
use webhooks_sender::{Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Copy)]
enum Step {
    Back(Duration),
    Forward(Duration),
}

fn step(clock: &Clock, step: Step) {
    match step {
        Step::Back(by) => clock.step_back(by),
        Step::Forward(by) => clock.advance(by),
    }
}

/// Turns the clock while a request is under way, if a test asks for it.
#[derive(Clone)]
struct Stepping {
    inner: Arc<TestTransport>,
    clock: Clock,
    during: Arc<Mutex<Option<Step>>>,
}

impl Transport for Stepping {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        if let Some(by) = self.during.lock().expect("not poisoned").take() {
            step(&self.clock, by);
        }
        self.inner.send(request)
    }

    fn timeout(&self) -> Duration {
        self.inner.timeout()
    }
}

struct Turned<D: Database> {
    sender: Sender<D>,
    transport: Stepping,
    id: SubscriptionId,
}

impl<D: Database> Turned<D> {
    async fn start(builder: SenderBuilder<D>, retries: usize) -> Self {
        let clock = Clock::fixed_at(Duration::from_hours(500_000));
        let (inner, during) = (Arc::new(TestTransport::default()), Arc::default());
        let transport = Stepping {
            inner,
            clock: clock.clone(),
            during,
        };
        let builder = builder
            .webhooks(bare())
            .transport(transport.clone())
            .without_engine()
            .clock(clock);
        let builder =
            builder.retries(RetrySchedule::new(vec![Duration::from_mins(5); retries]).jitter(0.0));
        let rule = DeactivationRule {
            failures: 3,
            period: DAY * 5,
        };
        let sender = builder.deactivation(rule).start().await.expect("a sender");
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        let id = sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription")
            .id;
        Self {
            sender,
            transport,
            id,
        }
    }

    fn step(&self, by: Step) {
        step(&self.transport.clock, by);
    }

    async fn send(&self) -> webhooks_sender::id::MessageId {
        self.sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent")
            .id
    }

    async fn deliver(&self) -> usize {
        self.sender.deliver().await.expect("delivered")
    }

    fn fail_next(&self) {
        self.transport.inner.answer(TestAnswer::status(500));
    }

    async fn state(&self, message: &webhooks_sender::id::MessageId) -> DeliveryState {
        self.sender
            .operator()
            .deliveries(&DeliveryFilter::new().message(message.clone()), 1)
            .await
            .expect("deliveries")
            .items
            .remove(0)
            .state
    }
}

pub(crate) async fn turn<D: Database>(builder: impl Fn(u8) -> SenderBuilder<D>) {
    retries(Turned::start(builder(0), 9).await).await;
    leases(Turned::start(builder(1), 9).await).await;
    failure_windows(Turned::start(builder(2), 0).await).await;
    secrets(Turned::start(builder(3), 9).await).await;
}

/// What is due at a time waits for that time, also when it has to come a second time; and comes once.
async fn retries<D: Database>(turned: Turned<D>) {
    turned.fail_next();
    let failed = turned.send().await;
    assert_eq!(turned.deliver().await, 1);
    turned.step(Step::Back(HOUR));
    assert_eq!(turned.deliver().await, 0);
    turned.send().await;
    assert_eq!(turned.deliver().await, 1, "what is new goes immediately");
    turned.step(Step::Forward(HOUR + Duration::from_mins(6)));
    assert_eq!((turned.deliver().await, turned.deliver().await), (1, 0));
    assert_eq!(turned.state(&failed).await, DeliveryState::Delivered);

    turned.fail_next();
    turned.send().await;
    assert_eq!(turned.deliver().await, 1);
    turned.step(Step::Forward(DAY * 30));
    assert_eq!(
        (turned.deliver().await, turned.deliver().await),
        (1, 0),
        "early, but once"
    );
    turned.step(Step::Back(DAY * 30));
    assert_eq!(turned.deliver().await, 0);
}

/// A lease is held by a number, not by the time: what was sent is recorded.
async fn leases<D: Database>(turned: Turned<D>) {
    for by in [
        Step::Back(DAY * 3),
        Step::Forward(HOUR * 2),
        Step::Forward(DAY * 3),
        Step::Back(HOUR * 2),
    ] {
        *turned.transport.during.lock().expect("not poisoned") = Some(by);
        let sent = turned.send().await;
        assert_eq!((turned.deliver().await, turned.deliver().await), (1, 0));
        assert_eq!(turned.state(&sent).await, DeliveryState::Delivered);
    }
    let stats = turned
        .sender
        .operator()
        .queue_stats()
        .await
        .expect("counts");
    assert_eq!((stats.ready, stats.scheduled, stats.sending), (0, 0, 0));
}

/// Failures that seem to lie in the future switch nothing off, and do not put it off for ever either.
async fn failure_windows<D: Database>(turned: Turned<D>) {
    let fail = async |times| {
        for _ in 0..times {
            turned.fail_next();
            turned.send().await;
            turned.deliver().await;
        }
        turned
            .sender
            .operator()
            .subscription(&turned.id)
            .await
            .expect("there")
    };
    // The clock was a month ahead when the failures began.
    turned.step(Step::Forward(DAY * 30));
    let ahead = fail(3).await;
    assert_eq!(
        (ahead.state, ahead.failures),
        (SubscriptionState::Active, 3)
    );
    turned.step(Step::Back(DAY * 30));
    let mended = fail(1).await;
    assert_eq!(mended.state, SubscriptionState::Active);
    assert!(
        mended
            .failing_since
            .is_some_and(|since| since <= turned.sender.now()),
        "the window begins anew"
    );
    turned.step(Step::Forward(DAY * 5));
    assert_eq!(
        fail(1).await.state,
        SubscriptionState::Failing,
        "five days later, not thirty-five"
    );
}

/// A grace period that jumps away ends; requests are signed with the new secret throughout.
async fn secrets<D: Database>(turned: Turned<D>) {
    turned
        .sender
        .operator()
        .rotate(&turned.id, HOUR)
        .await
        .expect("rotated");
    let signatures = async || {
        turned.send().await;
        turned.deliver().await;
        let request = turned.transport.inner.take_requests().remove(0);
        request
            .header("webhook-signature")
            .expect("signed")
            .split(' ')
            .count()
    };
    assert_eq!(signatures().await, 2);
    turned.step(Step::Back(DAY));
    assert_eq!(
        signatures().await,
        2,
        "longer than asked for, never shorter"
    );
    turned.step(Step::Forward(DAY + HOUR * 2));
    assert_eq!(signatures().await, 1);
    turned
        .sender
        .operator()
        .rotate(&turned.id, HOUR)
        .await
        .expect("rotated");
    assert_eq!(signatures().await, 2, "the one before the last has ended");
}

#[tokio::test]
async fn clocks_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    turn(|number| Sender::open(folder.path().join(format!("{number}.db")))).await;
}
