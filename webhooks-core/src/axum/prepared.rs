//! A response that is made once: its bytes plain and compressed, each with all its headers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::iter;

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

/// A response that is ready to be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    plain: Variant,
    /// None where compression gains nothing.
    gzip: Option<Variant>,
}

/// The response in one encoding. Its headers are copied as a whole, which costs a request less than making them.
#[derive(Debug)]
struct Variant {
    body: Bytes,
    /// Quoted, as it stands in the header.
    etag: String,
    headers: HeaderMap,
}

impl Prepared {
    pub(super) fn new(content_type: &'static str, body: Vec<u8>) -> Self {
        // The tag need not be the same after an update of Rust: it only has to change with the bytes.
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let hash = hasher.finish();
        let gzip = compress(&body)
            .filter(|compressed| compressed.len() < body.len())
            .map(|compressed| {
                let mut variant =
                    Variant::new(content_type, compressed, format!("\"{hash:016x}-gzip\""));
                variant
                    .headers
                    .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                variant
            });
        Self {
            plain: Variant::new(content_type, body, format!("\"{hash:016x}\"")),
            gzip,
        }
    }

    pub(super) fn with_policy(mut self, policy: &'static str) -> Self {
        for variant in iter::once(&mut self.plain).chain(&mut self.gzip) {
            variant
                .headers
                .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            variant
                .headers
                .insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        self
    }

    /// The response to a GET request with these headers; axum makes that to HEAD from it.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let header = |name| {
            request
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let gzip = self
            .gzip
            .as_ref()
            .filter(|_| header(ACCEPT_ENCODING).is_some_and(takes_gzip));
        let variant = gzip.unwrap_or(&self.plain);
        if header(IF_NONE_MATCH).is_some_and(|tags| has_etag(tags, &[&variant.etag])) {
            variant.not_modified()
        } else {
            variant.response()
        }
    }
}

impl Variant {
    fn new(content_type: &'static str, body: Vec<u8>, etag: String) -> Self {
        let tag = HeaderValue::from_str(&etag)
            .expect("hexadecimal digits in quotes are a header's value");
        let headers = HeaderMap::from_iter([
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (VARY, HeaderValue::from_static("accept-encoding")),
            (ETAG, tag),
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ]);
        Self {
            body: body.into(),
            etag,
            headers,
        }
    }

    fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        response
    }

    /// Only what caches keep up to date (RFC 9110, section 15.4.5).
    fn not_modified(&self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        for name in [CACHE_CONTROL, VARY, ETAG] {
            if let Some(value) = self.headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
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
