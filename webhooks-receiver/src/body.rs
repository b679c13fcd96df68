//! Reading the body: to a limit, in time, and within the memory for bodies that are not verified yet.

use std::error::Error;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, LengthLimitError};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::rejection::Rejection;
use crate::wait::{poll_once, within};

/// How long a body waits for its share of the memory. The sender tries again after a 503, so waiting longer gains nothing.
const MEMORY_WAIT: Duration = Duration::from_secs(1);

/// The most bytes of a body that comes unsigned.
pub(crate) const SMALL: usize = 1024;

/// The most bytes of a body that is looked for next to its head: what a server reads from a connection with it.
const WITH_HEAD: usize = 16 << 10;

/// A body on its way: a piece that is there already, and the rest.
pub(crate) struct ArrivingBody {
    first: Option<Result<Bytes, Rejection>>,
    rest: Body,
}

impl ArrivingBody {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            first: None,
            rest: body,
        }
    }

    /// The whole body, where it is small and has come with its head: most bodies have. It is taken without waiting, and
    /// the server has it in memory anyway.
    ///
    /// A client that asks whether it may send its body (`Expect: 100-continue`, RFC 9110 section 10.1.1) would be told so
    /// by this look, so nothing is looked for there.
    pub(crate) async fn with_head(&mut self, headers: &HeaderMap, limit: usize) -> Option<Bytes> {
        let most = limit.min(WITH_HEAD) as u64;
        let is_small = |length: u64| length <= most;
        let is_likely = self.rest.size_hint().exact().is_some_and(is_small)
            && announced(headers).is_none_or(is_small)
            && !headers.contains_key(EXPECT);
        if !is_likely {
            return None;
        }
        let piece = match poll_once(pin!(next(&mut self.rest))).await {
            Poll::Ready(Some(Ok(piece))) => piece,
            Poll::Ready(None) => return Some(Bytes::new()),
            Poll::Ready(broken) => {
                self.first = broken;
                return None;
            }
            Poll::Pending => return None,
        };
        if self.rest.is_end_stream() {
            return Some(piece);
        }
        self.first = Some(Ok(piece));
        None
    }

    async fn next(&mut self) -> Option<Result<Bytes, Rejection>> {
        match self.first.take() {
            Some(piece) => Some(piece),
            None => next(&mut self.rest).await,
        }
    }
}

/// The next piece of a body; trailers are passed over.
async fn next(body: &mut Body) -> Option<Result<Bytes, Rejection>> {
    loop {
        match body.frame().await? {
            Err(error) => return Some(Err(broken(&error))),
            Ok(frame) => {
                if let Ok(data) = frame.into_data() {
                    return Some(Ok(data));
                }
            }
        }
    }
}

/// The whole body, or why it was not read. A body that says that it is too large is not read at all.
///
/// `memory` has a permit for each byte that all requests together may hold before they are verified. The permits are
/// taken as the bytes arrive, so a client that sends little occupies little.
pub(crate) async fn read<'m>(
    headers: &HeaderMap,
    body: ArrivingBody,
    limit: usize,
    timeout: Duration,
    memory: &'m Semaphore,
) -> Result<(Bytes, Option<SemaphorePermit<'m>>), Rejection> {
    let announced = announced(headers);
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Rejection::BodyTooLarge);
    }
    within(timeout, collect(body, announced, limit, memory))
        .await
        .unwrap_or(Err(Rejection::BodyTooSlow))
}

async fn collect<'m>(
    mut body: ArrivingBody,
    announced: Option<u64>,
    limit: usize,
    memory: &'m Semaphore,
) -> Result<(Bytes, Option<SemaphorePermit<'m>>), Rejection> {
    let mut permit: Option<SemaphorePermit<'m>> = None;
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(data) = body.next().await {
        let data = data?;
        let so_far = first.len() + rest.len();
        if data.len() > limit - so_far {
            return Err(Rejection::BodyTooLarge);
        }
        let share = reserve(memory, data.len()).await?;
        match &mut permit {
            Some(permit) => permit.merge(share),
            None => permit = Some(share),
        }
        // A body in one piece, as most are, is not copied.
        if so_far == 0 {
            first = data;
            continue;
        }
        if !first.is_empty() {
            // What was announced is at most the limit, and more than one piece of it is there.
            let whole = announced.and_then(|length| usize::try_from(length).ok());
            rest.reserve(whole.unwrap_or(0).max(so_far + data.len()));
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        rest.extend_from_slice(&data);
    }
    let whole = if rest.is_empty() {
        first
    } else {
        rest.freeze()
    };
    Ok((whole, permit))
}

async fn reserve(memory: &Semaphore, length: usize) -> Result<SemaphorePermit<'_>, Rejection> {
    let length = u32::try_from(length).map_err(|_| Rejection::BodyTooLarge)?;
    within(MEMORY_WAIT, memory.acquire_many(length))
        .await
        // The semaphore is never closed; a closed one would have no memory to give either.
        .and_then(Result::ok)
        .ok_or(Rejection::Overloaded)
}

/// A body of at most 1 KiB, for what comes unsigned. None where it is larger, slower or broken.
pub(crate) async fn read_small(mut body: ArrivingBody, timeout: Duration) -> Option<Bytes> {
    if body.rest.size_hint().lower() > SMALL as u64 {
        return None;
    }
    let collected = async {
        let mut whole = BytesMut::new();
        while let Some(piece) = body.next().await {
            let piece = piece.ok()?;
            if piece.len() > SMALL - whole.len() {
                return None;
            }
            whole.extend_from_slice(&piece);
        }
        Some(whole.freeze())
    };
    within(timeout, collected).await?
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A limit can also be that of a layer around the route.
fn broken(error: &(dyn Error + 'static)) -> Rejection {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return Rejection::BodyTooLarge;
        }
        next = error.source();
    }
    Rejection::BodyBroken
}
