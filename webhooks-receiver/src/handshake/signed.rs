//! Handshakes that are signed like a message and answered after their verification.

use std::time::UNIX_EPOCH;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use webhooks_signature::{Outgoing, Scheme, Secret};

use crate::pointer::Pointer;
use crate::scan;

/// Slack: a challenge, sent back; and its check of the certificate, where it is signed.
pub(super) fn slack(body: &[u8]) -> Option<Response> {
    // Only in a form: in JSON the same text can be a user's.
    if !scan::begins_as_json(body) {
        return super::unsigned::slacks_check(body);
    }
    if member(body, "/type")? != "url_verification" {
        return None;
    }
    let challenge = member(body, "/challenge")?;
    Some(Json(json!({ "challenge": challenge })).into_response())
}

/// Zoom: a token, sent back with its HMAC under the secret that matched.
pub(super) fn zoom(body: &[u8], secret: &Secret) -> Option<Response> {
    /// The HMAC of a text in hex, which is what a scheme over nothing but the body computes.
    const TOKEN: Scheme = Scheme::hmac_sha256("encrypted-token");

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

/// Discord's interactions: a ping of type 1.
pub(super) fn discord_interaction(body: &[u8]) -> Option<Response> {
    (member(body, "/type")? == "1").then(|| Json(json!({ "type": 1 })).into_response())
}

/// Discord's webhook events: a ping of type 0.
pub(super) fn discord_event(body: &[u8]) -> Option<Response> {
    // Discord asks for a content type although there is no content.
    let answer = || (StatusCode::NO_CONTENT, [(CONTENT_TYPE, "application/json")]).into_response();
    (member(body, "/type")? == "0").then(answer)
}

/// The text or number at a pointer of a JSON body.
fn member(body: &[u8], pointer: &str) -> Option<String> {
    let [found] = scan::find(scan::without_mark(body), [&Pointer::parse(pointer)]).ok()?;
    scan::scalar(found?)
}
