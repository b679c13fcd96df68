//! The settings of a deployment.

use super::{Payment, payment_created};

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    // README
    use sqlx::PgPool;
    use webhooks_core::Webhooks;
    use webhooks_sender::notices::operational_webhooks;
    use webhooks_sender::subscription::SealingKey;
    use webhooks_sender::{Outbound, Sender};

    let pool = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let key: [u8; 32] = std::fs::read("/run/secrets/webhooks-key")?[..].try_into()?;
    let webhooks = Webhooks::new()
        .with(payment_created)
        .with(operational_webhooks()) // customers' documents leave them out
        .build()?;
    let sender = Sender::new(pool.clone())
        .webhooks(webhooks)
        .seal_with(SealingKey::new("2026-11", key)) // secrets and headers of subscriptions, encrypted at rest
        .operational_events_to("operator") // the owner who hears of failing customers; take a name that no customer can have
        .start() // in a process that only accepts: `.without_engine()` before it
        .await?;

    let message = payment_created(Payment { amount: 10.0 });
    let message = Outbound::new(message).idempotency_key("payment 17");
    sender.send("acct_1", message).await?; // once, however often a caller asks

    sender.shut_down().await; // nothing new; what is under way is finished and recorded, within 30 seconds
    pool.close().await; // the pool is yours: behind the sender, which records through it
    // end
    Ok(())
}
