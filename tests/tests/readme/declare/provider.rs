//! Receiving a provider's events.

// README
use axum::Router;
use axum::extract::State;
use serde::Deserialize;
use sqlx::SqlitePool;
use webhooks_receiver::{Provider, Receiver, RecentMessages, SetupError, on};

#[derive(Deserialize)]
struct Charge {
    amount: i64,
}

#[on("charge.succeeded")]
async fn charged(charge: Charge, State(pool): State<SqlitePool>) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO charge (amount) VALUES (?)")
        .bind(charge.amount)
        .execute(&pool)
        .await?;
    Ok(())
}

fn stripe(new: &str, old: &str, pool: SqlitePool) -> Result<Router, SetupError> {
    let stripe = Receiver::new(Provider::STRIPE)
        .secret(new)?
        .secret(old)?
        .deduplicate(RecentMessages::new(10_000)) // a repeat is answered, and not handled once more
        .on(charged);
    Ok(Router::new()
        .route("/hooks/stripe", stripe.into())
        .with_state(pool))
}
// end
