//! Why an operation did not succeed, as the client tells it.

use std::fmt;

use http::StatusCode;

use super::transport::TransportError;
use crate::problem::{Kind, ProblemDocument};

/// Why an operation did not succeed.
///
/// ```
/// use webhooks_api::answer::ProblemKind;
/// use webhooks_api::client::ClientError;
///
/// fn is_gone(error: &ClientError) -> bool {
///     error.kind() == Some(ProblemKind::NotFound)
/// }
/// # let _ = is_gone;
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The API answered with a problem document.
    Problem(Box<ProblemDocument>),
    /// Something else answered: a proxy, or a server that has no such API there.
    Unexpected {
        /// The status.
        status: StatusCode,
        /// The first bytes of what came, as text.
        text: String,
    },
    /// The answer is not what this version of the client reads. What was asked for may have been done.
    Unreadable(String),
    /// There was no answer in time. What was asked for may have been done.
    Timeout,
    /// There was no answer. What was asked for may have been done.
    Transport(TransportError),
    /// The request cannot be made.
    Request(String),
}

impl ClientError {
    /// The kind of the problem; none where there is no problem document, or one of a kind that this version does not know.
    pub fn kind(&self) -> Option<Kind> {
        self.problem().and_then(ProblemDocument::known_kind)
    }

    /// The problem document, where the API answered with one.
    pub fn problem(&self) -> Option<&ProblemDocument> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The status of the answer, where there was one that says no.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Unexpected { status, .. } => Some(status.as_u16()),
            _ => None,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => {
                write!(f, "{}: {}", problem.title, problem.detail)?;
                for part in &problem.errors {
                    write!(f, "; {}: {}", part.pointer, part.detail)?;
                }
                Ok(())
            }
            Self::Unexpected { status, text } => {
                write!(f, "status {status}, and not from the API: {text}")
            }
            Self::Unreadable(why) => write!(f, "the answer cannot be read: {why}"),
            Self::Timeout => f.write_str("there was no answer in time"),
            Self::Transport(error) => error.fmt(f),
            Self::Request(why) => write!(f, "the request cannot be made: {why}"),
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            _ => None,
        }
    }
}

impl From<TransportError> for ClientError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}
