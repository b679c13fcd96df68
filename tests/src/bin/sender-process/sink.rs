//! A receiver that answers only when a request is in its file, on the disk.
//!
//! A line is `MILLISECONDS WORKER PATH ID HOW NUMBER`. Requests that come together share a flush.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use webhooks_tests::fixture_event::Happening;

use crate::Result;

/// A line to be written, and where to say that it was.
type Entry = (String, oneshot::Sender<()>);

/// Receives until it is killed, and prints where.
pub(crate) async fn sink(log: &str) -> Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(log)?;
    let (entries, inbox) = channel();
    thread::spawn(move || write(file, &inbox));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(
        listener,
        Router::new().fallback(receive).with_state(entries),
    )
    .await?;
    Ok(())
}

async fn receive(
    State(entries): State<Sender<Entry>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(line) = line(&uri, &headers, &body) else {
        return StatusCode::BAD_REQUEST;
    };
    let (answer, written) = oneshot::channel();
    if entries.send((line, answer)).is_err() || written.await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::NO_CONTENT
}

fn line(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let happening: Happening = serde_json::from_slice(body).ok()?;
    let how = serde_json::to_value(happening.how).ok()?;
    let at = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()?
        .as_millis();
    let (worker, id) = (header("user-agent")?, header("webhook-id")?);
    Some(format!(
        "{at} {worker} {} {id} {} {}\n",
        uri.path(),
        how.as_str()?,
        happening.number
    ))
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
            let _ = answer.send(());
        }
    }
}
