//! Reading the body: to a limit, in time, and never more than needed to know that it is too large.

use std::error::Error;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::rejection::Rejection;

/// The whole body, or why there is none. A body that says that it is too large is not read at all.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    within: Duration,
) -> Result<Bytes, Rejection> {
    if announced(headers).is_some_and(|length| length > limit as u64) {
        return Err(Rejection::BodyTooLarge);
    }
    let mut whole = pin!(Limited::new(body, limit).collect());
    // Most bodies come with their head: a timer is for those that have to be waited for.
    let arrived = match poll_once(whole.as_mut()).await {
        Poll::Ready(body) => Ok(body),
        Poll::Pending => tokio::time::timeout(within, whole).await,
    };
    match arrived {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if is_too_large(&*error) => Err(Rejection::BodyTooLarge),
        Ok(Err(_)) => Err(Rejection::BodyBroken),
        Err(_) => Err(Rejection::BodyTooSlow),
    }
}

/// What is there without waiting. Whoever goes on polling is woken as usual.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Also where the limit is that of a layer around the route.
fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return true;
        }
        next = error.source();
    }
    false
}
