//! What runs in the sink's process: HTTP/1.1 by hand, on one thread, no more than the answers need.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{process, thread};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::Notify;

use crate::meter::monotonic_ns;

const HANG: Duration = Duration::from_secs(15);
const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

#[derive(Default)]
struct State {
    total: AtomicUsize,
    arrivals: Mutex<Vec<(String, String, u64)>>,
    arrived: Notify,
}

/// Serves until standard input ends; tells the address on standard output.
pub fn run() -> Result<()> {
    thread::spawn(|| {
        // The program that started this process holds the other end.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        process::exit(0);
    });
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            println!("{}", listener.local_addr()?);
            let state = Arc::<State>::default();
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                // A connection that breaks off is the client's business.
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        })
}

async fn serve(mut stream: TcpStream, state: Arc<State>) -> Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut filled = 0;
    loop {
        let Some(request) = Request::parse(&buffer[..filled])? else {
            let read = stream.read(&mut buffer[filled..]).await?;
            if read == 0 {
                return Ok(());
            }
            filled += read;
            continue;
        };
        let end = request.end;
        let answer = state.answer(request).await;
        buffer.copy_within(end..filled, 0);
        filled -= end;
        match answer {
            None => stream.write_all(NO_CONTENT).await?,
            Some(text) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
                stream.write_all(head.as_bytes()).await?;
                stream.write_all(text.as_bytes()).await?;
                return Ok(());
            }
        }
    }
}

/// A whole request at the beginning of a buffer.
struct Request {
    kind: String,
    argument: String,
    message: String,
    end: usize,
}

impl Request {
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(head) = request.parse(bytes)? else {
            return Ok(None);
        };
        let header = |name: &str| {
            let found = request
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case(name));
            found.map(|header| String::from_utf8_lossy(header.value).into_owned())
        };
        let length = header("content-length").map_or(Ok(0), |value| value.parse::<usize>())?;
        let end = head + length;
        if bytes.len() < end {
            return Ok(None);
        }
        let mut parts = request
            .path
            .context("a request has a path")?
            .split('/')
            .skip(1)
            .map(str::to_owned);
        let Some(kind) = parts.next() else {
            bail!("a request for nothing")
        };
        let argument = parts.next().unwrap_or_default();
        let message = if kind == "log" {
            header("webhook-id").unwrap_or_default()
        } else {
            String::new()
        };
        Ok(Some(Self {
            kind,
            argument,
            message,
            end,
        }))
    }
}

impl State {
    /// The text of an answer to the program, none to a webhook.
    async fn answer(&self, request: Request) -> Option<String> {
        match request.kind.as_str() {
            "count" => self.count(),
            "log" => {
                self.arrivals()
                    .push((request.message, request.argument, monotonic_ns()));
                self.count();
            }
            "hang" => tokio::time::sleep(HANG).await,
            "reset" => {
                self.total.store(0, Ordering::Relaxed);
                self.arrivals().clear();
                return Some(String::new());
            }
            "wait" => {
                self.wait(request.argument.parse().unwrap_or(usize::MAX))
                    .await;
                return Some(String::new());
            }
            _ => return Some(self.lines()),
        }
        None
    }

    fn count(&self) {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.arrived.notify_waiters();
    }

    async fn wait(&self, count: usize) {
        loop {
            let arrived = self.arrived.notified();
            if self.total.load(Ordering::Relaxed) >= count {
                return;
            }
            arrived.await;
        }
    }

    fn lines(&self) -> String {
        let mut text = String::new();
        for (message, subscription, at_ns) in self.arrivals().iter() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{message} {subscription} {at_ns}");
        }
        text
    }

    fn arrivals(&self) -> std::sync::MutexGuard<'_, Vec<(String, String, u64)>> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
