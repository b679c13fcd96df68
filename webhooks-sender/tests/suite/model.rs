//! The outbox against a model, in random order: transactions that commit or roll back, sends, failures, deliveries.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::Clock;
use webhooks_sender::entropy::{Entropy as _, SeededEntropy};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Sender, Subscription};

use crate::outbox::pool;
use crate::webhooks::{bare, payment, payment_created};

/// Steps of one run; the long version is for `cargo xtask test --long`.
fn steps() -> u32 {
    if std::env::var_os("WEBHOOKS_LONG").is_some() {
        10_000
    } else {
        600
    }
}

#[tokio::test]
async fn exactly_the_committed_is_delivered_whatever_the_order() {
    let seed = 42;
    println!("seed {seed}");
    let (chance, folder) = (
        SeededEntropy::new(seed),
        tempfile::tempdir().expect("a folder"),
    );
    let (pool, transport) = (pool(&folder).await, Arc::new(TestTransport::default()));
    let clock = Clock::fixed_at(Duration::from_hours(500_000));
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let schedule = RetrySchedule::new([Duration::from_secs(1); 1000]);
    let sender = sender
        .clock(clock.clone())
        .retries(schedule)
        .start()
        .await
        .expect("a sender");
    for target in ["https://a.example.com/", "https://b.example.com/"] {
        sender
            .operator()
            .subscribe(Subscription::new("acct_1", target).event("*"))
            .await
            .expect("a subscription");
    }
    let dice = |sides: u8| {
        let mut byte = [0];
        chance.fill(&mut byte).expect("bytes");
        byte[0] % sides
    };
    // The model: the ids that were committed, and how often each has succeeded.
    let mut expected: HashMap<String, u32> = HashMap::new();
    for step in 0..steps() {
        match dice(6) {
            0 => {
                let sent = sender
                    .send("acct_1", payment_created(payment(step.into())))
                    .await
                    .expect("sent");
                expected.insert(sent.id.to_string(), 0);
            }
            1 | 2 => {
                let mut tx = pool
                    .begin_with("BEGIN IMMEDIATE")
                    .await
                    .expect("a transaction");
                let mut ids = Vec::new();
                for _ in 0..dice(4) {
                    let message = payment_created(payment(step.into()));
                    ids.push(
                        sender
                            .send_in(&mut tx, "acct_1", message)
                            .await
                            .expect("sent")
                            .id
                            .to_string(),
                    );
                }
                if dice(2) == 0 {
                    tx.commit().await.expect("committed");
                    expected.extend(ids.into_iter().map(|id| (id, 0)));
                } else {
                    tx.rollback().await.expect("rolled back");
                }
            }
            3 => (0..dice(5)).for_each(|_| transport.answer(TestAnswer::status(500))),
            4 => clock.advance(Duration::from_millis(u64::from(dice(250)) * 10)),
            _ => _ = sender.deliver().await.expect("delivered"),
        }
    }
    // Whatever answers are left are failures, and then everything gets through.
    for _ in 0..1000 {
        clock.advance(Duration::from_secs(2));
        if sender.deliver().await.expect("delivered") == 0 {
            break;
        }
    }
    for request in transport.requests() {
        let id = request.header("webhook-id").expect("an id");
        *expected
            .get_mut(id)
            .unwrap_or_else(|| panic!("{id} was never committed")) += 1;
    }
    let missing: Vec<_> = expected.iter().filter(|(_, count)| **count < 2).collect();
    assert!(
        missing.is_empty(),
        "each goes to two subscriptions: {missing:?}"
    );
    let stats = sender.operator().queue_stats().await.expect("counts");
    assert_eq!((stats.ready, stats.scheduled, stats.sending), (0, 0, 0));
}
