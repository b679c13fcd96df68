//! Calling the handlers of a message: all of them, one after the other, whatever becomes of one.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::request::Parts;

use crate::handler_return::Answer;
use crate::message::IncomingMessage;
use crate::routes::{HandlerFuture, Routes};

/// One call of a handler.
#[derive(Debug)]
pub(crate) struct HandlerCall {
    pub(crate) handler: &'static str,
    pub(crate) answer: Answer,
}

/// Calls every handler of every message. An event without a handler adds nothing.
pub(crate) async fn run<S>(
    routes: &Routes<S>,
    messages: &[IncomingMessage],
    parts: &mut Parts,
    state: &S,
) -> Vec<HandlerCall> {
    let mut all = Vec::new();
    for message in messages {
        let entries = routes.of(&message.event);
        if entries.is_empty() {
            tracing::debug!(event = message.event, "no handler for this event");
        }
        for entry in entries {
            let answer = CatchPanic(entry.handler.call(message, parts, state)).await;
            report(entry.name, message, &answer);
            all.push(HandlerCall {
                handler: entry.name,
                answer,
            });
        }
    }
    all
}

fn report(handler: &str, message: &IncomingMessage, answer: &Answer) {
    if !answer.is_success() {
        let (event, id) = (&message.event, message.id.as_deref().unwrap_or_default());
        tracing::error!(handler, event, id, "{answer:?}");
    }
}

/// A call that ends in [`Answer::Panicked`] instead of taking the connection with it.
struct CatchPanic<'a>(HandlerFuture<'a>);

impl Future for CatchPanic<'_> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        // The future is never polled again after a panic, so nothing sees what it left half done but what the
        // application itself shares, as with a panic in a task.
        let future = &mut self.0;
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
            .unwrap_or(Poll::Ready(Answer::Panicked))
    }
}
