//! A route with a response that was prepared.

use std::sync::{Arc, LazyLock};

use ::axum::Router;
use ::axum::extract::Request;
use ::axum::routing::get;

use crate::web::PreparedResponse;

/// Serves what is there.
pub(super) fn serve<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    path: &str,
    prepared: PreparedResponse,
) -> Router<S> {
    let prepared = Arc::new(prepared);
    // The request as a whole: axum would copy headers that are asked for alone.
    router.route(
        path,
        get(async move |request: Request| prepared.answer(request.headers())),
    )
}

/// Serves what is made when the first client asks for it.
#[cfg_attr(
    not(feature = "yaml"),
    allow(dead_code, reason = "only YAML is made so late")
)]
pub(super) fn serve_later<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    path: &str,
    make: impl FnOnce() -> PreparedResponse + Send + 'static,
) -> Router<S> {
    let prepared = Arc::new(LazyLock::new(make));
    router.route(
        path,
        get(async move |request: Request| prepared.answer(request.headers())),
    )
}
