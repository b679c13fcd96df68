//! REST Hooks: a secret that is sent back to confirm a subscription.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use webhooks_signature::Secret;

use crate::rejection::text;

const HEADER: &str = "x-hook-secret";

type Confirmed = Pin<Box<dyn Future<Output = bool> + Send>>;

/// The application's answer to whether it asked for a subscription.
#[derive(Clone)]
pub(crate) struct Confirm(Arc<dyn Fn(Secret) -> Confirmed + Send + Sync>);

impl Confirm {
    pub(super) fn new(confirm: Arc<dyn Fn(Secret) -> Confirmed + Send + Sync>) -> Self {
        Self(confirm)
    }
}

impl fmt::Debug for Confirm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confirm(..)")
    }
}

pub(super) async fn answer(parts: &Parts, confirm: &Confirm) -> Option<Response> {
    let mut values = parts.headers.get_all(HEADER).iter();
    let value = values.next().filter(|_| parts.method == Method::POST)?;
    let secret = value
        .to_str()
        .ok()
        .and_then(|secret| Secret::new(secret).ok());
    let is_confirmed = match (secret, values.next()) {
        (Some(secret), None) => (confirm.0)(secret).await,
        _ => false,
    };
    Some(if is_confirmed {
        (StatusCode::OK, [(HEADER, value)]).into_response()
    } else {
        text(
            StatusCode::FORBIDDEN,
            "nobody here asked for this subscription",
        )
    })
}
