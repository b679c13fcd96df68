//! Numbered subscriptions: from 1, without gaps, and a delivery keeps its number whatever happens to it.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestRequest, TestTransport};
use webhooks_sender::{Sender, SenderBuilder, Subscription};

use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://example.com/hook";
const OTHER: &str = "https://example.com/other";

async fn start<D: Database>(
    builder: SenderBuilder<D>,
    transport: &Arc<TestTransport>,
) -> Sender<D> {
    let schedule = RetrySchedule::new(vec![Duration::from_millis(20); 2]).jitter(0.0);
    let builder = builder.webhooks(bare()).transport(Arc::clone(transport));
    let sender = builder.retries(schedule).start().await;
    sender.expect("a sender")
}

async fn send<D: Database>(sender: &Sender<D>, numbers: std::ops::Range<u64>) {
    let messages = numbers.map(|number| payment_created(payment(number)));
    sender.send_many("acct_1", messages).await.expect("sent");
}

async fn until(transport: &TestTransport, target: &str, count: usize) -> Vec<TestRequest> {
    let to_target = || {
        let mut requests = transport.requests();
        requests.retain(|request| request.target == target);
        requests
    };
    let all = async {
        while to_target().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), all).await;
    waited.unwrap_or_else(|_| panic!("{} of {count} requests", to_target().len()));
    to_target()
}

fn number(request: &TestRequest) -> u64 {
    let header = request.header("webhook-sequence").expect("a number");
    header.parse().expect("digits")
}

fn numbers(requests: &[TestRequest]) -> Vec<u64> {
    requests.iter().map(number).collect()
}

pub(crate) async fn numbered<D: Database>(process: impl Fn() -> SenderBuilder<D>) {
    let transport = Arc::new(TestTransport::default());
    let sender = start(process(), &transport).await;
    let operator = sender.operator();
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let wanted = wanted.sequence_numbers().first_in_first_out();
    let id = operator.subscribe(wanted).await.expect("a subscription").id;
    // A retry keeps the number, and so does what is given up: that one is missing at the receiver.
    for _ in 0..4 {
        transport.answer(TestAnswer::status(500));
    }
    send(&sender, 0..5).await;
    let requests = until(&transport, TARGET, 8).await;
    assert_eq!(numbers(&requests), [1, 1, 1, 2, 2, 3, 4, 5]);
    // Sent again by hand, under its number.
    let filter = DeliveryFilter::new().subscription(id.clone());
    let failed = async {
        loop {
            let page = operator.deliveries(&filter, 100).await.expect("a page");
            let mut failed = page.items.into_iter();
            if let Some(failed) = failed.find(|delivery| delivery.state == DeliveryState::Failed) {
                return failed.id;
            }
        }
    };
    let failed = tokio::time::timeout(Duration::from_secs(20), failed).await;
    operator
        .retry(&failed.expect("it is given up"))
        .await
        .expect("again");
    let requests = until(&transport, TARGET, 9).await;
    assert_eq!(number(&requests[8]), 1);
    sender.shut_down().await;
    // Another process goes on where this one stopped.
    let sender = start(process(), &transport).await;
    let plain = Subscription::new("acct_1", OTHER).event("*");
    sender
        .operator()
        .subscribe(plain)
        .await
        .expect("a subscription");
    send(&sender, 5..40).await;
    let requests = until(&transport, TARGET, 44).await;
    let expected: Vec<u64> = (6..41).collect();
    assert_eq!(numbers(&requests[9..]), expected);
    let others = until(&transport, OTHER, 35).await;
    let is_plain = |request: &TestRequest| request.header("webhook-sequence").is_none();
    assert!(others.iter().all(is_plain), "no other asked for them");
    sender.operator().unsubscribe(&id).await.expect("removed");
    sender.shut_down().await;
}

/// Without an order, many at a time: each number once.
pub(crate) async fn concurrent<D: Database>(builder: SenderBuilder<D>) {
    let transport = Arc::new(TestTransport::default());
    let sender = start(builder, &transport).await;
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .sequence_numbers();
    let subscribed = sender.operator().subscribe(wanted).await;
    subscribed.expect("a subscription");
    for round in 0..10 {
        send(&sender, round * 100..round * 100 + 100).await;
    }
    let requests = until(&transport, TARGET, 1000).await;
    let mut numbers = numbers(&requests);
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=1000).collect::<Vec<u64>>());
    sender.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_keeps_its_number_and_no_number_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("w.db");
    numbered(|| Sender::open(path.clone())).await;
    concurrent(Sender::open(folder.path().join("many.db"))).await;
}
