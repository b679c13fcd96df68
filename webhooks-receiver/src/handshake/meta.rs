//! Meta: a challenge by GET, before anything is signed.

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use webhooks_signature::Secret;

use super::query::parameter;
use crate::rejection::text;

pub(super) fn answer(parts: &Parts, token: &Secret) -> Option<Response> {
    if parts.method != Method::GET || parameter(parts, "hub.mode")? != "subscribe" {
        return None;
    }
    let given = parameter(parts, "hub.verify_token").and_then(|given| Secret::new(given).ok());
    let challenge = parameter(parts, "hub.challenge").filter(|_| given.as_ref() == Some(token));
    Some(match challenge {
        Some(challenge) => text(StatusCode::OK, challenge),
        None => text(
            StatusCode::FORBIDDEN,
            "the verify token is not the one that was agreed",
        ),
    })
}
