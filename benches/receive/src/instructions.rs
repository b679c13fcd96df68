//! Instructions of one request, counted by callgrind: a change of a hundredth shows, however busy the machine is.
//!
//! There is no network in it: the router is called in the process. Valgrind's processor has no instructions for SHA, so
//! HMAC costs several times what it does outside, and ratios to the bare handler mean nothing. What counts is the
//! same row before and after a change.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use bench::table::Table;
use tower::ServiceExt as _;

/// Requests of the shorter run; the longer one has twice as many, and what both cost besides requests goes away.
const REQUESTS: u64 = 300;

/// A title, and the argument by which the program calls that router.
pub(crate) fn measure(titles: &[&str]) -> Result<Table> {
    let mut table = Table::new(
        "Instructions of a webhook of 1 KiB, by callgrind, without network",
        &["served by", "instructions each"],
    );
    for (index, title) in titles.iter().enumerate() {
        let (short, long) = (counted(index, REQUESTS)?, counted(index, 2 * REQUESTS)?);
        let each = long.saturating_sub(short) / REQUESTS;
        table.row([(*title).to_owned(), each.to_string()]);
    }
    Ok(table)
}

/// Runs this program under callgrind.
fn counted(index: usize, requests: u64) -> Result<u64> {
    let program = std::env::current_exe().context("this program does not know where it is")?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["call", &index.to_string(), &requests.to_string()])
        .output()
        .context("cannot run valgrind (Debian: `apt-get install valgrind`)")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "callgrind failed: {text}");
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.with_context(|| format!("callgrind said no count: {text}"))
}

/// Sends so many requests to the router.
pub(crate) fn call(
    router: &Router,
    headers: &[(&str, String)],
    body: &[u8],
    requests: u64,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for _ in 0..requests {
        let mut request = Request::post("/hooks")
            .header("content-type", "application/json")
            .header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_vec()))?;
        let response = runtime.block_on(router.clone().oneshot(request))?;
        ensure!(
            response.status() == 200,
            "the answer is {}",
            response.status()
        );
    }
    Ok(())
}
