//! `pending`: what a million waiting deliveries cost, against a thousand: memory of a worker, and the time of a claim.

use std::time::{Duration, Instant};

use anyhow::Result;
use bench::machine;
use bench::table::{Table, median};
use sqlx::Pool;
use webhooks_store::{Claimer, Database, Due, Store, Verdict};

use crate::fill;
use crate::home::{Home, PostgresHome, SqliteHome};
use crate::sink::Sink;
use crate::subject::{sender, subscribe};
use crate::worker::Worker;

const SUBSCRIPTIONS: usize = 100;
const CLAIMS: usize = 30;
/// So long a worker delivers.
const WORK: Duration = Duration::from_secs(5);

/// What was measured with so many pending deliveries.
struct Cost {
    claim_ms: f64,
    before: f64,
    most: f64,
}

pub(crate) async fn run() -> Result<()> {
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        "1,000,000 pending deliveries against 1,000",
        &[
            "store",
            "a claim of 256, ms",
            "of 1,000",
            "peak memory of a worker, MiB",
            "more than with 1,000",
            "bar",
        ],
    );
    measure(&sqlite, &sink, &mut table).await?;
    measure(&postgres, &sink, &mut table).await?;
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, sink: &Sink, table: &mut Table) -> Result<()> {
    let few = cost(home, sink, 1_000).await?;
    let many = cost(home, sink, 1_000_000).await?;
    table.row([
        home.name().to_owned(),
        format!("{:.1} -> {:.1}", few.claim_ms, many.claim_ms),
        format!("{:.2}", many.claim_ms / few.claim_ms),
        format!(
            "{:.1} -> {:.1} (idle: {:.1})",
            few.most, many.most, many.before
        ),
        format!("{:.1}", many.most - few.most),
        "64".to_owned(),
    ]);
    Ok(())
}

async fn cost<H: Home>(home: &H, sink: &Sink, pending: usize) -> Result<Cost> {
    let pool = home.fresh().await?;
    let setting_up = sender(&pool, false).await?;
    for number in 0..SUBSCRIPTIONS {
        subscribe(&setting_up, sink.counted(number)).await?;
    }
    fill::pending(home, &pool, pending / SUBSCRIPTIONS).await?;
    home.settle(&pool).await?;
    machine::progress(&format!("pending: {} has {pending}", home.name()));
    let claim_ms = claim_ms(&pool).await?;
    setting_up.shut_down().await;
    let worker = Worker::start(&home.place())?;
    tokio::time::sleep(WORK).await;
    let (before, most) = worker.stop()?;
    pool.close().await;
    Ok(Cost {
        claim_ms,
        before,
        most,
    })
}

async fn claim_ms<D: Database>(pool: &Pool<D>) -> Result<f64> {
    let store = Store::on(pool.clone()).open().await?;
    let mut claimer = Claimer::new(&store, "delivery");
    let mut times = Vec::new();
    for _ in 0..CLAIMS {
        let start = Instant::now();
        let claimed = claimer.claim(256).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        let given_back = Verdict::Release(Due::Now);
        store
            .settle(
                claimed
                    .jobs
                    .iter()
                    .map(|job| job.outcome(given_back))
                    .collect(),
            )
            .await?;
    }
    Ok(median(&times))
}
