//! A receiver that answers only when a request is in its file, on the disk.
//!
//! A line is `BEGAN ENDED WORKER PATH ID HOW STATUS NUMBER`, with times in milliseconds. Status 0: the sender hung up before
//! there was an answer. Requests that come together share a flush.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use webhooks_tests::fixture_event::Happening;

use crate::Result;

/// A line to be written, and where to say that it was.
type Entry = (String, Option<oneshot::Sender<()>>);

/// How requests are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Immediately, with success.
    Reliable,
    /// After a while, and now and then with a failure.
    Unreliable,
}

/// An unreliable sink fails one request of so many.
const FAILS_EVERY: u64 = 9;
/// It takes up to so many milliseconds.
const SLOWEST_MS: u64 = 40;

#[derive(Clone)]
struct Sink {
    manner: Manner,
    count: Arc<AtomicU64>,
    entries: Sender<Entry>,
}

/// A request that was received.
struct Request {
    entries: Sender<Entry>,
    began: u128,
    about: String,
    number: String,
    has_ended: bool,
}

/// Receives until it is killed, and prints where.
pub(crate) async fn sink(log: &str, manner: Manner) -> Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(log)?;
    let (entries, inbox) = channel();
    thread::spawn(move || write(file, &inbox));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let count = Arc::default();
    let sink = Sink {
        manner,
        count,
        entries,
    };
    axum::serve(listener, Router::new().fallback(receive).with_state(sink)).await?;
    Ok(())
}

async fn receive(
    State(sink): State<Sink>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(request) = sink.request(&uri, &headers, &body) else {
        return StatusCode::BAD_REQUEST;
    };
    let number = sink.count.fetch_add(1, Ordering::Relaxed);
    let (status, pause_ms) = match sink.manner {
        Manner::Reliable => (StatusCode::NO_CONTENT, 0),
        Manner::Unreliable if number.is_multiple_of(FAILS_EVERY) => {
            (StatusCode::SERVICE_UNAVAILABLE, 1)
        }
        Manner::Unreliable => (StatusCode::NO_CONTENT, number * 7 % SLOWEST_MS),
    };
    if pause_ms > 0 {
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }
    request.answer(status).await
}

impl Sink {
    fn request(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Option<Request> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let happening: Happening = serde_json::from_slice(body).ok()?;
        let how = serde_json::to_value(happening.how).ok()?;
        let (worker, id) = (header("user-agent")?, header("webhook-id")?);
        Some(Request {
            entries: self.entries.clone(),
            began: now()?,
            about: format!("{worker} {} {id} {}", uri.path(), how.as_str()?),
            number: happening.number,
            has_ended: false,
        })
    }
}

impl Request {
    /// Answers when the request is on the disk.
    async fn answer(mut self, status: StatusCode) -> StatusCode {
        let (answer, written) = oneshot::channel();
        self.end(status.as_u16(), Some(answer));
        if written.await.is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        status
    }

    fn end(&mut self, status: u16, answer: Option<oneshot::Sender<()>>) {
        self.has_ended = true;
        let (began, ended) = (self.began, now().unwrap_or(self.began));
        let (about, number) = (&self.about, &self.number);
        let line = format!("{began} {ended} {about} {status} {number}\n");
        // Where nothing can be written any more, no answer is given.
        let _ = self.entries.send((line, answer));
    }
}

impl Drop for Request {
    /// The sender has hung up.
    fn drop(&mut self) {
        if !self.has_ended {
            self.end(0, None);
        }
    }
}

fn now() -> Option<u128> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Some(since.ok()?.as_millis())
}

/// Writes what waits, flushes it, and answers, until no request can come any more.
fn write(mut file: File, inbox: &Receiver<Entry>) {
    while let Ok(first) = inbox.recv() {
        let entries: Vec<Entry> = std::iter::once(first).chain(inbox.try_iter()).collect();
        let text: String = entries.iter().map(|(line, _)| line.as_str()).collect();
        if file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_data())
            .is_err()
        {
            // No request is answered, and nothing more is accepted.
            return;
        }
        for (_, answer) in entries {
            // The sender may have given up waiting.
            let _ = answer.map(|answer| answer.send(()));
        }
    }
}
