//! A response that is made once: its bytes plain and compressed, each with all its headers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::sync::OnceLock;

use ::axum::body::{Body, Bytes};
use ::axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use ::axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ::axum::response::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::negotiate::{has_etag, takes_gzip};

/// The largest file that is unpacked for a client which takes no gzip, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A response that is ready to be sent: a request for it costs no more than a static one.
///
/// It has an `ETag` (RFC 9110, section 8.8.3) and answers `If-None-Match` with 304. It is sent compressed to clients that
/// take gzip.
///
/// ```
/// use axum::http::{HeaderMap, StatusCode};
/// use webhooks_core::web::PreparedResponse;
///
/// let style = PreparedResponse::new("text/css; charset=utf-8", "body { margin: 0 }");
/// let response = style.answer(&HeaderMap::new());
/// assert_eq!(response.status(), StatusCode::OK);
/// ```
#[derive(Debug)]
pub struct PreparedResponse {
    /// Made from the compressed bytes when the first client asks that takes no gzip, where only those were given.
    plain: OnceLock<Option<Variant>>,
    /// Absent where compression gains nothing.
    gzip: Option<Variant>,
    headers: HeaderMap,
    hash: u64,
}

/// The response in one encoding. Its headers are copied as a whole, which costs a request less than making them.
#[derive(Debug)]
struct Variant {
    body: Bytes,
    /// Quoted, as the header has it.
    etag: String,
    headers: HeaderMap,
}

impl PreparedResponse {
    /// A response with this body, compressed too if that makes it smaller. Browsers ask again each time
    /// (`Cache-Control: no-cache`), and get 304 while it is the same.
    pub fn new(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut response = Self::empty(content_type, &body);
        response.gzip = compress(&body)
            .filter(|compressed| compressed.len() < body.len())
            .map(|compressed| response.variant(compressed.into(), Encoding::Gzip));
        response.plain = OnceLock::from(Some(response.variant(body.into(), Encoding::Identity)));
        response
    }

    /// A response whose body is compressed with gzip already. It is unpacked once, for the first client that takes no
    /// gzip: browsers always do.
    pub fn of_gzip(content_type: &'static str, body: &'static [u8]) -> Self {
        let mut response = Self::empty(content_type, body);
        response.gzip = Some(response.variant(Bytes::from_static(body), Encoding::Gzip));
        response
    }

    fn empty(content_type: &'static str, body: &[u8]) -> Self {
        // The tag need not be the same after an update of Rust: it only has to change with the bytes.
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let headers = HeaderMap::from_iter([
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (VARY, HeaderValue::from_static("accept-encoding")),
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ]);
        Self {
            plain: OnceLock::new(),
            gzip: None,
            headers,
            hash: hasher.finish(),
        }
    }

    /// Adds a `Content-Security-Policy`, and keeps the address of the page from the sites that it links to.
    #[must_use]
    pub fn policy(self, policy: &'static str) -> Self {
        self.header(CONTENT_SECURITY_POLICY, policy)
            .header(REFERRER_POLICY, "no-referrer")
    }

    /// Lets browsers keep it for good: for a path that has a version in it.
    #[must_use]
    pub fn immutable(self) -> Self {
        self.header(CACHE_CONTROL, "public, max-age=31536000, immutable")
    }

    /// Lets clients and proxies keep it for an hour: for what changes seldom, and may be known late.
    #[must_use]
    pub fn hourly(self) -> Self {
        self.header(CACHE_CONTROL, "public, max-age=3600")
    }

    fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        let value = HeaderValue::from_static(value);
        let plain = self.plain.get_mut().and_then(Option::as_mut);
        for variant in plain.into_iter().chain(&mut self.gzip) {
            variant.headers.insert(name.clone(), value.clone());
        }
        self.headers.insert(name, value);
        self
    }

    /// The response to a GET request with these headers; axum makes that to HEAD from it.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let header = |name| {
            request
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let gzip = self
            .gzip
            .as_ref()
            .filter(|_| header(ACCEPT_ENCODING).is_some_and(takes_gzip));
        let Some(variant) = gzip.or_else(|| self.plain()) else {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_ACCEPTABLE;
            return response;
        };
        if header(IF_NONE_MATCH).is_some_and(|tags| has_etag(tags, &[&variant.etag])) {
            variant.not_modified()
        } else {
            variant.response()
        }
    }

    fn plain(&self) -> Option<&Variant> {
        let unpack = || {
            let mut plain = Vec::new();
            let gzip = self.gzip.as_ref()?;
            let mut decoder = GzDecoder::new(&gzip.body[..]).take(LARGEST);
            decoder.read_to_end(&mut plain).ok()?;
            Some(self.variant(plain.into(), Encoding::Identity))
        };
        self.plain.get_or_init(unpack).as_ref()
    }

    fn variant(&self, body: Bytes, encoding: Encoding) -> Variant {
        let mut headers = self.headers.clone();
        let etag = match encoding {
            Encoding::Identity => format!("\"{:016x}\"", self.hash),
            Encoding::Gzip => {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                format!("\"{:016x}-gzip\"", self.hash)
            }
        };
        let tag = HeaderValue::from_str(&etag)
            .expect("hexadecimal digits in quotes are a header's value");
        headers.insert(ETAG, tag);
        Variant {
            body,
            etag,
            headers,
        }
    }
}

#[derive(Clone, Copy)]
enum Encoding {
    Identity,
    Gzip,
}

impl Variant {
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
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}
