//! Receiving: one's own events, and those of a provider.

use axum::Router;
use axum::extract::State;
use serde::Deserialize;
use sqlx::sqlite::SqlitePool;
use webhooks_receiver::{Provider, Received, Receiver, RecentMessages, SetupError, on};

use super::{Payment, payment_created};

#[derive(Deserialize)]
struct Charge {
    amount: i64,
}

// README
#[on(payment_created)] // another payload does not compile
async fn booked(payment: Received<Payment>) {
    println!("{:?}: {}", payment.id(), payment.data.amount);
}
// end

// README
#[on("charge.succeeded")]
async fn charged(charge: Charge, State(pool): State<SqlitePool>) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO charge (amount) VALUES (?)")
        .bind(charge.amount)
        .execute(&pool)
        .await?;
    Ok(())
}
// end

fn own(secret: &str) -> Result<[Receiver; 2], SetupError> {
    // README
    // The sender's default: the body is the payload, and a header names the event.
    let bare = Receiver::new(Provider::STANDARD_WEBHOOKS_BARE)
        .secret(secret)?
        .on(booked);
    // With `.envelope(Envelope::Standard)` on the sender's webhooks: the body names the event next to the payload.
    let enveloped = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(secret)?
        .on(booked);
    // end
    Ok([bare, enveloped])
}

fn stripe(new: &str, old: &str, pool: SqlitePool) -> Result<Router, SetupError> {
    // README
    let stripe = Receiver::new(Provider::STRIPE)
        .secret(new)?
        .secret(old)?
        .deduplicate(RecentMessages::new(10_000)) // a repeat is answered, and not handled once more
        .on(charged);
    let app = Router::new()
        .route("/hooks/stripe", stripe.into())
        .with_state(pool);
    // end
    Ok(app)
}
