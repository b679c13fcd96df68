//! Waiting for something no longer than a given time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

/// What the future came to, or `None` when it took longer than the limit.
///
/// The future is polled once before a timer is made: most bodies arrive with their head, and most handlers end without
/// waiting. A timer costs more than all of our own work on a small request.
pub(crate) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    match poll_once(future.as_mut()).await {
        Poll::Ready(output) => Some(output),
        Poll::Pending => tokio::time::timeout(limit, future).await.ok(),
    }
}

/// What is there without waiting. The waker is registered as usual, so the future can be polled on.
pub(crate) async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}
