//! From axum's request to the verifier's view of it.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::SystemTime;

use axum::extract::{ConnectInfo, OriginalUri};
use axum::http::Uri;
use axum::http::request::Parts;
use webhooks_signature::{Rejection, Request, Verified, Verifier};

/// Verifies the bytes as they came.
pub(crate) fn authenticate(
    verifier: &dyn Verifier,
    parts: &Parts,
    body: &[u8],
    now: SystemTime,
) -> Result<Verified, Rejection> {
    seen(parts, body, |request| verifier.verify(request, now))
}

/// Refuses what no body can make good, before one is read.
pub(crate) fn precheck(
    verifier: &dyn Verifier,
    parts: &Parts,
    now: SystemTime,
) -> Result<(), Rejection> {
    seen(parts, &[], |request| verifier.precheck(request, now))
}

/// The request as a verifier sees it. The address of the other end is known where the app is served with
/// `into_make_service_with_connect_info::<SocketAddr>()`.
fn seen<T>(parts: &Parts, body: &[u8], look: impl FnOnce(&Request<'_>) -> T) -> T {
    // Inside a nested router the request's own URI is only the rest of the path.
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    let url = text(uri);
    let request = Request::new(&parts.headers, body)
        .method(parts.method.as_str())
        .url(&url);
    match parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        Some(peer) => look(&request.peer(peer.0.ip())),
        None => look(&request),
    }
}

/// The URI of a request as it came; without scheme and host, as HTTP/1 sends it, there is nothing to write out.
fn text(uri: &Uri) -> Cow<'_, str> {
    match uri.path_and_query() {
        Some(path) if uri.scheme().is_none() && uri.authority().is_none() => {
            Cow::Borrowed(path.as_str())
        }
        _ => Cow::Owned(uri.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_read_as_it_is_written() {
        for uri in [
            "/",
            "/a?b=c",
            "/a%20b?",
            "*",
            "https://example.com/a?b",
            "http://example.com",
            "example.com:443",
        ] {
            let uri: Uri = uri.parse().expect("a URI");
            assert_eq!(text(&uri), uri.to_string());
        }
    }
}
