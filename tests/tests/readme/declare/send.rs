//! Sending.

use super::{Payment, payment_created};

async fn sent() -> Result<(), Box<dyn std::error::Error>> {
    // README
    use std::time::Duration;

    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
    use webhooks_core::{Envelope, Webhooks};
    use webhooks_sender::dialect::Dialect;
    use webhooks_sender::{Secret, Sender, SubscriptionRequest};

    let options = SqliteConnectOptions::new()
        .filename("shop.db")
        .create_if_missing(true);
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePool::connect_with(options.busy_timeout(Duration::from_secs(10))).await?; // the app's own

    let signed = Dialect::standard_webhooks().security(Envelope::Bare);
    let webhooks = Webhooks::new().collected().signed(signed).build()?; // give it to `OpenApi` as well
    let sender = Sender::new(pool.clone())
        .webhooks(webhooks.clone())
        .start()
        .await?;
    let request = SubscriptionRequest::new("https://example.com/hook").event("payment.*");
    let made = sender.of("acct_1").subscribe(request).await?; // reaches what is theirs, and nothing else
    println!("{:?}", made.secret.as_ref().map(Secret::expose)); // `whsec_..`: show it, it cannot be read again

    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?; // SQLite; on PostgreSQL: pool.begin()
    sqlx::query("CREATE TABLE IF NOT EXISTS payment (amount REAL)") // what your application writes
        .execute(&mut *tx)
        .await?;
    let message = payment_created(Payment { amount: 10.0 });
    sender.send_in(&mut tx, "acct_1", message).await?;
    tx.commit().await?; // rolled back: nothing was ever sent
    // end
    Ok(())
}
