//! A future whose panic is a value.
//!
//! Without it, a panic ends the task of the connection: the sender sees neither a status nor a reason, and other
//! requests on that connection are lost.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// The future panicked. The panic hook has already printed where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panic;

pin_project! {
    /// A future that ends in [`Panic`] instead of unwinding.
    pub(crate) struct CatchPanic<F> {
        #[pin]
        future: F,
    }
}

impl<F> CatchPanic<F> {
    pub(crate) fn new(future: F) -> Self {
        Self { future }
    }
}

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panic>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // The future is never polled again after a panic. Nothing sees what it left half done except what the
        // application itself shares, as with a panic in a task.
        let future = self.project().future;
        catch_unwind(AssertUnwindSafe(|| future.poll(context)))
            .map_or(Poll::Ready(Err(Panic)), |poll| poll.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_value_and_everything_else_passes_through() {
        assert_eq!(CatchPanic::new(async { 5 }).await, Ok(5));
        let panics = async {
            assert_eq!(1, 2, "no");
        };
        assert_eq!(CatchPanic::new(panics).await, Err(Panic));
    }
}
