//! The client: a thread of its own, whose CPU time is known and not counted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bench::connection::Connection;
use bench::core;
use serde_json::Value;
use tokio::runtime;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::subject::OWNER_HEADER;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum As {
    Owner(String),
    Operator,
}

/// A whole request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Which row of the table it belongs to.
    pub(crate) kind: usize,
    pub(crate) bytes: Vec<u8>,
}

/// What came of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) kind: usize,
    pub(crate) status: u16,
    pub(crate) length: usize,
    /// How much later than its time it was sent.
    pub(crate) late: Duration,
    /// From its time to the end of its answer.
    pub(crate) took: Duration,
}

/// All answers, and the CPU time of the client.
pub(crate) type Answers = (Vec<Answered>, Duration);

impl Request {
    pub(crate) fn get(kind: usize, path: &str, who: &As) -> Self {
        let owner = match who {
            As::Owner(owner) => format!("{OWNER_HEADER}: {owner}\r\n"),
            As::Operator => String::new(),
        };
        let bytes =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-language: en\r\n{owner}\r\n");
        Self {
            kind,
            bytes: bytes.into_bytes(),
        }
    }
}

/// Sends each request at its time, over so many connections that are kept: one whose connections are all busy is late, and is
/// sent all the same.
pub(crate) async fn at_a_rate(
    address: SocketAddr,
    requests: Vec<Request>,
    per_second: u32,
    connections: usize,
) -> Result<Answers> {
    apart(move || async move {
        let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(address).await?);
        }
        let between = Duration::from_secs(1) / per_second;
        let start = Instant::now() + Duration::from_millis(100);
        let mut tasks: JoinSet<Result<Vec<Answered>>> = JoinSet::new();
        for mut connection in open {
            let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
            tasks.spawn(async move {
                let mut answered = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(number) else {
                        return Ok(answered);
                    };
                    let due = start + between * u32::try_from(number)?;
                    sleep_until(due).await;
                    answered.push(one(&mut connection, request, due).await?);
                }
            });
        }
        let mut all = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            all.extend(ended.context("a connection's task broke off")??);
        }
        Ok(all)
    })
    .await
}

/// Sends one request after the other, over one connection.
pub(crate) async fn in_turn(address: SocketAddr, requests: Vec<Request>) -> Result<Answers> {
    apart(move || async move {
        let mut connection = Connection::open(address).await?;
        let mut all = Vec::new();
        for request in &requests {
            all.push(one(&mut connection, request, Instant::now()).await?);
        }
        Ok(all)
    })
    .await
}

/// What the API answers to one question.
pub(crate) async fn ask(address: SocketAddr, path: &str, who: &As) -> Result<Value> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.send(&Request::get(0, path, who).bytes).await?;
    ensure!(
        answer.status == 200,
        "{path} was answered {}: {}",
        answer.status,
        String::from_utf8_lossy(answer.body)
    );
    serde_json::from_slice(answer.body).with_context(|| format!("{path} answers no JSON"))
}

async fn one(connection: &mut Connection, request: &Request, due: Instant) -> Result<Answered> {
    let late = due.elapsed();
    let answer = connection.send(&request.bytes).await?;
    Ok(Answered {
        kind: request.kind,
        status: answer.status,
        length: answer.body.len(),
        late,
        took: due.elapsed(),
    })
}

/// Runs on a thread of its own; also tells the CPU time of that thread.
async fn apart<F, T>(work: impl FnOnce() -> F + Send + 'static) -> Result<(T, Duration)>
where
    F: Future<Output = Result<T>>,
    T: Send + 'static,
{
    let thread = tokio::task::spawn_blocking(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let before = core::cpu_time();
        let done = runtime.block_on(work())?;
        Ok((done, core::cpu_time().saturating_sub(before)))
    });
    thread.await.context("the client broke off")?
}
