//! The requests that no handler sees: why, with which status, and what may be said about it.
//!
//! One table. The text goes to whoever sent the request, so it says nothing of secrets, signatures or the inside of
//! the application; a missing and a wrong signature look the same.

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
    NotJson,
    Ambiguous,
    NoEventName,
    NoBatch,
    Unsupported,
    /// The id was already used for another body, and the receiver was told to refuse that.
    OtherBody,
    /// What remembers ids, or what looks secrets up, could not be asked.
    Unavailable,
    /// The same message is being handled right now, and nobody knows yet how that ends.
    InProgress,
}

impl Rejection {
    pub(crate) fn status(&self) -> StatusCode {
        self.row().0
    }

    /// What is said to the sender.
    pub(crate) fn text(&self) -> &'static str {
        self.row().1
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
            Self::NotAuthenticated(_) => (
                StatusCode::UNAUTHORIZED,
                "the request could not be authenticated",
            ),
            Self::NotJson => (StatusCode::BAD_REQUEST, "the body is not JSON"),
            Self::Ambiguous => (
                StatusCode::BAD_REQUEST,
                "the event's name or the payload stands in the request twice, with different readings",
            ),
            Self::NoEventName => (
                StatusCode::BAD_REQUEST,
                "the request does not name an event",
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
            Self::InProgress => Some((RETRY_AFTER, HeaderValue::from_static("5"))),
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
