//! Bodies, texts and times at the ends of their ranges.

use std::time::{Duration, UNIX_EPOCH};

use webhooks_sender::{Error, Outbound, Sender};

use crate::payloads::sender;
use crate::webhooks::{bare, enveloped, payment, payment_created};

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_with_its_envelope_counted() {
    for (catalogue, found) in [(bare(), 22), (enveloped(), 95)] {
        let start = async |limit| {
            let sender = Sender::testing()
                .webhooks(catalogue.clone())
                .set(|builder| builder.body_limit(limit));
            sender.start().await.expect("a sender")
        };
        let refused = start(found - 1)
            .await
            .send("acct_1", payment_created(payment(1)))
            .await;
        assert!(
            matches!(refused, Err(Error::TooLarge { found: size, limit }) if size == found && limit == found - 1),
            "{refused:?}"
        );
        start(found)
            .await
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("exactly the limit");
    }
}

#[tokio::test]
async fn what_no_database_can_keep_is_refused_before_it_gets_there() {
    let sender = sender().await;
    let outbound = || Outbound::new(payment_created(payment(1)));
    let large = "a".repeat(5000);
    for bad in [
        outbound().idempotency_key(""),
        outbound().idempotency_key("a\0b"),
        outbound().idempotency_key("a".repeat(257)),
        outbound().label("a", large.as_str()),
    ] {
        let error = sender.send("acct_1", bad).await.expect_err("it is refused");
        assert!(
            matches!(error, Error::Outbound(_)) && error.is_input(),
            "{error}"
        );
    }
    sender
        .send("acct_1", outbound().label("a\0", "\0"))
        .await
        .expect("JSON can write it");
    for owner in ["", "a\0b", &"a".repeat(257)] {
        assert!(
            matches!(sender.send(owner, outbound()).await, Err(Error::Owner)),
            "{owner:?}"
        );
    }
}

#[tokio::test]
async fn times_that_nobody_lives_to_see_do_no_harm() {
    let sender = sender().await;
    let far = sender.now() + Duration::from_hours(24 * 365 * 1000);
    let patient = Outbound::new(payment_created(payment(1))).expires_after(Duration::MAX);
    sender.send("acct_1", patient).await.expect("sent");
    sender
        .send(
            "acct_1",
            Outbound::new(payment_created(payment(2))).send_at(far),
        )
        .await
        .expect("sent");
    sender
        .send(
            "acct_1",
            Outbound::new(payment_created(payment(3))).send_at(UNIX_EPOCH),
        )
        .await
        .expect("sent");
    assert_eq!(
        sender.deliver().await.expect("delivered"),
        2,
        "for ever, and what is long due"
    );
    let id = sender
        .operator()
        .subscriptions(None, 1)
        .await
        .expect("a page")
        .items
        .remove(0)
        .id;
    sender
        .operator()
        .rotate(&id, Duration::MAX)
        .await
        .expect("rotated");
}
