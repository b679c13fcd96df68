//! `subscriptions`: finding an owner's subscriptions to an event among a million, against a thousand.
//!
//! The owner has one subscription, to other events, so that the lookup is all that a send does.

use std::time::Instant;

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::percentile;
use bench::table::Table;

use crate::fill;
use crate::subject::{message, sender};

const LOOKUPS: usize = 3_000;

pub(crate) async fn run() -> Result<()> {
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let mut table = Table::new(
        &format!(
            "The lookup of a send among 1,000,000 subscriptions against 1,000: {LOOKUPS} owners in turn"
        ),
        &[
            "store",
            "1,000: p50 / p99, µs",
            "1,000,000: p50 / p99, µs",
            "p50, of 1,000",
        ],
    );
    measure(&sqlite, &mut table).await?;
    measure(&postgres, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, table: &mut Table) -> Result<()> {
    let few = lookups_us(home, 1_000).await?;
    let many = lookups_us(home, 1_000_000).await?;
    let cell = |values: &[f64]| {
        format!(
            "{:.0} / {:.0}",
            percentile(values, 0.5),
            percentile(values, 0.99)
        )
    };
    let ratio = percentile(&many, 0.5) / percentile(&few, 0.5);
    table.row([
        home.name().to_owned(),
        cell(&few),
        cell(&many),
        format!("{ratio:.2}"),
    ]);
    Ok(())
}

async fn lookups_us<H: Home>(home: &H, subscriptions: usize) -> Result<Vec<f64>> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, false).await?;
    fill::subscriptions(home, &pool, subscriptions, "order.*").await?;
    home.settle(&pool).await?;
    machine::progress(&format!(
        "subscriptions: {} has {subscriptions}",
        home.name()
    ));
    let mut connection = pool.acquire().await?;
    let mut times = Vec::new();
    for number in 0..LOOKUPS {
        // A step that meets the owners in no order.
        let owner = format!("acct_{}", 1 + number * 7_919 % subscriptions);
        let message = message();
        let start = Instant::now();
        sender.send_in(&mut connection, owner, message).await?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    drop(connection);
    sender.shut_down().await;
    pool.close().await;
    Ok(times)
}
