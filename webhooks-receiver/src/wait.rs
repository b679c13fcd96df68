//! Waiting for something no longer than a given time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::{Sleep, sleep};

pin_project! {
    /// What a future comes to, or `None` when it takes longer than the limit.
    ///
    /// The future is polled once before a timer is made: most bodies arrive with their head, and most handlers end
    /// without waiting. A timer costs more than all of our own work on a small request.
    ///
    /// A type and not an `async fn`, which would hold the future twice, as its argument and as what it waits for.
    #[must_use = "futures do nothing unless they are awaited"]
    pub(crate) struct Within<F> {
        #[pin]
        future: F,
        limit: Duration,
        timer: Option<Pin<Box<Unconstrained<Sleep>>>>,
    }
}

/// The future with this limit.
pub(crate) fn within<F: Future>(limit: Duration, future: F) -> Within<F> {
    Within {
        future,
        limit,
        timer: None,
    }
}

impl<F: Future> Future for Within<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(context) {
            return Poll::Ready(Some(output));
        }
        if this.timer.is_none() {
            // Not under tokio's budget: a future that uses it up each time would never be stopped.
            *this.timer = Some(Box::pin(unconstrained(sleep(*this.limit))));
        }
        if let Some(timer) = this.timer {
            ready!(timer.as_mut().poll(context));
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

/// What is there without waiting. The waker is registered as usual, so the future can be polled on.
pub(crate) async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(3);

    #[tokio::test(start_paused = true)]
    async fn what_ends_in_time_is_the_output_and_what_does_not_is_none() {
        assert_eq!(within(LIMIT, ready(5)).await, Some(5));
        let slow = async {
            sleep(LIMIT / 2).await;
            6
        };
        assert_eq!(within(LIMIT, slow).await, Some(6));
        let began = tokio::time::Instant::now();
        assert_eq!(within(LIMIT, pending::<()>()).await, None);
        assert_eq!(began.elapsed().as_secs(), 3);
    }

    #[test]
    fn what_does_not_wait_needs_no_timer() {
        // Without a runtime a timer would panic.
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut future = std::pin::pin!(within(LIMIT, ready(5)));
        assert_eq!(future.as_mut().poll(&mut context), Poll::Ready(Some(5)));
    }

    #[test]
    fn a_limit_holds_its_future_once() {
        let large = async {
            let room = [0_u8; 1024];
            ready(()).await;
            room[0]
        };
        let size = size_of_val(&large);
        assert!(size_of_val(&within(LIMIT, large)) < size + 512);
    }
}
