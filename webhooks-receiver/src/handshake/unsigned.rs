//! Handshakes that nothing signs. Any client can send them, so they only echo or permit.

use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use webhooks_signature::Secret;

use crate::rejection::text;

/// Meta: a challenge by GET, for those who know the verify token.
pub(super) fn meta(parts: &Parts, token: &Secret) -> Option<Response> {
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

/// Microsoft Graph: a token in the URL, sent back as text.
pub(super) fn microsoft_graph(parts: &Parts) -> Option<Response> {
    let token = parameter(parts, "validationToken").filter(|_| parts.method == Method::POST)?;
    Some(text(StatusCode::OK, token))
}

/// Mandrill: HEAD, to see whether the URL exists.
pub(super) fn head(parts: &Parts) -> Option<Response> {
    (parts.method == Method::HEAD).then(|| text(StatusCode::OK, ""))
}

/// Bitbucket's connection test: a header says that it is one, and there is no signature to be wrong.
pub(super) fn bitbucket(parts: &Parts) -> Option<Response> {
    let is_ping = parts.method == Method::POST
        && !parts.headers.contains_key("x-hub-signature")
        && parts
            .headers
            .get("x-event-key")
            .is_some_and(|key| key == "diagnostics:ping");
    is_ping.then(|| text(StatusCode::OK, ""))
}

/// Dropbox: a challenge by GET, sent back as text.
pub(super) fn dropbox(parts: &Parts) -> Option<Response> {
    let challenge = parameter(parts, "challenge").filter(|_| parts.method == Method::GET)?;
    Some(text(StatusCode::OK, challenge))
}

/// Whether the body may be a handshake that is a form: Slack's check of the certificate, WooCommerce's ping.
pub(super) fn is_form(parts: &Parts) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    parts.method == Method::POST
        && parts.headers.get(CONTENT_TYPE).is_some_and(|value| {
            value
                .as_bytes()
                .get(..FORM.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
        })
}

/// Slack: `ssl_check=1` in a form.
pub(super) fn slacks_check(body: &[u8]) -> Option<Response> {
    let is_check = body
        .split(|byte| *byte == b'&')
        .any(|pair| pair == b"ssl_check=1");
    is_check.then(|| text(StatusCode::OK, ""))
}

/// WooCommerce: the number of the webhook, and nothing else.
pub(super) fn woocommerces_ping(body: &[u8]) -> Option<Response> {
    let number = body.strip_prefix(b"webhook_id=")?;
    let is_number = (1..=20).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    is_number.then(|| text(StatusCode::OK, ""))
}

/// The value of a parameter of the URL, decoded. None where it is missing or comes twice.
fn parameter(parts: &Parts, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(parts.uri.query()?).ok()?;
    let mut values = pairs
        .into_iter()
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value);
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
