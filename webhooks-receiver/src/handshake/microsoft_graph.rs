//! Microsoft Graph: a token in the URL, sent back as text.

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::query::parameter;
use crate::rejection::text;

pub(super) fn answer(parts: &Parts) -> Option<Response> {
    let token = parameter(parts, "validationToken").filter(|_| parts.method == Method::POST)?;
    Some(text(StatusCode::OK, token))
}
