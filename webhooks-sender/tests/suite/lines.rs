//! Log lines: whose delivery it is, what became of it, and nothing of the payload.

use std::time::Duration;

use webhooks_sender::dialect::Dialect;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Outbound, Sender, Subscription};
use webhooks_signature::Scheme;

use crate::log::{Line, Log};
use crate::webhooks::{bare, payment, payment_created};

const TARGET: &str = "https://one.example.com/hooks/token-in-path?key=token-in-query";

async fn sender() -> TestSender {
    let sender = Sender::testing().webhooks(bare());
    let schedule = RetrySchedule::new([Duration::from_secs(5)]);
    let sender = sender
        .set(|builder| builder.retries(schedule))
        .start()
        .await
        .expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET).event("payment.*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    sender
}

/// Level, target and the fields that all lines about an attempt have.
fn shown(line: &Line) -> [&str; 6] {
    [
        line.level.as_str(),
        line.target.as_str(),
        line.field("outcome"),
        line.field("reason"),
        line.field("status"),
        line.field("attempt"),
    ]
}

#[tokio::test]
async fn each_attempt_is_one_line_at_a_level_that_says_what_became_of_it() {
    let sender = sender().await;
    let log = Log::start();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let message = Outbound::new(payment_created(payment(1))).traceparent(trace);
    let sent = sender.send("acct_1", message).await.expect("sent");
    sender.answers([
        TestAnswer::failure(TransportError::Timeout),
        TestAnswer::status(503),
    ]);
    sender
        .pass(Duration::from_mins(1))
        .await
        .expect("time passes");
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");

    let lines = log.take();
    let target = "webhooks_sender::attempt";
    let found: Vec<_> = lines.iter().map(shown).collect();
    assert_eq!(
        found,
        [
            ["INFO", target, "retried", "timeout", "", "1"],
            ["WARN", target, "failed", "5xx", "503", "2"],
            ["DEBUG", target, "delivered", "2xx", "204", "1"],
        ]
    );
    for line in &lines {
        assert_eq!(
            (line.field("owner"), line.field("event")),
            ("acct_1", "payment.created")
        );
        assert!(line.field("subscription").starts_with("sub_"), "{line:?}");
        assert_eq!(line.field("origin"), "https://one.example.com");
        assert!(line.fields.contains_key("duration_ms"), "{line:?}");
        assert!(!format!("{line:?}").contains("token-in"), "{line:?}");
    }
    assert_eq!(lines[0].field("message_id"), sent.id.as_str());
    assert_eq!(
        lines[0].field("trace_id"),
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
    assert_eq!(
        lines[0].field("message"),
        "an attempt failed and will be repeated"
    );
}

#[tokio::test]
async fn a_delivery_that_this_process_cannot_send_is_a_line_that_names_its_owner() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let acme =
        Dialect::signed("acme", Scheme::hmac_sha256("x-acme-signature")).event_header("x-event");
    let newer = Sender::new(pool.clone())
        .webhooks(bare())
        .dialect(Dialect::standard_webhooks())
        .dialect(acme);
    let newer = newer.testing().start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .dialect("acme");
    newer
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    newer
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");

    let older = Sender::new(pool)
        .webhooks(bare())
        .testing()
        .start()
        .await
        .expect("a sender");
    let log = Log::start();
    older.deliver().await.expect("nothing is sent");
    let lines = log.take();
    let [line] = &lines[..] else {
        panic!("{lines:?}")
    };
    assert_eq!(
        shown(line),
        [
            "ERROR",
            "webhooks_sender::delivery",
            "put off",
            "recipient",
            "",
            ""
        ]
    );
    assert_eq!(
        (line.field("owner"), line.field("event")),
        ("acct_1", "payment.created")
    );
    assert!(line.field("error").contains("acme"), "{line:?}");
}

#[tokio::test]
async fn a_subscription_that_is_switched_off_is_a_line_with_its_owner_and_reason() {
    let sender = sender().await;
    let log = Log::start();
    sender.answer(TestAnswer::status(410));
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let lines = log.take();
    let [attempt, switched_off] = &lines[..] else {
        panic!("{lines:?}")
    };
    assert_eq!(
        (attempt.field("outcome"), attempt.field("reason")),
        ("failed", "410")
    );
    assert_eq!(switched_off.target, "webhooks_sender::subscription");
    assert_eq!(
        (switched_off.field("owner"), switched_off.field("reason")),
        ("acct_1", "gone")
    );
}
