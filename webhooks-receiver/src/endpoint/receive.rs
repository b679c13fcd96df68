//! The steps of a request, one after the other.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::Request;

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
    pub(crate) async fn receive(
        self: Arc<Self>,
        request: Request,
        state: S,
        now: SystemTime,
    ) -> Report {
        let endpoint = Arc::clone(&self);
        let received = CatchPanic::new(self.proceed(request, state, now)).await;
        received.unwrap_or_else(|_| {
            tracing::error!(
                receiver = endpoint.name,
                "the request could not be received: a lookup, a store, a verifier or an extractor panicked"
            );
            Report::rejected(Rejection::Unavailable, "a panic".to_owned())
        })
    }

    async fn proceed(self: Arc<Self>, request: Request, state: S, now: SystemTime) -> Report {
        let (parts, body) = request.into_parts();
        let accepted = async {
            let unread = Unread::new(&self, &state, now, parts, body);
            unread.read().await?.verify().await?.accept().await
        };
        match accepted.await {
            Ok(accepted) => accepted.answer(self, state, now).await,
            Err(stop) => self.stopped(stop, now),
        }
    }
}
