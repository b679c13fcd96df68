//! One process takes payments, others deliver: PostgreSQL is all there is between them.
//!
//! ```text
//! export DATABASE_URL=postgres://localhost/payments
//! cargo run -p payments-workers -- subscribe http://127.0.0.1:8001/hooks    # prints a secret
//! SECRET=whsec_... cargo run -p payments-workers -- receive 8001            # the other party, in a second terminal
//! cargo run -p payments-workers -- work      # in a third; in as many, on as many machines, as you like
//! cargo run -p payments-workers -- pay 10    # the receiver prints what arrives, and from which worker
//! ```

mod receiver;

use std::error::Error;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use webhooks_core::{Envelope, Webhooks, whpost};
use webhooks_sender::dialect::Dialect;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Postgres, Sender, SenderBuilder, Subscription};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Payment {
    amount: u32,
}

/// Sent as soon as a payment is in the books.
#[whpost("payment.created")]
async fn payment_created(data: Payment);

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["subscribe", target] => subscribe(target).await,
        ["receive", port] => receiver::receive(port.parse()?).await,
        ["work"] => work().await,
        ["pay", amount] => pay(amount.parse()?).await,
        _ => Err("say `subscribe URL`, `receive PORT`, `work`, or `pay AMOUNT`".into()),
    }
}

async fn database() -> Result<PgPool> {
    let url = std::env::var("DATABASE_URL")
        .map_err(|_| "set DATABASE_URL to the URL of a PostgreSQL database")?;
    Ok(PgPool::connect(&url).await?)
}

/// What all processes say of the sender. A real application leaves out `targets`: the public internet.
fn sender(pool: PgPool) -> Result<SenderBuilder<Postgres>> {
    let webhooks = Webhooks::new()
        .with(payment_created)
        .envelope(Envelope::Standard)
        .build()?;
    Ok(Sender::new(pool)
        .webhooks(webhooks)
        .targets(TargetPolicy::development()))
}

async fn subscribe(target: &str) -> Result<()> {
    let sender = sender(database().await?)?.without_engine().start().await?;
    let subscribed = sender
        .operator()
        .subscribe(Subscription::new("acct_1", target).event("payment.*"))
        .await?;
    let secret = subscribed.secret.ok_or("Standard Webhooks signs")?;
    println!("{} wants payment.* at {target}", subscribed.id);
    println!("its secret, shown only now: {}", secret.expose());
    sender.shut_down().await;
    Ok(())
}

/// This process delivers. Any number of them share the work without knowing of one another.
async fn work() -> Result<()> {
    let name = format!("worker-{}", std::process::id());
    let dialect = Dialect::standard_webhooks().user_agent(&name);
    let sender = sender(database().await?)?.dialect(dialect).start().await?;
    println!("{name} delivers until it receives a signal");
    example_server::told_to_stop().await;
    sender.shut_down().await;
    println!("{name} has recorded what was under way, and stops");
    Ok(())
}

/// This process takes payments, and leaves delivering to the others.
async fn pay(amount: u32) -> Result<()> {
    let pool = database().await?;
    // One statement after the other by the lock: two concurrent first payments would both make the table.
    let table = "SELECT pg_advisory_xact_lock(1); CREATE TABLE IF NOT EXISTS payment (amount bigint NOT NULL)";
    sqlx::raw_sql(table).execute(&pool).await?;
    let sender = sender(pool.clone())?.without_engine().start().await?;
    let mut tx = pool.begin().await?;
    sqlx::query("INSERT INTO payment VALUES ($1)")
        .bind(i64::from(amount))
        .execute(&mut *tx)
        .await?;
    let sent = sender
        .send_in(&mut tx, "acct_1", payment_created(Payment { amount }))
        .await?;
    tx.commit().await?;
    println!("paid {amount}: {} will be delivered", sent.id);
    sender.shut_down().await;
    Ok(())
}
