//! `broadcast`: how long an application's transaction takes when it sends to 100,000 subscriptions, against one.

use std::time::Instant;

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::percentile;
use bench::table::Table;
use webhooks_sender::{Owner, Sender};

use crate::fill;
use crate::subject::{EVENT, OWNER, message, sender};

const SUBSCRIPTIONS: usize = 100_000;
const EACH: usize = 200;

pub(crate) async fn run() -> Result<()> {
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let mut table = Table::new(
        &format!(
            "An application's transaction with one send: {EACH} of each in turn, the engine elsewhere"
        ),
        &[
            "store",
            "to one subscription: p50 / p99, ms",
            "to 100,000: p50 / p99, ms",
            "p50, of one",
        ],
    );
    measure(&sqlite, &mut table).await?;
    measure(&postgres, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, table: &mut Table) -> Result<()> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, false).await?;
    fill::subscriptions(home, &pool, SUBSCRIPTIONS, EVENT).await?;
    home.script(
        &pool,
        "CREATE TABLE payments (id bigint, amount bigint)".to_owned(),
    )
    .await?;
    home.settle(&pool).await?;
    machine::progress(&format!(
        "broadcast: {} has {SUBSCRIPTIONS} subscriptions",
        home.name()
    ));
    let (mut one, mut all) = (Vec::new(), Vec::new());
    for _ in 0..EACH {
        one.push(transaction_ms(home, &pool, &sender, OWNER.into()).await?);
        all.push(transaction_ms(home, &pool, &sender, Owner::everyone()).await?);
    }
    sender.shut_down().await;
    pool.close().await;
    let cell = |values: &[f64]| {
        format!(
            "{:.2} / {:.2}",
            percentile(values, 0.5),
            percentile(values, 0.99)
        )
    };
    let ratio = percentile(&all, 0.5) / percentile(&one, 0.5);
    table.row([
        home.name().to_owned(),
        cell(&one),
        cell(&all),
        format!("{ratio:.2}"),
    ]);
    Ok(())
}

async fn transaction_ms<H: Home>(
    home: &H,
    pool: &sqlx::Pool<H::Database>,
    sender: &Sender<H::Database>,
    owner: Owner,
) -> Result<f64> {
    let message = message();
    let start = Instant::now();
    let mut transaction = pool.begin_with(home.begin()).await?;
    home.pay(&mut transaction).await?;
    sender.send_in(&mut transaction, owner, message).await?;
    transaction.commit().await?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
