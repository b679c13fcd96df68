//! Order: what must not overtake does not, also when it is tried again; what happens behind a delivery that is given up.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Outbound, Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

type Set = fn(Subscription) -> Subscription;

struct Ordered<D: Database> {
    sender: Sender<D>,
    transport: Arc<TestTransport>,
    id: SubscriptionId,
}

impl<D: Database> Ordered<D> {
    /// With the running engine. Tries follow one another fast.
    async fn start(builder: SenderBuilder<D>, tries: usize, set: Set) -> Self {
        let transport = Arc::new(TestTransport::default());
        let schedule = RetrySchedule::new(vec![Duration::from_millis(30); tries - 1]).jitter(0.0);
        let sender = builder
            .webhooks(bare())
            .transport(Arc::clone(&transport))
            .retries(schedule)
            .start()
            .await
            .expect("a sender");
        let wanted = set(Subscription::new("acct_1", TARGET).event("*"));
        let subscribed = sender.operator().subscribe(wanted).await;
        let id = subscribed.expect("a subscription").id;
        Self {
            sender,
            transport,
            id,
        }
    }

    async fn send(&self, number: u32, key: Option<&str>) {
        let message = Outbound::new(payment_created(payment(number.into())));
        let message = match key {
            Some(key) => message.order_key(key),
            None => message,
        };
        self.sender.send("acct_1", message).await.expect("sent");
    }

    /// The numbers of the payments in the requests so far.
    fn numbers(&self) -> Vec<u64> {
        let requests = self.transport.requests();
        let number = |body: &[u8]| {
            let body: serde_json::Value = serde_json::from_slice(body).expect("JSON");
            body["id"].as_u64().expect("a number")
        };
        requests
            .iter()
            .map(|request| number(&request.body))
            .collect()
    }

    async fn until_requests(&self, count: usize) -> Vec<u64> {
        let all = async {
            while self.numbers().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), all).await;
        waited.unwrap_or_else(|_| panic!("{:?}", self.numbers()));
        self.numbers()
    }

    async fn states(&self) -> Vec<DeliveryState> {
        let filter = DeliveryFilter::new().subscription(self.id.clone());
        let page = self.sender.operator().deliveries(&filter, 100).await;
        let mut deliveries = page.expect("a page").items;
        deliveries.sort_by(|one, other| one.id.cmp(&other.id));
        deliveries.iter().map(|delivery| delivery.state).collect()
    }
}

pub(crate) async fn keys<D: Database>(builder: SenderBuilder<D>) {
    let ordered = Ordered::start(builder, 5, |wanted| wanted).await;
    ordered.transport.answer(TestAnswer::status(500));
    ordered.transport.answer(TestAnswer::status(500));
    for number in 1..=4 {
        ordered.send(number, Some("order-17")).await;
    }
    let numbers = ordered.until_requests(6).await;
    assert_eq!(numbers, [1, 1, 1, 2, 3, 4], "each after the one before it");
    // What has another key, or none, is not held up by what waits for its next try.
    ordered.transport.answer(TestAnswer::status(500));
    ordered.send(5, Some("order-17")).await;
    ordered.until_requests(7).await;
    ordered.send(6, None).await;
    let numbers = ordered.until_requests(9).await;
    assert!(numbers[7..].contains(&6), "{numbers:?}");
    ordered.sender.shut_down().await;
}

pub(crate) async fn first_in_first_out<D: Database>(builder: SenderBuilder<D>) {
    let ordered = Ordered::start(builder, 5, Subscription::first_in_first_out).await;
    ordered.transport.answer(TestAnswer::status(500));
    for number in 1..=40 {
        ordered.send(number, None).await;
    }
    let numbers = ordered.until_requests(41).await;
    let expected: Vec<u64> = std::iter::once(1).chain(1..=40).collect();
    assert_eq!(numbers, expected);
    ordered.sender.shut_down().await;
}

