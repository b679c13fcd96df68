//! What became of one request, for the response, for layers and for tests.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use webhooks_signature::Reason;

use crate::handler_return::Answer;
use crate::rejection::{self, Rejection};

/// What became of a request. It is in the extensions of the response, for layers that count or mark.
///
/// The sender sees none of it: two of these can have the same status.
///
/// ```
/// use axum::Router;
/// use axum::response::Response;
/// use webhooks_receiver::{Provider, Receiver, Reception};
///
/// async fn count(response: Response) -> Response {
///     match response.extensions().get::<Reception>() {
///         Some(Reception::NotAuthenticated(reason)) => println!("refused: {reason}"),
///         Some(Reception::Repeat) => println!("a repeat"),
///         _ => {}
///     }
///     response
/// }
///
/// # fn main() -> Result<(), webhooks_receiver::SetupError> {
/// let github = Receiver::new(Provider::GITHUB).secret("s3cret")?.on_event("push", async || ());
/// let app: Router = Router::new()
///     .route("/hooks/github", github.into())
///     .layer(axum::middleware::map_response(count));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reception {
    /// A handshake of the provider was answered.
    Handshake,
    /// Handlers were called. How that ended is in the status.
    Handled,
    /// No handler takes the event.
    Unhandled,
    /// The message came before, or another request with it is being handled.
    Repeat,
    /// The request was answered before its handlers were done.
    Late,
    /// The request could not be authenticated. The reason is for logs and metrics; keep it from the sender.
    NotAuthenticated(Reason),
    /// The request was refused for another reason, which the sender was told.
    Refused,
}

/// What became of the calls of a request's handlers, added up as they end.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The worst failure, else the first response that a handler gave.
    answer: Option<Response>,
    handlers: Vec<&'static str>,
    problems: Vec<String>,
}

impl Outcome {
    pub(crate) fn add(&mut self, handler: &'static str, answer: Answer) {
        self.handlers.push(handler);
        if !answer.is_success() {
            self.problems.push(format!("{handler}: {answer:?}"));
        }
        let Some(next) = response(answer) else {
            return;
        };
        self.answer = Some(match self.answer.take() {
            Some(first) if !is_worse(&next, &first) => first,
            _ => next,
        });
    }

    /// Whether no handler was called.
    pub(crate) fn is_empty(&self) -> bool {
        self.handlers.is_empty()
    }
}

/// A response with what led to it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) response: Response,
    pub(crate) reception: Reception,
    pub(crate) handlers: Vec<&'static str>,
    /// What went wrong, as the log has it.
    pub(crate) problems: Vec<String>,
}

impl Report {
    /// Nothing ran, and this is the response.
    pub(crate) fn only(response: Response, reception: Reception) -> Self {
        Self {
            response,
            reception,
            handlers: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn rejected(rejection: Rejection, problem: String) -> Self {
        Self {
            problems: vec![problem],
            ..Self::only(rejection.into_response(), Reception::Refused)
        }
    }

    pub(crate) fn not_authenticated(challenge: Option<&'static str>, reason: Reason) -> Self {
        let response = Rejection::NotAuthenticated(challenge).into_response();
        Self {
            problems: vec![reason.to_string()],
            ..Self::only(response, Reception::NotAuthenticated(reason))
        }
    }

    pub(crate) fn repeat(answer: impl IntoResponse) -> Self {
        Self::only(answer.into_response(), Reception::Repeat)
    }

    /// The handlers did not end in time.
    pub(crate) fn timed_out() -> Self {
        Self {
            problems: vec!["the handlers were stopped".to_owned()],
            ..Self::only(failed(), Reception::Handled)
        }
    }

    /// The handlers ran; the worst failure is the answer, else the first response that a handler gave.
    pub(crate) fn of(outcome: Outcome, unknown: StatusCode) -> Self {
        let (quiet, reception) = if outcome.is_empty() {
            (unknown, Reception::Unhandled)
        } else {
            (StatusCode::OK, Reception::Handled)
        };
        Self {
            response: outcome.answer.unwrap_or_else(|| quiet.into_response()),
            reception,
            handlers: outcome.handlers,
            problems: outcome.problems,
        }
    }

    /// The response, with the reception for layers around the route.
    pub(crate) fn into_response(self) -> Response {
        let mut response = self.response;
        response.extensions_mut().insert(self.reception);
        response
    }
}

/// What a handler's call says to the sender, if anything.
fn response(answer: Answer) -> Option<Response> {
    match answer {
        Answer::Done => None,
        Answer::Response(response) | Answer::Refused(response) => Some(response),
        Answer::Failed(_) | Answer::Panicked => Some(failed()),
        Answer::Undecodable(error) if error.unsupported => {
            Some(Rejection::Unsupported.into_response())
        }
        Answer::Undecodable(error) => {
            let text = match error.path() {
                "" => "the payload cannot be read".to_owned(),
                path => format!("the payload cannot be read at `{path}`"),
            };
            Some(rejection::text(StatusCode::UNPROCESSABLE_ENTITY, text))
        }
    }
}

fn failed() -> Response {
    rejection::text(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the message could not be handled; send it again later",
    )
}

/// A failure outweighs a success and a later status a lower one: what asks the sender to try again wins.
fn is_worse(next: &Response, first: &Response) -> bool {
    let weight =
        |response: &Response| Some(response.status()).filter(|status| !status.is_success());
    weight(next) > weight(first)
}
