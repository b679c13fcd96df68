//! What stands before every page: the name that was asked for, and the session.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::door::Door;
use super::entrance;
use super::hosts::{Host, is_ours};
use super::path_prefix::PathPrefix;

/// Refuses requests that ask for another name than ours.
pub(super) async fn host(
    State(hosts): State<Arc<[Host]>>,
    request: Request,
    next: Next,
) -> Response {
    if is_ours(request.headers(), &hosts) {
        return next.run(request).await;
    }
    let text = "this dashboard does not answer to that host name; start it with `--host NAME` to allow it\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

/// Cuts off the path under which a proxy shows the pages.
pub(super) async fn prefix(
    State(prefix): State<PathPrefix>,
    request: Request,
    next: Next,
) -> Response {
    let request = prefix.cut(request);
    if request.uri().path() == "/" && !prefix.as_str().is_empty() {
        // From here no relative way is right for everyone: whether the browser's address ends with a slash is lost where a
        // proxy has cut it off.
        let to = format!("{}/overview", prefix.as_str());
        return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    }
    next.run(request).await
}

/// Lets in who has the session. The style sheet and the icon are for all: the page before needs them. Every other path is
/// answered by the portal, to an operator.
pub(super) async fn session(
    State(door): State<Arc<Door>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_for_all = matches!(path, "/assets/portal.css" | "/assets/icon.svg");
    if is_for_all || door.is_open_to(request.headers()) {
        return next.run(request).await;
    }
    let mut response = entrance::closed(path);
    // What a proxy may have stored for one visitor is not for another.
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("cookie"));
    response
}
