//! Sending.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use webhooks_core::{Envelope, Webhooks};
use webhooks_sender::dialect::Dialect;
use webhooks_sender::{Secret, Sender, SubscriptionRequest};

use super::{Payment, payment_created};

fn show_once(secret: Option<&str>) {
    println!("{secret:?}");
}

async fn save_payment(tx: &mut sqlx::SqliteConnection, payment: &Payment) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO payment (amount) VALUES (?)")
        .bind(payment.amount)
        .execute(tx)
        .await?;
    Ok(())
}

async fn sent(payment: Payment) -> Result<(), Box<dyn std::error::Error>> {
    // README
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
    show_once(made.secret.as_ref().map(Secret::expose)); // `whsec_..`, which cannot be read again

    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?; // SQLite; on PostgreSQL: pool.begin()
    save_payment(&mut tx, &payment).await?;
    sender
        .send_in(&mut tx, "acct_1", payment_created(payment))
        .await?;
    tx.commit().await?; // rolled back: nothing was ever sent
    // end
    Ok(())
}
