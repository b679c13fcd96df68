//! Swagger UI on an axum router, beside the documentation page of `webhooks-core` or instead of it.
//!
//! ```
//! use axum::Router;
//! use webhooks_swagger_ui::SwaggerUi;
//!
//! // `docs.router()` of webhooks-core serves `/openapi.json`; here stands any router that does.
//! # let docs: Router = Router::new();
//! let app: Router = Router::new().merge(docs).merge(SwaggerUi::new().into_router());
//! // GET /swagger
//! ```
//!
//! The crate knows nothing of webhooks: it shows whatever document lies under a path of the same router. Webhooks of
//! OpenAPI 3.1 appear in a section of their own, with their methods, payloads and headers.
//!
//! # Beside or instead
//!
//! Merged as above it stands beside the page. Instead of it: leave the page out with
//! `DocsRouter::new(&document).without_page()` of webhooks-core, and take its place with
//! `SwaggerUi::new().path("/docs")`.
//!
//! # What is inside
//!
//! The bundle and the style sheet of [swagger-ui-dist] as they were published, compressed once, and 700 bytes of page
//! and script. They are sent as they lie in the binary; for a client that takes no gzip they are unpacked once. Nothing
//! is downloaded, neither when the crate is built nor when the page is shown, and the page's Content-Security-Policy
//! keeps it so: it may load from its own host only, and run no inline script.
//!
//! Swagger UI is under the licence Apache-2.0, Copyright 2020-2021 `SmartBear` Software Inc. Its licence, its notice and the notices of
//! what the bundle contains lie in the folder `assets` of this crate.
//!
//! # "Try it out"
//!
//! The policy lets the page call the host that served it. A document whose `servers` name another host is shown in full,
//! but requests to that host are blocked by the browser. The redirect page of OAuth 2 flows is not included.
//!
//! [swagger-ui-dist]: https://www.npmjs.com/package/swagger-ui-dist

mod asset;
mod negotiate;
mod page;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;

use self::asset::{BUNDLE, STYLE};
use self::page::Page;
use self::response::Fixed;

/// The version of Swagger UI that this crate carries, as in `5.35.0`.
pub const SWAGGER_UI_VERSION: &str = asset::VERSION;

/// Swagger UI for the document under one path of the same router.
///
/// All links are relative, so the router can be nested under a prefix together with the document's.
///
/// ```
/// use axum::Router;
/// use webhooks_swagger_ui::SwaggerUi;
///
/// let swagger = SwaggerUi::new().document("/spec.json").path("/reference").title("Payments");
/// let app: Router = Router::new().nest("/api", swagger.into_router());
/// // GET /api/reference shows /api/spec.json
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "merge `into_router()` into the app's router"]
pub struct SwaggerUi {
    document: String,
    path: String,
    title: String,
}

impl SwaggerUi {
    /// Swagger UI under `/swagger` for the document under `/openapi.json`.
    pub fn new() -> Self {
        Self {
            document: "/openapi.json".to_owned(),
            path: "/swagger".to_owned(),
            title: "Swagger UI".to_owned(),
        }
    }

    /// The path of the document, JSON or YAML; `/openapi.json` by default.
    pub fn document(mut self, path: impl Into<String>) -> Self {
        self.document = path.into();
        self
    }

    /// The path of the page; `/swagger` by default. The files it loads lie below it.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The title of the browser's tab; `Swagger UI` by default.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The routes: the page, and below it its script, its style sheet and the bundle.
    ///
    /// # Panics
    ///
    /// When a path does not begin with `/`, as `Router::route` does.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        assert!(
            self.document.starts_with('/'),
            "the document's path `{}` must begin with `/`",
            self.document
        );
        let page = Page::new(&self.path, &self.document, &self.title);
        let (bundle, style) = (page.bundle_path(), page.style_path());
        let html = Arc::new(Fixed::page(page.html()));
        let start = Arc::new(Fixed::script(page::START));
        Router::new()
            .route(
                &self.path,
                get(async move |headers: HeaderMap| html.answer(&headers)),
            )
            .route(
                &page.start_path(),
                get(async move |headers: HeaderMap| start.answer(&headers)),
            )
            .route(
                &bundle,
                get(async |headers: HeaderMap| BUNDLE.answer(&headers)),
            )
            .route(
                &style,
                get(async |headers: HeaderMap| STYLE.answer(&headers)),
            )
    }
}

impl Default for SwaggerUi {
    fn default() -> Self {
        Self::new()
    }
}
