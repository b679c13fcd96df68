//! The vendored files: compressed in the binary, and sent as they are.
//!
//! `interop/vendor-swagger-ui.mjs` writes them; `assets/SHA256SUMS` says what they unpack to, and a test holds both
//! together. The version is part of their paths, so browsers keep them for good.

use webhooks_core::web::PreparedResponse;

/// The version of the files, which is in their paths.
pub(crate) const VERSION: &str = "5.35.0";

/// Swagger UI with all it needs.
pub(crate) fn bundle() -> PreparedResponse {
    let bytes = include_bytes!("../assets/swagger-ui-bundle.js.gz");
    PreparedResponse::of_gzip("text/javascript; charset=utf-8", bytes).immutable()
}

/// Its style sheet.
pub(crate) fn style() -> PreparedResponse {
    let bytes = include_bytes!("../assets/swagger-ui.css.gz");
    PreparedResponse::of_gzip("text/css; charset=utf-8", bytes).immutable()
}
