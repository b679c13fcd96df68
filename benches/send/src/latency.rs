//! `latency`: from a commit to the request, at a steady rate.
//!
//! The time is taken twice: from the call, which includes the commit, and from its return, which is when the message
//! exists. Messages are sent at their times whatever became of the ones before.

use anyhow::Result;
use bench::home::{Home, PostgresHome, SqliteHome};
use bench::machine;
use bench::meter::percentile;
use bench::sink::Sink;
use bench::steady::{self, SentAt, delays};
use bench::table::Table;
use webhooks_sender::Sender;

use crate::subject::{OWNER, message, sender, subscribe};

const SECONDS: u32 = 10;
const RATES: [u32; 2] = [50, 200];

pub(crate) async fn run() -> Result<()> {
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let sink = Sink::start()?;
    let mut table = Table::new(
        &format!("From a commit to its request: {SECONDS} s each, milliseconds, p50 / p99"),
        &[
            "store, rate",
            "how",
            "from the return",
            "from the call",
            "bar at 50/s",
            "Svix at that rate",
        ],
    );
    for rate in RATES {
        measure(&sqlite, &sink, rate, &mut table).await?;
        measure(&postgres, &sink, rate, &mut table).await?;
    }
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, sink: &Sink, rate: u32, table: &mut Table) -> Result<()> {
    let bars = if rate == 50 {
        ["6.8 / 18.7", "6.8 / 18.7"]
    } else {
        ["", "7.9 / 55"]
    };
    let ways = [
        (Way::Send, "`send`"),
        (Way::Queued, "`Sender::begin`, `send_in`, commit"),
        (
            Way::Commit,
            "the application's own transaction, `send_in`, commit",
        ),
    ];
    for (way, title) in ways {
        let pool = home.fresh().await?;
        let sender = sender(&pool, true).await?;
        subscribe(&sender, sink.logged(0)).await?;
        sink.reset()?;
        let sent = at_a_rate::<H>(home, &pool, &sender, way, rate, SECONDS * rate).await?;
        sink.wait_for(sent.len()).await?;
        let arrivals = sink.arrivals()?;
        let called: Vec<f64> = delays(&sent, &arrivals, |times| times.0);
        let returned: Vec<f64> = delays(&sent, &arrivals, |times| times.1);
        let cell = |values: &[f64]| {
            format!(
                "{:.1} / {:.1}",
                percentile(values, 0.5),
                percentile(values, 0.99)
            )
        };
        table.row([
            format!("{}, {rate}/s", home.name()),
            title.to_owned(),
            cell(&returned),
            cell(&called),
            bars[0].to_owned(),
            bars[1].to_owned(),
        ]);
        sender.shut_down().await;
        pool.close().await;
        machine::progress(&format!("latency: {}, {rate}/s, {title}", home.name()));
    }
    Ok(())
}

/// How a message is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    Send,
    /// In a transaction that queues up with the sender's writers.
    Queued,
    /// In a transaction of the pool, which polls for SQLite's lock.
    Commit,
}

/// Sends at a steady rate.
pub(crate) async fn at_a_rate<H: Home>(
    home: &H,
    pool: &sqlx::Pool<H::Database>,
    sender: &Sender<H::Database>,
    way: Way,
    rate: u32,
    count: u32,
) -> Result<SentAt> {
    steady::at_a_rate(rate, count, |_| {
        let (sender, pool, begin) = (sender.clone(), pool.clone(), home.begin());
        async move {
            let sent = match way {
                Way::Send => sender.send(OWNER, message()).await?,
                Way::Queued => {
                    let mut transaction = sender.begin().await?;
                    let sent = sender.send_in(&mut transaction, OWNER, message()).await?;
                    transaction.commit().await?;
                    sent
                }
                Way::Commit => {
                    let mut transaction = pool.begin_with(begin).await?;
                    let sent = sender.send_in(&mut transaction, OWNER, message()).await?;
                    transaction.commit().await?;
                    sent
                }
            };
            Ok(sent.id.to_string())
        }
    })
    .await
}
