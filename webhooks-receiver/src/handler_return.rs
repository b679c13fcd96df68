//! What a handler returns, and what that means for the sender.

use std::fmt;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error_chain::ErrorChain;
use crate::payload::DecodeError;

/// An error of any type.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a handler can return.
///
/// | value | answer to the sender |
/// |---|---|
/// | `()`, `Ok(())` | 200, unless another handler says more |
/// | `Err(error)` | 500, so that the sender tries again; the error is logged and not sent |
/// | a `StatusCode` | that status: `GONE` unsubscribes, `SERVICE_UNAVAILABLE` asks to try again later |
/// | `Json<T>`, a `Response` | that response, for senders that read it (Discord interactions, Slack commands) |
///
/// An error is whatever `?` can turn into a boxed error: types that implement [`std::error::Error`], `anyhow::Error`,
/// `String`. It is logged with its sources. What axum asks of a route's error, `IntoResponse`, is not asked here: a
/// caller is a webhook provider and not a browser: only the status matters. A handler that wants another one than 500 returns
/// it: `Result<StatusCode, E>`, or a `Response`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "no outcome",
    note = "a handler returns `()`, `Result<(), E>` with an error type `E`, a `StatusCode`, a `Json<T>` or a `Response`"
)]
pub trait HandlerReturn {
    /// What becomes of the message.
    #[doc(hidden)]
    fn into_answer(self) -> Answer;
}

/// What became of one call of a handler.
#[doc(hidden)]
pub enum Answer {
    /// Done, with nothing to say.
    Done,
    /// Done, and this is the response; whether well or not is in its status.
    Response(Response),
    /// The handler failed.
    Failed(BoxError),
    /// The handler was not called: an extractor refused the request.
    Refused(Response),
    /// The handler was not called: the payload is not what it asks for.
    Undecodable(DecodeError),
    /// The handler panicked.
    Panicked,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        match self {
            Self::Done => true,
            Self::Response(response) => response.status().is_success(),
            Self::Failed(_) | Self::Refused(_) | Self::Undecodable(_) | Self::Panicked => false,
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Response(response) => write!(f, "answered {}", response.status().as_u16()),
            Self::Failed(error) => write!(f, "failed: {}", ErrorChain(&**error)),
            Self::Refused(response) => {
                write!(f, "an extractor answered {}", response.status().as_u16())
            }
            Self::Undecodable(error) => write!(f, "the payload cannot be read: {error}"),
            Self::Panicked => f.write_str("panicked"),
        }
    }
}

impl HandlerReturn for () {
    fn into_answer(self) -> Answer {
        Answer::Done
    }
}

impl HandlerReturn for StatusCode {
    fn into_answer(self) -> Answer {
        Answer::Response(self.into_response())
    }
}

impl HandlerReturn for Response {
    fn into_answer(self) -> Answer {
        Answer::Response(self)
    }
}

impl<T: Serialize> HandlerReturn for Json<T> {
    fn into_answer(self) -> Answer {
        Answer::Response(self.into_response())
    }
}

impl<O: HandlerReturn, E: HandlerError> HandlerReturn for Result<O, E> {
    fn into_answer(self) -> Answer {
        match self {
            Ok(outcome) => outcome.into_answer(),
            Err(error) => Answer::Failed(error.into_boxed()),
        }
    }
}

/// The error of a handler: whatever `?` can turn into a boxed error. There is nothing to implement by hand.
///
/// A trait of its own, so that a type that is not an error is answered with what to do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a handler",
    label = "not an error",
    note = "the error of a handler implements `std::error::Error + Send + Sync`, or is an `anyhow::Error`, a `Box<dyn Error + Send + Sync>` or a `String`",
    note = "what is meant as an answer for the sender is returned as a `StatusCode` or a `Response`"
)]
pub trait HandlerError {
    #[doc(hidden)]
    fn into_boxed(self) -> BoxError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> HandlerError for E {
    fn into_boxed(self) -> BoxError {
        self.into()
    }
}
