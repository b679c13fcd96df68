//! Zoom: a token that is sent back with its HMAC under the webhook's secret.

use std::time::UNIX_EPOCH;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use webhooks_signature::{Outgoing, Scheme, Secret};

use super::member;

/// The HMAC of a text, in hex, which is what a scheme over nothing but the body computes.
const TOKEN: Scheme = Scheme::hmac_sha256("encrypted-token");

pub(super) fn answer(body: &[u8], secret: &Secret) -> Option<Response> {
    if member(body, "/event")? != "endpoint.url_validation" {
        return None;
    }
    let token = member(body, "/payload/plainToken")?;
    let signer = TOKEN.signer([secret]).ok()?;
    let headers = signer
        .sign(&Outgoing::new(token.as_bytes(), UNIX_EPOCH))
        .ok()?;
    let (_, encrypted) = headers.into_iter().next()?;
    Some(Json(json!({ "plainToken": token, "encryptedToken": encrypted })).into_response())
}
