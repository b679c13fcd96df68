//! Slack: a signed challenge, and a check of the certificate that is not signed.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::member;
use crate::rejection::text;

/// Whether the body may be one that comes unsigned: a form.
pub(super) fn reads_unsigned(parts: &Parts) -> bool {
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.as_bytes().to_ascii_lowercase());
    content_type.is_some_and(|value| value.starts_with(b"application/x-www-form-urlencoded"))
}

/// `ssl_check=1` in a form. Nothing is done, so that anyone may ask.
pub(super) fn answer_unsigned(parts: &Parts, body: &[u8]) -> Option<Response> {
    let fields: Vec<(String, String)> =
        reads_unsigned(parts).then(|| serde_html_form::from_bytes(body).ok())??;
    let is_check = fields
        .iter()
        .any(|(name, value)| name == "ssl_check" && value == "1");
    is_check.then(|| text(StatusCode::OK, ""))
}

pub(super) fn answer_signed(body: &[u8]) -> Option<Response> {
    if member(body, "/type")? != "url_verification" {
        return None;
    }
    let challenge = member(body, "/challenge")?;
    Some(Json(json!({ "challenge": challenge })).into_response())
}