pub(crate) async fn given_up<D: Database>(going_on: SenderBuilder<D>, stopping: SenderBuilder<D>) {
    let on = Ordered::start(going_on, 2, |wanted| wanted).await;
    let stop = Ordered::start(stopping, 2, Subscription::stop_when_given_up).await;
    for ordered in [&on, &stop] {
        ordered.transport.answer(TestAnswer::status(500));
        ordered.transport.answer(TestAnswer::status(500));
        ordered.send(1, Some("a")).await;
        ordered.send(2, Some("a")).await;
    }
    assert_eq!(on.until_requests(3).await, [1, 1, 2]);
    stop.until_requests(2).await;
    // Something of another key goes on, so that there was time for what must not happen.
    stop.send(3, Some("b")).await;
    assert_eq!(stop.until_requests(3).await, [1, 1, 3]);
    let waits = stop.states().await;
    assert_eq!(waits[..2], [DeliveryState::Pending, DeliveryState::Pending]);

    // A person has mended the receiver.
    let filter = DeliveryFilter::new().subscription(stop.id.clone());
    let page = stop.sender.operator().deliveries(&filter, 10).await;
    let mut deliveries = page.expect("a page").items;
    deliveries.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(deliveries[0].due, None, "nothing but a person moves it");
    let retried = stop.sender.operator().retry(&deliveries[0].id).await;
    retried.expect("retried");
    assert_eq!(stop.until_requests(5).await, [1, 1, 3, 1, 2]);
    for ordered in [on, stop] {
        ordered.sender.shut_down().await;
    }
}

/// Of five deliveries, the first three share a key, and the first of these has failed.
pub(crate) async fn counted<D: Database>(
    by_key: SenderBuilder<D>,
    whole: SenderBuilder<D>,
    stopped: SenderBuilder<D>,
) {
    let hour = Duration::from_hours(1);
    // Ready, scheduled and held: while it waits for its next try, and when its time has come.
    let cases: [(_, Set, _, _, _); 3] = [
        (by_key, |wanted| wanted, vec![hour], [2, 3, 0], [5, 0, 0]),
        (
            whole,
            Subscription::first_in_first_out,
            vec![hour],
            [0, 5, 0],
            [5, 0, 0],
        ),
        (
            stopped,
            Subscription::stop_when_given_up,
            vec![],
            [2, 0, 3],
            [2, 0, 3],
        ),
    ];
    for (builder, set, tries, waiting, later) in cases {
        let builder = builder.webhooks(bare());
        let builder = builder.retries(RetrySchedule::new(tries).jitter(0.0));
        let sender = builder.testing().start().await.expect("a sender");
        let wanted = set(Subscription::new("acct_1", TARGET).event("*"));
        let subscribed = sender.operator().subscribe(wanted).await;
        subscribed.expect("a subscription");
        let send = async |number: u32, key: Option<&str>| {
            let message = Outbound::new(payment_created(payment(number.into())));
            let message = match key {
                Some(key) => message.order_key(key),
                None => message,
            };
            sender.send("acct_1", message).await.expect("sent");
        };
        let stats = async || sender.operator().queue_stats().await.expect("numbers");
        for number in 1..=3 {
            send(number, Some("a")).await;
        }
        sender.answer(TestAnswer::status(500));
        assert_eq!(sender.deliver().await.expect("delivered"), 1);
        sender.turn(Duration::from_mins(20));
        send(4, Some("b")).await;
        send(5, None).await;
        let queue = stats().await;
        assert_eq!([queue.ready, queue.scheduled, queue.held], waiting);
        // What waits in an order is older, and no reason for an alert.
        let oldest = queue.oldest_ready;
        assert_eq!(oldest.is_some(), waiting[0] > 0);
        assert!(oldest.is_none_or(|oldest| oldest < Duration::from_mins(10)));
        sender.turn(hour);
        let queue = stats().await;
        assert_eq!([queue.ready, queue.scheduled, queue.held], later);
        assert!(queue.oldest_ready >= Some(hour));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_with_one_key_never_overtake_and_others_are_free() {
    let folder = tempfile::tempdir().expect("a folder");
    keys(Sender::open(folder.path().join("w.db"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_as_a_whole_can_be_first_in_first_out() {
    let folder = tempfile::tempdir().expect("a folder");
    first_in_first_out(Sender::open(folder.path().join("w.db"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_is_given_up_stops_its_key_or_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let builder = |name| Sender::open(folder.path().join(name));
    Box::pin(given_up(builder("on.db"), builder("stop.db"))).await;
}

#[tokio::test]
async fn what_waits_in_an_order_is_not_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let builder = |name| Sender::open(folder.path().join(name));
    let (by_key, whole) = (builder("key.db"), builder("whole.db"));
    Box::pin(counted(by_key, whole, builder("stop.db"))).await;
}

#[tokio::test]
async fn an_order_key_that_cannot_be_kept_is_refused() {
    let sender = Sender::testing().webhooks(bare()).start().await;
    let sender = sender.expect("a sender");
    for key in ["", "a\nb", &"x".repeat(257)] {
        let message = Outbound::new(payment_created(payment(1))).order_key(key);
        let error = sender.send("acct_1", message).await;
        assert!(
            matches!(error, Err(Error::Outbound(_))),
            "{key:?}: {error:?}"
        );
    }
}
