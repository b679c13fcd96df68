//! A test of an application that sends.

use std::time::Duration;

use sqlx::{Sqlite, SqlitePool};
use webhooks_core::{Catalogue, Webhooks};
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Sender, SubscriptionRequest};

use super::{Payment, payment_created};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

struct App {
    pool: SqlitePool,
    sender: Sender<Sqlite>,
}

impl App {
    async fn pay(&self, amount: f64) -> Result<()> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO payment (amount) VALUES (?)")
            .bind(amount)
            .execute(&mut *tx)
            .await?;
        self.sender
            .send_in(&mut tx, "acct_1", payment_created(Payment { amount }))
            .await?;
        Ok(tx.commit().await?)
    }
}

async fn create_tables(pool: &SqlitePool) -> Result<()> {
    sqlx::query("CREATE TABLE payment (amount REAL)")
        .execute(pool)
        .await?;
    Ok(())
}

fn webhooks() -> Result<Catalogue> {
    Ok(Webhooks::new().with(payment_created).build()?)
}

// README
#[tokio::test]
async fn each_payment_is_reported_in_its_turn() -> Result<()> {
    let pool = SqlitePool::connect("sqlite::memory:").await?; // or a file; on PostgreSQL a database or a schema
    create_tables(&pool).await?;
    let sender = Sender::new(pool.clone()).webhooks(webhooks()?);
    let sender = sender.testing().start().await?;
    let request = SubscriptionRequest::new("https://example.com/hook").event("payment.*");
    sender.of("acct_1").subscribe(request).await?;
    let app = App {
        pool,
        sender: sender.sender(),
    };

    app.pay(10.0).await?; // in a transaction of its own, with `send_in`
    app.pay(20.0).await?;
    sender.answer(TestAnswer::status(503)); // to the first request
    sender.pass(Duration::from_secs(10)).await?; // ten seconds, with everything that falls due in them

    let requests = sender.requests();
    let amounts = requests.iter().map(|it| it.data::<Payment>().amount);
    assert_eq!(amounts.collect::<Vec<_>>(), [10.0, 20.0, 10.0]);
    Ok(())
}
// end
