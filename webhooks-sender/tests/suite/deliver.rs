//! From a send to a signed request over loopback, with the running engine.

use std::time::{Duration, SystemTime};

use webhooks_sender::dialect::Scheme;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::{Sender, Subscription};
use webhooks_signature::{Request, Verifier as _};

use crate::sink::{Sink, loopback};
use crate::webhooks::{bare, payment, payment_created};

#[tokio::test]
async fn a_message_arrives_signed_and_is_recorded() {
    let (sink, folder) = (Sink::default(), tempfile::tempdir().expect("a folder"));
    let target = sink.serve().await;
    let sender = Sender::open(folder.path().join("w.db"))
        .webhooks(bare())
        .targets(loopback());
    let sender = sender.start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", &target).event("payment.*");
    let secret = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription")
        .secret
        .expect("a secret");

    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let received = sink.wait_for(1).await;
    sender.shut_down().await;

    let (_, headers, body) = &received[0];
    assert_eq!(&body[..], br#"{"id":1,"amount":1001}"#);
    assert_eq!(headers["webhook-event"], "payment.created");
    assert_eq!(headers["webhook-id"], sent.id.as_str());
    let pairs: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let verifier = Scheme::STANDARD_WEBHOOKS
        .verifier([&secret])
        .expect("a verifier");
    verifier
        .verify(&Request::new(&pairs, body), SystemTime::now())
        .expect("the signature is right");

    let deliveries = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(
        deliveries[0].state,
        DeliveryState::Delivered,
        "{:?}",
        sender.operator().attempts(&deliveries[0].id).await
    );
    let attempts = sender
        .operator()
        .attempts(&deliveries[0].id)
        .await
        .expect("attempts");
    assert_eq!((attempts.len(), attempts[0].status), (1, Some(204)));
}

#[tokio::test]
async fn a_failure_is_retried_by_the_running_engine_under_the_same_id() {
    let (sink, folder) = (Sink::default(), tempfile::tempdir().expect("a folder"));
    let target = sink.serve().await;
    sink.answer(500);
    sink.answer(503);
    let sender = Sender::open(folder.path().join("w.db"))
        .webhooks(bare())
        .targets(loopback());
    let waits = [Duration::from_millis(20), Duration::from_millis(40)];
    let sender = sender
        .retries(RetrySchedule::new(waits))
        .start()
        .await
        .expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", &target).event("*"))
        .await
        .expect("a subscription");

    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let received = sink.wait_for(3).await;
    sender.shut_down().await;
    for (_, headers, _) in &received {
        assert_eq!(headers["webhook-id"], sent.id.as_str());
    }
}
