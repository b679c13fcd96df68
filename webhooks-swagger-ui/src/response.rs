//! Responses with what every one of them says: what it is, and that nobody is to guess otherwise.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::negotiate::has_etag;

/// What the page may do: run and style itself from its own host, show the images inside its style sheet, and read the
/// document. Measured with Swagger UI 5.35: it renders everything, without one violation.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Text of our own, small and not compressed; asked for again each time, because its path stays when it changes.
pub(crate) struct Fixed {
    content_type: &'static str,
    policy: Option<&'static str>,
    body: Bytes,
    etag: String,
}

impl Fixed {
    pub(crate) fn page(html: String) -> Self {
        Self {
            policy: Some(POLICY),
            ..Self::new("text/html; charset=utf-8", html.into())
        }
    }

    pub(crate) fn script(text: &'static str) -> Self {
        Self::new("text/javascript; charset=utf-8", text.into())
    }

    fn new(content_type: &'static str, body: Bytes) -> Self {
        // The tag need not be the same after an update of Rust: it only has to change with the bytes.
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        Self {
            content_type,
            policy: None,
            body,
            etag: format!("\"{:016x}\"", hasher.finish()),
        }
    }

    /// The response to a GET request with these headers; axum makes that to HEAD from it.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let known = header(request, IF_NONE_MATCH).is_some_and(|tags| has_etag(tags, &self.etag));
        let mut response = if known {
            without_body(StatusCode::NOT_MODIFIED)
        } else {
            with_body(self.content_type, self.body.clone())
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
        if let Some(policy) = self.policy.filter(|_| !known) {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        response
    }
}

pub(crate) fn with_body(content_type: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

pub(crate) fn without_body(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A header of the request as text.
pub(crate) fn header(request: &HeaderMap, name: HeaderName) -> Option<&str> {
    request.get(name).and_then(|value| value.to_str().ok())
}
