//! The vendored files: compressed in the binary, and sent as they are.
//!
//! `interop/vendor-swagger-ui.mjs` writes them; `assets/SHA256SUMS` says what they unpack to, and a test holds both
//! together. The version is part of their paths, so browsers keep them for good.

use std::io::Read;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::read::GzDecoder;

use crate::negotiate::{has_etag, takes_gzip};
use crate::response::{header, with_body, without_body};

/// The version of the files, which is in their paths and entity tags.
pub(crate) const VERSION: &str = "5.35.0";

/// Swagger UI with all it needs.
pub(crate) static BUNDLE: Asset = Asset::new(
    "text/javascript; charset=utf-8",
    include_bytes!("../assets/swagger-ui-bundle.js.gz"),
    [
        "\"swagger-ui-bundle-5.35.0\"",
        "\"swagger-ui-bundle-5.35.0-gzip\"",
    ],
);

/// Its style sheet.
pub(crate) static STYLE: Asset = Asset::new(
    "text/css; charset=utf-8",
    include_bytes!("../assets/swagger-ui.css.gz"),
    ["\"swagger-ui-5.35.0\"", "\"swagger-ui-5.35.0-gzip\""],
);

/// One file of another project, which never changes under its path.
pub(crate) struct Asset {
    content_type: &'static str,
    gzip: &'static [u8],
    /// Made when the first client asks for it that takes no gzip: browsers never do.
    plain: OnceLock<Option<Bytes>>,
    /// Of the plain and of the compressed bytes.
    etags: [&'static str; 2],
}

impl Asset {
    const fn new(
        content_type: &'static str,
        gzip: &'static [u8],
        etags: [&'static str; 2],
    ) -> Self {
        Self {
            content_type,
            gzip,
            plain: OnceLock::new(),
            etags,
        }
    }

    /// The response to a GET request with these headers; axum makes that to HEAD from it.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let gzip = header(request, ACCEPT_ENCODING).is_some_and(takes_gzip);
        let etag = self.etags[usize::from(gzip)];
        let known = header(request, IF_NONE_MATCH).is_some_and(|tags| has_etag(tags, etag));
        let mut response = match (known, gzip) {
            (true, _) => without_body(StatusCode::NOT_MODIFIED),
            (false, true) => with_body(self.content_type, Bytes::from_static(self.gzip)),
            (false, false) => match self.plain() {
                Some(bytes) => with_body(self.content_type, bytes),
                None => return without_body(StatusCode::NOT_ACCEPTABLE),
            },
        };
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            "cache-control",
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        );
        headers.insert("etag", HeaderValue::from_static(etag));
        if gzip && !known {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    fn plain(&self) -> Option<Bytes> {
        let unpack = || {
            let mut plain = Vec::new();
            GzDecoder::new(self.gzip)
                .read_to_end(&mut plain)
                .is_ok()
                .then(|| plain.into())
        };
        self.plain.get_or_init(unpack).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_in_every_entity_tag() {
        for asset in [&BUNDLE, &STYLE] {
            assert!(
                asset.etags.iter().all(|etag| etag.contains(VERSION)),
                "{:?}",
                asset.etags
            );
            assert_ne!(asset.etags[0], asset.etags[1]);
        }
    }
}
