//! The last step: the handlers, the answer, and what goes on after an early answer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;

use super::config::Endpoint;
use crate::deduplicate::ClaimGuard;
use crate::dispatch;
use crate::error_chain::ErrorChain;
use crate::late_handlers::LossGuard;
use crate::log_text::{LogText, SENDER};
use crate::message::IncomingMessage;
use crate::report::{Outcome, Reception, Report};
use crate::wait::within;

/// A request whose messages are ours to handle. It owns all but the head, so that it can be handled in a task of its own.
pub(super) struct AcceptedRequest {
    pub(super) messages: Vec<IncomingMessage>,
    pub(super) claim: Option<Box<dyn ClaimGuard>>,
}

impl AcceptedRequest {
    /// Calls the handlers, and answers when they are done or the time for an answer is over.
    ///
    /// It takes the head as well, because the handlers may go on after the answer.
    pub(super) async fn answer<S: Send + Sync + 'static>(
        self,
        endpoint: Arc<Endpoint<S>>,
        mut parts: Parts,
        state: S,
        now: SystemTime,
        limit: Duration,
    ) -> Report {
        // Without a free slot nothing is answered early: tasks without a bound would take all memory, and the sender
        // that has to wait is what slows the requests down.
        let Some(slot) = endpoint.late.slot() else {
            let kind = "as many handlers as allowed run on after their answer, so this request waits for its own";
            if let Some(left_out) = endpoint.log.authentic.observe(kind, now) {
                tracing::warn!(receiver = endpoint.name, left_out, "{kind}");
            }
            return self.handle(&endpoint, &mut parts, &state, now).await;
        };
        let (event, id) = self.named();
        let guard = LossGuard::new(&endpoint.name, &event, &id);
        let answered = guard.answered();
        // A task of its own, which goes on when this one has answered, and when the sender hangs up.
        let handler = Arc::clone(&endpoint);
        let task = tokio::spawn(async move {
            let report = self.handle(&handler, &mut parts, &state, now).await;
            guard.defuse();
            drop(slot);
            report
        });
        match tokio::time::timeout(limit, task).await {
            Ok(Ok(report)) => report,
            Ok(Err(_)) => Report::of(Outcome::default(), StatusCode::INTERNAL_SERVER_ERROR),
            Err(_) => {
                answered.set();
                tracing::info!(
                    receiver = endpoint.name,
                    event,
                    id,
                    "answered before the handlers were done"
                );
                Report::only(StatusCode::ACCEPTED.into_response(), Reception::Late)
            }
        }
    }

    /// Calls the handlers, and answers when they are done.
    pub(super) async fn handle<S: Send + Sync + 'static>(
        self,
        endpoint: &Endpoint<S>,
        parts: &mut Parts,
        state: &S,
        now: SystemTime,
    ) -> Report {
        let limits = &endpoint.limits;
        let calls = dispatch::run(&endpoint.routes, &self.messages, parts, state);
        let Some(outcome) = within(limits.handler_timeout, calls).await else {
            let (event, id) = self.named();
            tracing::error!(
                receiver = endpoint.name,
                event,
                id,
                "the handlers were stopped: they took longer than {:?}",
                limits.handler_timeout
            );
            return Report::timed_out();
        };
        if outcome.is_empty() || self.messages.len() > 1 {
            self.log_unhandled(endpoint, now);
        }
        let report = Report::of(outcome, endpoint.unknown);
        if let Some(claim) = self.claim.filter(|_| report.response.status().is_success()) {
            match within(limits.storage_timeout, claim.finish(now)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::error!(
                    receiver = endpoint.name,
                    "a handled message could not be remembered: {}",
                    ErrorChain(&*error)
                ),
                None => tracing::error!(
                    receiver = endpoint.name,
                    "a handled message was not remembered within {:?}",
                    limits.storage_timeout
                ),
            }
        }
        report
    }

    /// Says once in a while which events have no handler: the sender gets a success, so a slip in a handler's name would
    /// go unnoticed.
    fn log_unhandled<S>(&self, endpoint: &Endpoint<S>, now: SystemTime) {
        for message in &self.messages {
            if endpoint.routes.of(&message.event).next().is_some() {
                continue;
            }
            let kind = format!("unhandled {}", message.event);
            let Some(left_out) = endpoint.log.authentic.observe(&kind, now) else {
                continue;
            };
            let (receiver, event) = (&endpoint.name, LogText(&message.event, SENDER));
            if let Some(similar) = endpoint.routes.similar(&message.event) {
                tracing::warn!(
                    receiver,
                    %event,
                    left_out,
                    "no handler for this event; there is one for `{similar}`"
                );
            } else {
                tracing::info!(receiver, %event, left_out, "no handler for this event");
            }
        }
    }

    /// Event and id for the log; a batch is named by its first message.
    fn named(&self) -> (String, String) {
        let first = self.messages.first();
        let shown = |text: Option<&str>| LogText(text.unwrap_or_default(), SENDER).to_string();
        (
            shown(first.map(|message| &*message.event)),
            shown(first.and_then(|message| message.id.as_deref())),
        )
    }
}
