//! A test of an application that sends.

use super::{Payment, payment_created};

// README
use std::time::Duration;

use sqlx::SqlitePool;
use webhooks_core::Webhooks;
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Sender, SubscriptionRequest};

#[tokio::test]
async fn each_payment_is_reported_in_its_turn() -> Result<(), Box<dyn std::error::Error>> {
    let pool = SqlitePool::connect("sqlite::memory:").await?; // or a file; on PostgreSQL a database or a schema
    let webhooks = Webhooks::new().with(payment_created).build()?;
    let sender = Sender::new(pool.clone()).webhooks(webhooks);
    let sender = sender.testing().start().await?;
    let request = SubscriptionRequest::new("https://example.com/hook").event("payment.*");
    sender.of("acct_1").subscribe(request).await?;

    for amount in [10.0, 20.0] {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?; // your own code, with `sender.sender()`
        let message = payment_created(Payment { amount });
        sender.send_in(&mut tx, "acct_1", message).await?;
        tx.commit().await?;
    }
    sender.answer(TestAnswer::status(503)); // to the first request
    sender.pass(Duration::from_secs(10)).await?; // ten seconds, with everything that falls due in them

    let requests = sender.requests();
    let amounts = requests.iter().map(|it| it.data::<Payment>().amount);
    assert_eq!(amounts.collect::<Vec<_>>(), [10.0, 20.0, 10.0]);
    Ok(())
}
// end
