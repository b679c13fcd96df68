//! The requests that no handler sees: why, with which status, and what the sender may read about it.
//!
//! The text goes to the client, which may be an attacker. So it holds nothing about secrets, signatures or the inside of the
//! application, and nothing of the request; a missing and a wrong signature look the same. The reason, for the log, may
//! be more precise.

use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

/// Why a request went no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// With the methods that are allowed, as `Allow` lists them.
    MethodNotAllowed(HeaderValue),
    BodyTooLarge,
    BodyTooSlow,
    BodyBroken,
    /// With the challenge, if the scheme has one.
    NotAuthenticated(Option<&'static str>),
    /// The name of the event does not belong to the id that the signature covers.
    NotBound,
    NotJson,
    /// The body is a form, and the provider sends none.
    UnexpectedForm,
    Ambiguous,
    NoEventName,
    /// A name or an id that is too long, or holds what names never hold.
    UnusableName,
    NoBatch,
    Unsupported,
    /// The id was already used for another body, and the receiver is set to refuse that.
    OtherBody,
    /// What remembers ids, or what looks secrets up, could not be asked.
    Unavailable,
    /// The memory for bodies that are not verified is used up.
    Overloaded,
    /// The same message is being handled right now, and how that ends is not known yet.
    InProgress,
}

impl Rejection {
    pub(crate) fn status(&self) -> StatusCode {
        self.row().0
    }

    /// What the sender reads.
    pub(crate) fn text(&self) -> &'static str {
        self.row().1
    }

    /// What the log says.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::NotBound => "the name of the event does not belong to the id of the message",
            _ => self.text(),
        }
    }

    fn row(&self) -> (StatusCode, &'static str) {
        match self {
            Self::MethodNotAllowed(_) => (
                StatusCode::METHOD_NOT_ALLOWED,
                "webhooks are not received with this method",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is larger than this receiver accepts",
            ),
            Self::BodyTooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "the body did not arrive in time",
            ),
            Self::BodyBroken => (
                StatusCode::BAD_REQUEST,
                "the body ended before it was complete",
            ),
            Self::NotAuthenticated(_) | Self::NotBound => (
                StatusCode::UNAUTHORIZED,
                "the request could not be authenticated",
            ),
            Self::NotJson => (StatusCode::BAD_REQUEST, "the body is not JSON"),
            Self::UnexpectedForm => (
                StatusCode::BAD_REQUEST,
                "the body is a form, and JSON is expected",
            ),
            Self::Ambiguous => (
                StatusCode::BAD_REQUEST,
                "the event's name or the payload stands in the request twice, with different readings",
            ),
            Self::NoEventName => (
                StatusCode::BAD_REQUEST,
                "the request does not name an event",
            ),
            Self::UnusableName => (
                StatusCode::BAD_REQUEST,
                "the event's name or the message's id is longer than 256 bytes, or has control characters, or \
                 blanks at an end",
            ),
            Self::NoBatch => (
                StatusCode::BAD_REQUEST,
                "the body does not hold a list where one is expected",
            ),
            Self::Unsupported => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body is compressed or has several parts; send JSON or a form as it is",
            ),
            Self::OtherBody => (
                StatusCode::CONFLICT,
                "another message with this id was received before",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the message cannot be received now; send it again later",
            ),
            Self::Overloaded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too many requests are being received; send it again later",
            ),
            Self::InProgress => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the message is being handled; send it again later",
            ),
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::MethodNotAllowed(allowed) => Some((ALLOW, allowed.clone())),
            Self::NotAuthenticated(challenge) => {
                challenge.map(|challenge| (WWW_AUTHENTICATE, HeaderValue::from_static(challenge)))
            }
            Self::InProgress | Self::Overloaded => {
                Some((RETRY_AFTER, HeaderValue::from_static("5")))
            }
            _ => None,
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = text(self.status(), self.text());
        response
            .headers_mut()
            .extend(self.header().map(|(name, value)| (Some(name), value)));
        response
    }
}

/// A response of plain text that no browser takes for anything else.
pub(crate) fn text(status: StatusCode, text: impl Into<axum::body::Body>) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 2] = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (
            axum::http::header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (status, HEADERS, text.into()).into_response()
}
