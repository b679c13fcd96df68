//! What happens now, as it happens: server-sent events, which go on where they were interrupted.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, header};
use http_body::Frame;
use serde::Deserialize;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::live_feed::{Live, LiveFeed, LivePosition};

use crate::problem::{Kind, Problem};
use crate::request::Call;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LiveQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    after: Option<String>,
    #[serde(default)]
    wait: Option<bool>,
}

pub(crate) fn describe_stream(operation: Operation) -> Operation {
    operation
        .summary("Listen to what happens")
        .description(
            "Server-sent events: `message` when one was sent, `attempt` when one was made, each with JSON as data, and \
             `gap` where some were left out. A comment comes every 15 seconds when nothing happens. A client that \
             comes back with `Last-Event-ID` gets what it missed in between, up to an hour; something may come twice, with \
             the same id.",
        )
        .tag("deliveries")
        .parameter(
            Parameter::header::<str>("Last-Event-ID")
                .optional()
                .description("The `id` of the last event that was seen. Browsers send it themselves."),
        )
        .parameter(
            Parameter::query::<str>("after")
                .optional()
                .description("The same, for clients that cannot send the header."),
        )
        .parameter(
            Parameter::query::<bool>("wait")
                .optional()
                .description("`false` ends the answer behind what was missed, instead of waiting for more."),
        )
        .response_as::<String>(200, "Events, until one of both hangs up.", "text/event-stream")
}

pub(crate) async fn stream<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: LiveQuery = call.query()?;
    let header = call.parts.headers.get("last-event-id");
    // What is not a text is not left out: it would begin anew without a word.
    let header = header.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let after = query.after.or(header).filter(|text| !text.is_empty());
    let after = after.map(|text| text.parse::<LivePosition>()).transpose();
    let after = after.map_err(|_| {
        let detail = "the position is not one of this stream; pass on the `id` of an event of it";
        Problem::new(Kind::InvalidCursor, detail)
    })?;
    let feed = call.reach().live(after).await?;
    let waits = query.wait.unwrap_or(true);
    let stream = EventStream {
        next: Box::pin(next(feed, waits, Some(begin()))),
        waits,
        is_over: false,
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // A proxy that collects an answer before it passes it on would pass on nothing.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    Ok((headers, Body::new(stream)).into_response())
}

/// How soon a client comes back; and the first bytes, so that it knows that it is connected.
fn begin() -> Bytes {
    let retry = Duration::from_secs(3).as_millis();
    Bytes::from(format!("retry: {retry}\n\n"))
}

type Next<D> = Pin<Box<dyn Future<Output = Option<(LiveFeed<D>, Bytes)>> + Send>>;

/// The next bytes, with what gives those that follow.
async fn next<D: Database>(
    mut feed: LiveFeed<D>,
    waits: bool,
    first: Option<Bytes>,
) -> Option<(LiveFeed<D>, Bytes)> {
    if let Some(first) = first {
        return Some((feed, first));
    }
    let live = if waits {
        feed.next().await
    } else {
        feed.next_of_backlog()
    };
    Some((feed, event(&live?)))
}

/// One event as it is sent (HTML Standard, section 9.2).
fn event(live: &Live) -> Bytes {
    match live {
        Live::Happened(happening) => {
            // JSON holds no line break.
            let data = serde_json::to_string(happening.as_ref()).unwrap_or_default();
            let (kind, id) = (happening.kind(), happening.position());
            Bytes::from(format!("event: {kind}\nid: {id}\ndata: {data}\n\n"))
        }
        Live::Gap => Bytes::from_static(b"event: gap\ndata: {}\n\n"),
        _ => Bytes::from_static(b": nothing happens\n\n"),
    }
}

/// How much is written together: events come in bursts, and with many listeners each write costs more than the event.
const TOGETHER: usize = 16 * 1024;

struct EventStream<D: Database> {
    next: Next<D>,
    waits: bool,
    is_over: bool,
}

impl<D: Database> http_body::Body for EventStream<D> {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut bytes = BytesMut::new();
        while !self.is_over && bytes.len() < TOGETHER {
            let Poll::Ready(found) = self.next.as_mut().poll(context) else {
                break;
            };
            let Some((feed, event)) = found else {
                self.is_over = true;
                break;
            };
            bytes.extend_from_slice(&event);
            self.next = Box::pin(next(feed, self.waits, None));
        }
        match (bytes.is_empty(), self.is_over) {
            (false, _) => Poll::Ready(Some(Ok(Frame::data(bytes.freeze())))),
            (true, true) => Poll::Ready(None),
            (true, false) => Poll::Pending,
        }
    }
}
