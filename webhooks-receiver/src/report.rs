//! What became of one request, for the response and for tests.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::dispatch::HandlerCall;
use crate::handler_return::Answer;
use crate::rejection::{self, Rejection};

/// A response with what led to it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) response: Response,
    pub(crate) ran: Vec<&'static str>,
    /// What went wrong, as the log has it.
    pub(crate) problems: Vec<String>,
    pub(crate) is_duplicate: bool,
}

impl Report {
    /// Nothing ran, and this is the response.
    pub(crate) fn only(response: Response) -> Self {
        Self {
            response,
            ran: Vec::new(),
            problems: Vec::new(),
            is_duplicate: false,
        }
    }

    pub(crate) fn rejected(rejection: Rejection, problem: String) -> Self {
        Self {
            problems: vec![problem],
            ..Self::only(rejection.into_response())
        }
    }

    pub(crate) fn duplicate(answer: impl IntoResponse) -> Self {
        Self {
            is_duplicate: true,
            ..Self::only(answer.into_response())
        }
    }

    /// The handlers ran; the worst failure is the answer, else the first response that a handler gave.
    pub(crate) fn of(ran: Vec<HandlerCall>, unknown: StatusCode) -> Self {
        let names = ran.iter().map(|one| one.handler).collect();
        let failed = ran.iter().filter(|one| !one.answer.is_success());
        let problems = failed
            .map(|one| format!("{}: {:?}", one.handler, one.answer))
            .collect();
        let quiet = if ran.is_empty() {
            unknown
        } else {
            StatusCode::OK
        };
        let responses = ran.into_iter().filter_map(|one| response(one.answer));
        let answer =
            responses.reduce(|first, next| if is_worse(&next, &first) { next } else { first });
        let response = answer.unwrap_or_else(|| quiet.into_response());
        Self {
            response,
            ran: names,
            problems,
            is_duplicate: false,
        }
    }
}

/// What a handler's call says to the sender, if anything.
fn response(answer: Answer) -> Option<Response> {
    match answer {
        Answer::Done => None,
        Answer::Response(response) | Answer::Refused(response) => Some(response),
        Answer::Failed(_) | Answer::Panicked => {
            let text = "the message could not be handled; send it again later";
            Some(rejection::text(StatusCode::INTERNAL_SERVER_ERROR, text))
        }
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

/// A failure outweighs a success and a later status a lower one: what asks the sender to try again wins.
fn is_worse(next: &Response, first: &Response) -> bool {
    let weight =
        |response: &Response| Some(response.status()).filter(|status| !status.is_success());
    weight(next) > weight(first)
}
