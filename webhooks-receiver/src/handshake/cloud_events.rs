//! CloudEvents' abuse protection: a sender asks for permission by its origin, and learns how fast it may send.

use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::rejection::text;

/// Who may send, and how fast.
#[derive(Clone, Debug)]
pub(super) struct AllowedOrigins {
    origins: Vec<String>,
    rate: Option<u32>,
}

impl AllowedOrigins {
    pub(super) fn new(origins: Vec<String>, rate: Option<u32>) -> Self {
        Self { origins, rate }
    }

    /// Permission is given by headers, never by the status.
    fn grant(&self, origin: HeaderValue, asked: Option<u32>) -> Response {
        let mut response = (StatusCode::OK, [(ALLOW, "POST")]).into_response();
        let rate = match (self.rate, asked) {
            (Some(most), Some(asked)) => HeaderValue::from(most.min(asked)),
            (Some(rate), None) | (None, Some(rate)) => HeaderValue::from(rate),
            (None, None) => HeaderValue::from_static("*"),
        };
        response
            .headers_mut()
            .insert("webhook-allowed-origin", origin);
        response.headers_mut().insert("webhook-allowed-rate", rate);
        response
    }
}

pub(super) fn answer(parts: &Parts, allowed: &AllowedOrigins) -> Option<Response> {
    if parts.method != Method::OPTIONS {
        return None;
    }
    let mut origins = parts.headers.get_all("webhook-request-origin").iter();
    let origin = origins.next()?;
    let is_known = allowed
        .origins
        .iter()
        .any(|known| known.as_bytes() == origin.as_bytes());
    if !is_known || origins.next().is_some() {
        return Some(text(
            StatusCode::FORBIDDEN,
            "webhooks of this origin are not received here",
        ));
    }
    let asked = parts
        .headers
        .get("webhook-request-rate")
        .and_then(|rate| rate.to_str().ok()?.parse().ok());
    Some(allowed.grant(origin.clone(), asked))
}
