//! A response whose bytes are made once: plain and compressed, with an entity tag.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;

use ::axum::body::{Body, Bytes};
use ::axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use ::axum::http::{HeaderMap, HeaderValue, StatusCode};
use ::axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::negotiate::{has_etag, takes_gzip};

/// Bytes that are ready to be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    content_type: &'static str,
    policy: Option<&'static str>,
    plain: Variant,
    /// None where compression gains nothing.
    gzip: Option<Variant>,
}

#[derive(Debug)]
struct Variant {
    body: Bytes,
    /// Quoted, as it stands in the header.
    etag: String,
}

impl Prepared {
    pub(super) fn new(content_type: &'static str, body: Vec<u8>) -> Self {
        // The tag need not be the same after an update of Rust: it only has to change with the bytes.
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let hash = hasher.finish();
        let gzip = compress(&body)
            .filter(|compressed| compressed.len() < body.len())
            .map(|compressed| Variant { body: compressed.into(), etag: format!("\"{hash:016x}-gzip\"") });
        let plain = Variant { body: body.into(), etag: format!("\"{hash:016x}\"") };
        Self { content_type, policy: None, plain, gzip }
    }

    pub(super) fn with_policy(mut self, policy: &'static str) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The response to a GET request with these headers; axum makes that to HEAD from it.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let header = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let gzip = self.gzip.as_ref().filter(|_| header(ACCEPT_ENCODING).is_some_and(takes_gzip));
        let variant = gzip.unwrap_or(&self.plain);
        let known = header(IF_NONE_MATCH).is_some_and(|tags| has_etag(tags, &[&variant.etag]));
        let mut response =
            Response::new(if known { Body::empty() } else { Body::from(variant.body.clone()) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&variant.etag) {
            headers.insert(ETAG, etag);
        }
        if known {
            return response;
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if gzip.is_some() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(policy) = self.policy {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        response
    }
}

/// Compressed with the modification time left out, so that the bytes are the same each time.
fn compress(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}
