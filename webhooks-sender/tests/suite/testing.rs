//! The testing kit itself: what a user's test relies on.

use std::time::Duration;

use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Sender, Subscription};

use crate::webhooks::{Payment, bare, enveloped, payment, payment_created};

const ONE: &str = "https://one.example.com/";
const TWO: &str = "https://two.example.com/";

async fn sender() -> TestSender {
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    for target in [ONE, TWO] {
        let wanted = Subscription::new("acct_1", target).event("payment.*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    sender
}

#[tokio::test]
async fn a_target_answers_as_it_was_told_to_and_a_waiting_answer_comes_first() {
    let sender = sender().await;
    sender.answer_at(ONE, TestAnswer::status(500));
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(
        sender
            .pass(Duration::from_hours(80))
            .await
            .expect("time passes"),
        11
    );
    assert_eq!(
        (sender.requests_to(ONE).len(), sender.requests_to(TWO).len()),
        (10, 1)
    );
    let deliveries = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items;
    let mut states: Vec<_> = deliveries
        .into_iter()
        .map(|delivery| delivery.state)
        .collect();
    states.sort_unstable();
    assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Failed]);
    sender.take_requests();
    sender.answers([
        TestAnswer::failure(TransportError::Timeout),
        TestAnswer::status(503),
    ]);
    sender.answer_at(ONE, TestAnswer::status(204));
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    assert_eq!(
        sender
            .pass(Duration::from_mins(1))
            .await
            .expect("time passes"),
        4,
        "both had to try twice"
    );
}

#[tokio::test]
async fn time_passes_to_the_end_and_no_further() {
    let sender = sender().await;
    let start = sender.now();
    assert_eq!(
        sender
            .pass(Duration::from_mins(10))
            .await
            .expect("nothing is due"),
        0
    );
    assert_eq!(sender.now(), start + Duration::from_mins(10));
    sender.answer_at(ONE, TestAnswer::status(500));
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(
        sender
            .pass(Duration::from_secs(4))
            .await
            .expect("time passes"),
        2,
        "the retry is due in 5 s"
    );
    assert_eq!(
        sender
            .pass(Duration::from_secs(2))
            .await
            .expect("time passes"),
        1
    );
    assert_eq!(
        sender.now(),
        start + Duration::from_mins(10) + Duration::from_secs(6)
    );
}

#[tokio::test]
async fn a_schedule_of_no_waits_at_all_ends() {
    let schedule = RetrySchedule::new([Duration::ZERO; 5]);
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.retries(schedule));
    let sender = sender.start().await.expect("a sender");
    sender
        .operator()
        .subscribe(Subscription::new("acct_1", ONE).event("*"))
        .await
        .expect("a subscription");
    sender.answer_at(ONE, TestAnswer::status(500));
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(
        sender
            .pass(Duration::from_secs(1))
            .await
            .expect("time passes"),
        6
    );
}

#[tokio::test]
async fn the_payload_is_read_as_its_type_from_body_or_envelope() {
    for catalogue in [bare(), enveloped()] {
        let sender = Sender::testing()
            .webhooks(catalogue)
            .start()
            .await
            .expect("a sender");
        sender
            .operator()
            .subscribe(Subscription::new("acct_1", ONE).event("*"))
            .await
            .expect("a subscription");
        sender
            .send("acct_1", payment_created(payment(7)))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        let request = &sender.requests()[0];
        assert_eq!(
            (request.event(), request.data::<Payment>().id),
            (Some("payment.created"), 7)
        );
    }
}

#[tokio::test]
#[should_panic(expected = "was sent 1 times to https://one.example.com/, not 2; what was sent")]
async fn an_assertion_that_fails_says_what_was_sent() {
    let sender = sender().await;
    sender.assert_nothing_sent();
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    sender.assert_sent("payment.created", ONE, 2);
}
