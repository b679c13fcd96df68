//! The settings of a deployment.

use sqlx::PgPool;
use webhooks_core::Webhooks;
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::{Outbound, Sender};

use super::{Payment, payment_created};

async fn run(
    pool: PgPool,
    key: [u8; 32],
    payment: Payment,
) -> Result<(), Box<dyn std::error::Error>> {
    // README
    let webhooks = Webhooks::new()
        .with(payment_created)
        .with(operational_webhooks()) // customers' documents leave them out
        .build()?;
    let sender = Sender::new(pool)
        .webhooks(webhooks)
        .seal_with(SealingKey::new("2026-11", key)) // secrets and headers of subscriptions, encrypted at rest
        .operational_events_to("operator") // the owner who hears of failing customers; take a name that no customer can have
        .start() // in a process that only accepts: `.without_engine()` before it
        .await?;

    let message = Outbound::new(payment_created(payment)).idempotency_key("payment 17");
    sender.send("acct_1", message).await?; // once, however often a caller asks

    sender.shut_down().await; // nothing new; what is under way is finished and recorded, within 30 seconds
    // end
    Ok(())
}
