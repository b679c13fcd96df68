//! Discord: a signed ping, of another type for interactions than for webhook events.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::member;

pub(super) fn answer_interaction(body: &[u8]) -> Option<Response> {
    (member(body, "/type")? == "1").then(|| Json(json!({ "type": 1 })).into_response())
}

pub(super) fn answer_event(body: &[u8]) -> Option<Response> {
    // Discord asks for a content type also where there is no content.
    let answer = || (StatusCode::NO_CONTENT, [(CONTENT_TYPE, "application/json")]).into_response();
    (member(body, "/type")? == "0").then(answer)
}
