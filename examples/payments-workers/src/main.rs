//! One process takes payments, others deliver: PostgreSQL is all there is between them.
//!
//! ```text
//! export DATABASE_URL=postgres://localhost/payments
//! cargo run -p payments-workers -- subscribe https://example.com/hook
//! cargo run -p payments-workers -- work          # in as many terminals, on as many machines, as you like
//! cargo run -p payments-workers -- pay 10
//! ```

use std::error::Error;

use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgPool;
use webhooks_core::{Webhooks, whpost};
use webhooks_sender::{Sender, Subscription};

#[derive(Serialize, JsonSchema)]
struct Payment {
    amount: u32,
}

/// Sent as soon as a payment is in the books.
#[whpost("payment.created")]
async fn payment_created(data: Payment);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (command, argument) = (arguments.next().unwrap_or_default(), arguments.next());
    let url =
        std::env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL to the URL of a PostgreSQL database")?;
    let pool = PgPool::connect(&url).await?;
    let sender = Sender::new(pool.clone()).webhooks(Webhooks::new().with(payment_created).build()?);
    match (command.as_str(), argument) {
        ("work", None) => {
            // This process delivers. Any number of them share the work without knowing of one another.
            let sender = sender.start().await?;
            println!("delivering until Ctrl-C");
            tokio::signal::ctrl_c().await?;
            sender.shut_down().await;
        }
        ("subscribe", Some(target)) => {
            let sender = sender.without_engine().start().await?;
            let subscribed = sender.subscribe(Subscription::new("acct_1", target).event("payment.*")).await?;
            let secret = subscribed.secret.ok_or("Standard Webhooks signs")?;
            println!("{} with the secret {}", subscribed.id, secret.expose());
        }
        ("pay", Some(amount)) => {
            // This process takes payments and leaves delivering to the others.
            let sender = sender.without_engine().start().await?;
            let mut tx = pool.begin().await?;
            sqlx::raw_sql("CREATE TABLE IF NOT EXISTS payment (amount bigint NOT NULL)")
                .execute(&mut *tx)
                .await?;
            let amount: u32 = amount.parse()?;
            sqlx::query("INSERT INTO payment VALUES ($1)").bind(i64::from(amount)).execute(&mut *tx).await?;
            let sent = sender.send_in(&mut tx, "acct_1", payment_created(Payment { amount })).await?;
            tx.commit().await?;
            sender.shut_down().await;
            println!("{}", sent.id);
        }
        _ => return Err("say `subscribe URL`, `work`, or `pay AMOUNT`".into()),
    }
    Ok(())
}
