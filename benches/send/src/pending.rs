//! `pending`: what a million waiting deliveries cost, against a thousand: memory of a worker, and the time of a read.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::sink::Sink;
use bench::table::{Table, median};
use sqlx::Pool;
use webhooks_store::lanes::{Answer, Ask, LaneSettings, Ownership, Place, Places, Polling, Refill};
use webhooks_store::{Database, Slot, Store, Worker};

use crate::fill;
use crate::subject::{sender, subscribe};
use crate::worker::Worker as WorkerProcess;

const SUBSCRIPTIONS: usize = 100;
const READS: usize = 30;
/// So long a worker delivers.
const WORK: Duration = Duration::from_secs(5);

/// What was measured with so many pending deliveries.
struct Cost {
    read_ms: f64,
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
            "a read of 256, ms",
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
        format!("{:.1} -> {:.1}", few.read_ms, many.read_ms),
        format!("{:.2}", many.read_ms / few.read_ms),
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
    let read_ms = read_ms(&pool).await?;
    setting_up.shut_down().await;
    let worker = WorkerProcess::start(&home.place())?;
    tokio::time::sleep(WORK).await;
    let (before, most) = worker.stop()?;
    pool.close().await;
    Ok(Cost {
        read_ms,
        before,
        most,
    })
}

/// The time of a read of 256 due deliveries over all lanes, each of which is read where it was before.
async fn read_ms<D: Database>(pool: &Pool<D>) -> Result<f64> {
    let store = Store::on(pool.clone()).open().await?;
    let settings = LaneSettings {
        ownership: Ownership::Sole,
        polling: Polling {
            shortest: Duration::ZERO,
            longest: Duration::ZERO,
            between: Duration::ZERO,
        },
        places: Places {
            all: 256,
            per_owner: 256,
            reserve: 0,
        },
        widest: 256,
        in_hand: 256,
        unrecorded: 256,
        page: 256,
    };
    let mut worker = Worker::new(&store, "delivery", &settings);
    let (slots, after) = (Slot::all().collect(), None);
    let Answer::Sweep { lanes, .. } = worker.execute(&Ask::Sweep { slots, after }).await? else {
        bail!("a sweep is answered with lanes");
    };
    let room = u32::try_from(256_usize.div_ceil(lanes.len().max(1)))?;
    let refills: Vec<_> = lanes
        .into_iter()
        .map(|(lane, _)| Refill {
            lane,
            from: Place::FIRST,
            room,
        })
        .collect();
    let ask = Ask::Refill(refills);
    let mut times = Vec::new();
    for _ in 0..READS {
        let start = Instant::now();
        worker.execute(&ask).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(&times))
}
