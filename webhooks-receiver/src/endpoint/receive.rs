//! The steps of a request, one after the other.
//!
//! The future of a request is what a server keeps for it while it waits, and what it copies onto the heap before it begins.
//! So the head stands in one place, and the steps borrow it; and what few requests need (a look-up of secrets, a body that is
//! waited for, an early answer) has a future of its own, which is made when it is needed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use axum::extract::Request;
use pin_project_lite::pin_project;

use super::config::Endpoint;
use super::unread::Unread;
use crate::catch_panic::CatchPanic;
use crate::rejection::Rejection;
use crate::report::Report;

impl<S: Send + Sync + 'static> Endpoint<S> {
    /// Receives a request at the time `now`.
    ///
    /// A panic outside of the handlers (in a lookup, a store, a verifier, an extractor) is answered 503, so that the
    /// sender tries again; without this it would end the connection without a status.
    pub(crate) fn receive(
        self: Arc<Self>,
        request: Request,
        state: S,
        now: SystemTime,
    ) -> impl Future<Output = Report> + Send {
        Receiving {
            endpoint: Arc::clone(&self),
            steps: CatchPanic::new(self.proceed(request, state, now)),
        }
    }

    /// Not an `async fn`, which would hold its arguments twice.
    fn proceed(
        self: Arc<Self>,
        request: Request,
        state: S,
        now: SystemTime,
    ) -> impl Future<Output = Report> + Send {
        let (mut parts, body) = request.into_parts();
        async move {
            let accepted = async {
                let unread = Unread::new(&self, &state, now, &mut parts, body);
                unread.read().await?.verify().await?.accept().await
            };
            match (accepted.await, self.answer_within) {
                (Ok(accepted), None) => accepted.handle(&self, &mut parts, &state, now).await,
                (Ok(accepted), Some(limit)) => {
                    Box::pin(accepted.answer(self, parts, state, now, limit)).await
                }
                (Err(stop), _) => self.stopped(stop, now),
            }
        }
    }
}

pin_project! {
    /// The steps, and who answers when one of them panics.
    struct Receiving<S, F> {
        endpoint: Arc<Endpoint<S>>,
        #[pin]
        steps: CatchPanic<F>,
    }
}

impl<S, F: Future<Output = Report>> Future for Receiving<S, F> {
    type Output = Report;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        let this = self.project();
        this.steps.poll(context).map(|received| {
            received.unwrap_or_else(|_| {
                tracing::error!(
                    receiver = this.endpoint.name,
                    "the request could not be received: a lookup, a store, a verifier or an extractor panicked"
                );
                Report::rejected(Rejection::Unavailable, "a panic".to_owned())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::{Provider, Receiver};

    #[test]
    fn the_future_of_a_request_is_smaller_than_eight_heads() {
        let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("a secret")
            .on_event("a", async |_: String| ());
        let endpoint = Arc::new(receiver.into_endpoint());
        let request = Request::new(Body::empty());
        let head = size_of_val(&request);
        let future = endpoint.receive(request, (), SystemTime::now());
        let size = size_of_val(&future);
        assert!(size < 8 * head, "{size} bytes, the head {head}");
    }
}
