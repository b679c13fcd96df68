//! `pages`: the size of every page of the portal, and the time that it takes.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use bench::home::Home;
use bench::machine;
use bench::meter::{Meter, percentile};
use bench::table::Table;
use serde_json::Value;

use crate::client::{As, Request, ask, in_turn};
use crate::population::LARGE;
use crate::requests::text;

/// A page may have so many bytes, and take so many milliseconds.
const BARS: &str = "100 kB, 50 ms";

pub(crate) async fn run<H: Home>(home: &H, address: SocketAddr, is_quick: bool) -> Result<()> {
    let mut table = Table::new(
        &format!("{}: pages over 1,000,000 deliveries", home.name()),
        &["page", "kB", "ms, median / worst", "CPU ms each", "bar"],
    );
    let times = if is_quick { 5 } else { 40 };
    let (mut largest, mut slowest, mut dearest) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (title, who) in [
        ("customer", As::Owner(LARGE.to_owned())),
        ("operator", As::Operator),
    ] {
        for path in paths(address, &who).await? {
            let page = page(
                home,
                address,
                Request::get(0, &format!("/portal/{}", path.1), &who),
                times,
            )
            .await?;
            largest = largest.max(page.kilobytes);
            slowest = slowest.max(page.median_ms);
            dearest = dearest.max(page.cpu_ms);
            let row = [
                format!("{title}: {}", path.0),
                format!("{:.1}", page.kilobytes),
                format!("{:.1} / {:.1}", page.median_ms, page.worst_ms),
                format!("{:.1}", page.cpu_ms),
                BARS.to_owned(),
            ];
            machine::progress(&format!("pages: {}, {}", home.name(), row.join(", ")));
            table.row(row);
        }
    }
    table.print();
    let mut table = Table::new(
        &format!("{}: the largest and the slowest page", home.name()),
        &["what", "most", "bar"],
    );
    table.row([
        "bytes, kB".to_owned(),
        format!("{largest:.1}"),
        "100".to_owned(),
    ]);
    table.row([
        "median, ms".to_owned(),
        format!("{slowest:.1}"),
        "50".to_owned(),
    ]);
    table.row([
        "CPU, ms".to_owned(),
        format!("{dearest:.1}"),
        "50".to_owned(),
    ]);
    table.print();
    Ok(())
}

struct Page {
    kilobytes: f64,
    median_ms: f64,
    worst_ms: f64,
    cpu_ms: f64,
}

async fn page<H: Home>(
    home: &H,
    address: SocketAddr,
    request: Request,
    times: usize,
) -> Result<Page> {
    in_turn(address, vec![request.clone(); 3]).await?;
    let meter = Meter::start(home)?;
    let path = String::from_utf8_lossy(&request.bytes).into_owned();
    let (answers, client) = in_turn(address, vec![request; times]).await?;
    let spent = meter.stop(home, times)?;
    let odd = answers.iter().find(|answer| answer.status >= 400);
    ensure!(odd.is_none(), "a page was answered {odd:?}: {path}");
    let took: Vec<f64> = answers
        .iter()
        .map(|one| one.took.as_secs_f64() * 1e3)
        .collect();
    let cpu = spent.own.saturating_sub(client) + spent.database;
    Ok(Page {
        kilobytes: answers[0].length as f64 / 1e3,
        median_ms: percentile(&took, 0.5),
        worst_ms: percentile(&took, 1.0),
        cpu_ms: cpu.as_secs_f64() * 1e3 / times as f64,
    })
}

/// Every page that this visitor has, with ids of what there is.
async fn paths(address: SocketAddr, who: &As) -> Result<Vec<(&'static str, String)>> {
    let first = ask(address, "/api/subscriptions?limit=4", who).await?;
    let (busy, quiet) = (text(&first, "/data/0/id")?, text(&first, "/data/3/id")?);
    let failed = ask(address, "/api/deliveries?state=failed&limit=1", who).await?;
    let (delivery, message) = (
        text(&failed, "/data/0/id")?,
        text(&failed, "/data/0/message")?,
    );
    let deep = ask(address, "/api/deliveries?limit=250", who).await?;
    let closed = ask(address, "/api/messages?event=account.closed&limit=1", who).await?;
    let mut all: Vec<(&str, String)> = [
        ("subscriptions", "subscriptions"),
        ("subscriptions, failing", "subscriptions?state=failing"),
        (
            "subscriptions to an event",
            "subscriptions?event=account.closed",
        ),
        ("subscription, new", "subscriptions/new"),
        ("deliveries", "deliveries"),
        ("deliveries, failed", "deliveries?state=failed"),
        ("deliveries, pending", "deliveries?state=pending"),
        (
            "deliveries of a rare event",
            "deliveries?event=account.closed",
        ),
        (
            "deliveries answered 5xx, of a week",
            "deliveries?status=5xx&within=7d",
        ),
        ("activity", "activity"),
        ("events", "events"),
        ("event", "events/payment.created"),
    ]
    .map(|(title, path)| (title, path.to_owned()))
    .into();
    if let Some(next) = first["next"].as_str() {
        all.push((
            "subscriptions, next page",
            format!("subscriptions?cursor={next}"),
        ));
    }
    if let Some(next) = deep["next"].as_str() {
        all.push(("deliveries, next page", format!("deliveries?cursor={next}")));
    }
    for (title, id) in [
        ("subscription, busy", &busy),
        ("subscription, quiet", &quiet),
    ] {
        all.push((title, format!("subscriptions/{id}")));
    }
    for (title, page) in [
        ("subscription, edit", "edit"),
        ("subscription, test", "test"),
        ("subscription, rotate", "rotate"),
        ("subscription, replay", "replay"),
        ("subscription, remove", "remove"),
    ] {
        all.push((title, format!("subscriptions/{busy}/{page}")));
    }
    all.push((
        "deliveries of a subscription",
        format!("deliveries?subscription={quiet}"),
    ));
    all.push(("delivery", format!("deliveries/{delivery}")));
    all.push((
        "delivery, payload",
        format!("deliveries/{delivery}/payload"),
    ));
    all.push(("message", format!("messages/{message}")));
    if let Some(id) = closed.pointer("/data/0/id").and_then(Value::as_str) {
        all.push(("message with 10,000 deliveries", format!("messages/{id}")));
    }
    if *who == As::Operator {
        all.extend([
            ("overview", "overview".to_owned()),
            ("metrics", "metrics".to_owned()),
            ("metrics of an owner", format!("metrics?owner={LARGE}")),
            ("owners", "owners".to_owned()),
            ("service", "service".to_owned()),
            ("service, pause", "service/pause".to_owned()),
            ("find", format!("find?q={delivery}")),
            (
                "deliveries of an owner",
                format!("deliveries?owner={LARGE}"),
            ),
            (
                "subscriptions of an owner",
                format!("subscriptions?owner={LARGE}"),
            ),
        ]);
    }
    all.sort_unstable();
    Ok(all)
}
