//! Calls the handlers of a message: all of them, one after the other, even if one fails.

use axum::http::request::Parts;

use crate::catch_panic::CatchPanic;
use crate::handler_return::Answer;
use crate::log_text::{LogText, SENDER};
use crate::message::IncomingMessage;
use crate::report::Outcome;
use crate::routes::Routes;

/// Calls every handler of every message. An event without a handler adds nothing.
pub(crate) async fn run<S>(
    routes: &Routes<S>,
    messages: &[IncomingMessage],
    parts: &mut Parts,
    state: &S,
) -> Outcome {
    let mut outcome = Outcome::default();
    for message in messages {
        for entry in routes.of(&message.event) {
            let call = CatchPanic::new(entry.handler.call(message, parts, state));
            let answer = call.await.unwrap_or(Answer::Panicked);
            log_failure(entry.name, message, &answer);
            outcome.add(entry.name, answer);
        }
    }
    outcome
}

fn log_failure(handler: &str, message: &IncomingMessage, answer: &Answer) {
    if !answer.is_success() {
        let event = LogText(&message.event, SENDER).to_string();
        let id = LogText(message.id.as_deref().unwrap_or_default(), SENDER).to_string();
        tracing::error!(handler, event, id, "{answer:?}");
    }
}
