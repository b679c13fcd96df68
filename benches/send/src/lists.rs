//! `lists`: requests of the management API over a million deliveries: each kind of list alone, and all of them at 1,000 a
//! second.
//!
//! The API's router is called in the process, so that what is measured is the API with its database, and no server. The
//! requests of the mix come at their times, whatever became of the ones before; a time is taken from when a request was due.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use bench::machine;
use bench::table::Table;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tower::ServiceExt;
use webhooks_api::{Ability, Access, Api};

use crate::fill;
use crate::home::{Home, PostgresHome, SqliteHome};
use crate::length::Length;
use crate::meter::percentile;
use crate::subject::{message, sender, subscribe_as};

/// Owners, each with one subscription and a thousandth of the deliveries.
const OWNERS: usize = 1_000;
const DELIVERIES: usize = 1_000_000;
/// Requests in a second.
const RATE: u32 = 1_000;
/// Pages before a deep one.
const DEPTH: usize = 10;

pub(crate) async fn run(length: Length) -> Result<()> {
    let (sqlite, postgres) = (SqliteHome::new()?, PostgresHome::new()?);
    let mut table = Table::new(
        &format!(
            "Lists over {DELIVERIES} deliveries of {OWNERS} owners, pages of 50: p50 / p99 in ms"
        ),
        &[
            "list",
            "SQLite alone",
            "PostgreSQL alone",
            "SQLite, 1,000/s of all",
            "PostgreSQL, 1,000/s of all",
        ],
    );
    let one = measure(&sqlite, length).await?;
    let two = measure(&postgres, length).await?;
    for (left, right) in one.iter().zip(&two) {
        let cell = |times: &[f64]| {
            format!(
                "{:.1} / {:.1}",
                percentile(times, 0.5),
                percentile(times, 0.99)
            )
        };
        table.row([
            left.kind.name.to_owned(),
            cell(&left.alone),
            cell(&right.alone),
            cell(&left.mixed),
            cell(&right.mixed),
        ]);
    }
    table.print();
    Ok(())
}

/// A kind of list.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    /// `OWNER` stands for an owner, `SUBSCRIPTION` for its subscription, `SINCE` and `UNTIL` for times.
    path: &'static str,
    is_deep: bool,
}

const fn kind(name: &'static str, path: &'static str) -> Kind {
    Kind {
        name,
        path,
        is_deep: false,
    }
}

const KINDS: [Kind; 12] = [
    kind("deliveries of an owner", "/deliveries?owner=OWNER"),
    Kind {
        is_deep: true,
        ..kind("the same, tenth page", "/deliveries?owner=OWNER")
    },
    kind(
        "failed ones (2 %) of an owner",
        "/deliveries?owner=OWNER&state=failed",
    ),
    kind(
        "by the status of the answer",
        "/deliveries?owner=OWNER&status=5xx",
    ),
    kind(
        "of an event (a quarter)",
        "/deliveries?owner=OWNER&event=payment.created",
    ),
    kind(
        "of an hour",
        "/deliveries?owner=OWNER&since=SINCE&until=UNTIL",
    ),
    kind(
        "that have ended, of a subscription",
        "/deliveries?owner=OWNER&subscription=SUBSCRIPTION&state=delivered",
    ),
    kind("deliveries of all owners", "/deliveries"),
    kind("failed ones of all owners", "/deliveries?state=failed"),
    kind("messages of an owner", "/messages?owner=OWNER"),
    kind("attempts of an owner", "/attempts?owner=OWNER"),
    kind("subscriptions of an owner", "/subscriptions?owner=OWNER"),
];

struct Times {
    kind: Kind,
    alone: Vec<f64>,
    mixed: Vec<f64>,
}

async fn operator() -> Result<Access, http::StatusCode> {
    Ok(Access::operator().allow(Ability::ALL))
}

async fn measure<H: Home>(home: &H, length: Length) -> Result<Vec<Times>> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, false).await?;
    for owner in 0..OWNERS {
        let owner = format!("acct_{owner}");
        subscribe_as(&sender, &owner, "http://127.0.0.1:9/".to_owned()).await?;
        sender.send(owner, message()).await?;
    }
    fill::history(home, &pool, DELIVERIES, OWNERS).await?;
    home.settle(&pool).await?;
    machine::progress(&format!("lists: {} has {DELIVERIES}", home.name()));
    let router: Router = Api::new(&sender, operator).router();
    let (alone, seconds) = match length {
        Length::Quick => (50, 3),
        Length::Usual => (300, 20),
    };
    let mut times = Vec::new();
    for kind in KINDS {
        let mut own = Vec::new();
        for number in 0..alone {
            let path = path(&router, kind, number).await?;
            let start = Instant::now();
            answer(&router, &path).await?;
            own.push(start.elapsed().as_secs_f64() * 1e3);
        }
        machine::progress(&format!("lists: {}, {}", home.name(), kind.name));
        times.push(Times {
            kind,
            alone: own,
            mixed: Vec::new(),
        });
    }
    mix(&router, &mut times, seconds).await?;
    sender.shut_down().await;
    pool.close().await;
    Ok(times)
}

/// Requests of all kinds at their times.
async fn mix(router: &Router, times: &mut [Times], seconds: u32) -> Result<()> {
    let mut paths = Vec::new();
    for number in 0..50 {
        for kind in KINDS {
            paths.push(path(router, kind, number * 17).await?);
        }
    }
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks: JoinSet<Result<(usize, f64)>> = JoinSet::new();
    for number in 0..(seconds * RATE) as usize {
        let due = ticks.tick().await;
        let (router, path) = (router.clone(), paths[number % paths.len()].clone());
        tasks.spawn(async move {
            answer(&router, &path).await?;
            Ok((number % KINDS.len(), due.elapsed().as_secs_f64() * 1e3))
        });
    }
    while let Some(ended) = tasks.join_next().await {
        let (kind, time) = ended.context("a request broke off")??;
        times[kind].mixed.push(time);
    }
    Ok(())
}

/// The path of one request; a deep one is found by going there.
async fn path(router: &Router, kind: Kind, number: usize) -> Result<String> {
    let owner = format!("acct_{}", number * 7_919 % OWNERS);
    let mut path = kind.path.replace("OWNER", &owner);
    let hour = number % 20;
    path = path
        .replace("SINCE", &fill::time(hour))
        .replace("UNTIL", &fill::time(hour + 1));
    if path.contains("SUBSCRIPTION") {
        let list = answer(router, &format!("/subscriptions?owner={owner}")).await?;
        let list: serde_json::Value = serde_json::from_slice(&list)?;
        let id = list["data"][0]["id"].as_str().context("a subscription")?;
        path = path.replace("SUBSCRIPTION", id);
    }
    if !kind.is_deep {
        return Ok(path);
    }
    let first = path.clone();
    for _ in 0..DEPTH {
        let page: serde_json::Value = serde_json::from_slice(&answer(router, &path).await?)?;
        let next = page["next"].as_str().context("there are more pages")?;
        path = format!("{first}&cursor={next}");
    }
    Ok(path)
}

async fn answer(router: &Router, path: &str) -> Result<Bytes> {
    let request = http::Request::get(path).body(Body::empty())?;
    let response = router.clone().oneshot(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    ensure!(
        status.is_success(),
        "{path}: {status} {}",
        String::from_utf8_lossy(&body)
    );
    Ok(body)
}
