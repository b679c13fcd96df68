//! Swagger UI on an axum router, in addition to the documentation page of `webhooks-core` or instead of it.
//!
//! ```
//! use axum::Router;
//! use webhooks_swagger_ui::SwaggerUi;
//!
//! // `docs.router()` of webhooks-core serves `/openapi.json`; here it is any router that does.
//! # let docs: Router = Router::new();
//! let app: Router = Router::new().merge(docs).merge(SwaggerUi::new().into_router());
//! // GET /swagger
//! ```
//!
//! It shows whatever document lies under a path of the same router. Webhooks of OpenAPI 3.1 appear in a section of their
//! own, with their methods, payloads and headers. It is dark where the reader's system is, and works behind basic
//! authentication, also when user and password are part of the address.
//!
//! # In addition or instead
//!
//! Merged as above it is a second page. To have it instead of the built-in page, leave the page out with
//! `DocsRouter::new(&document).without_page()` of webhooks-core, and take its place with
//! `SwaggerUi::new().path("/docs")`.
//!
//! # What is inside
//!
//! The bundle and the style sheet of [swagger-ui-dist] as they were published, compressed once, and 2 kB of page
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
mod page;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use webhooks_core::web::PreparedResponse;

use self::page::{POLICY, Page, START};

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
        let html = PreparedResponse::new("text/html; charset=utf-8", page.html()).policy(POLICY);
        let start = PreparedResponse::new("text/javascript; charset=utf-8", START);
        let router = serve(Router::new(), &self.path, html);
        let router = serve(router, &page.start_path(), start);
        let router = serve(router, &page.bundle_path(), asset::bundle());
        serve(router, &page.style_path(), asset::style())
    }
}

fn serve<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    path: &str,
    response: PreparedResponse,
) -> Router<S> {
    let response = Arc::new(response);
    // The request as a whole: axum would copy headers that are asked for alone.
    router.route(
        path,
        get(async move |request: Request| response.answer(request.headers())),
    )
}

impl Default for SwaggerUi {
    fn default() -> Self {
        Self::new()
    }
}
