//! The document and its page on an axum router, prepared once.
//!
//! Everything that depends on axum is below this module, behind the feature of the same name, so that a later axum
//! gets a second feature and this crate keeps its version.

use std::sync::Arc;

use ::axum::Router;
use ::axum::extract::Request;
use ::axum::routing::get;

use crate::error::BuildError;
use crate::openapi::{Document, OpenApi};
use crate::page::Page;
use crate::web::{PreparedResponse, relative_path};

/// What the page may do: read its own style sheet and filter, show its own images, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of a document: `/openapi.json`, `/openapi.yaml` and the page `/docs`.
///
/// The bytes are made when the router is, compressed as well as plain, with an `ETag`; a request costs no more than a
/// static response. Links between page and document are relative, so the router can be nested under a prefix, behind
/// any layer and with any state.
///
/// ```
/// use axum::Router;
/// use webhooks_core::{DocsRouter, OpenApi};
///
/// let document = OpenApi::new("Payments", "1.0.0").build()?;
/// let docs = DocsRouter::new(&document).json_path("/spec.json").page_path("/reference");
/// let app: Router = Router::new().nest("/api", docs.into_router());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "merge `into_router()` into the app's router"]
pub struct DocsRouter<'a> {
    document: &'a Document,
    json_path: String,
    yaml_path: Option<String>,
    page_path: Option<String>,
}

impl<'a> DocsRouter<'a> {
    /// The document under `/openapi.json` and `/openapi.yaml`, the page under `/docs`.
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            json_path: "/openapi.json".to_owned(),
            yaml_path: Some("/openapi.yaml".to_owned()),
            page_path: Some("/docs".to_owned()),
        }
    }

    /// Another path for the document.
    pub fn json_path(mut self, path: impl Into<String>) -> Self {
        self.json_path = path.into();
        self
    }

    /// Another path for the document as YAML.
    pub fn yaml_path(mut self, path: impl Into<String>) -> Self {
        self.yaml_path = Some(path.into());
        self
    }

    /// Leaves the YAML out.
    pub fn without_yaml(mut self) -> Self {
        self.yaml_path = None;
        self
    }

    /// Another path for the page; its style sheet lies below it.
    pub fn page_path(mut self, path: impl Into<String>) -> Self {
        self.page_path = Some(path.into());
        self
    }

    /// Leaves the page out.
    pub fn without_page(mut self) -> Self {
        self.page_path = None;
        self
    }

    /// Writes document and page, and makes the router.
    ///
    /// # Panics
    ///
    /// When a path does not begin with `/`, as `Router::route` does.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        for warning in self.document.warnings() {
            tracing::warn!(%warning, "the OpenAPI document");
        }
        let json = PreparedResponse::new("application/json", self.document.to_json_bytes());
        let mut router = serve(Router::new(), &self.json_path, json);
        if let Some(path) = &self.yaml_path {
            let yaml = PreparedResponse::new("application/yaml", self.document.to_yaml());
            router = serve(router, path, yaml);
        }
        let Some(page_path) = &self.page_path else {
            return router;
        };
        let base = page_path.trim_end_matches('/');
        let name = base.rsplit('/').next().unwrap_or_default();
        let page = Page {
            title: None,
            json_url: relative_path(page_path, &self.json_path),
            yaml_url: self
                .yaml_path
                .as_deref()
                .map(|path| relative_path(page_path, path)),
            style_url: format!("{name}/style.css"),
            script_url: Some(format!("{name}/page.js")),
        };
        let html = self.document.to_html(&page);
        let html = PreparedResponse::new("text/html; charset=utf-8", html).policy(PAGE_POLICY);
        let style = PreparedResponse::new("text/css; charset=utf-8", Page::STYLE);
        let script = PreparedResponse::new("text/javascript; charset=utf-8", Page::SCRIPT);
        let router = serve(router, page_path, html);
        let router = serve(router, &format!("{base}/style.css"), style);
        serve(router, &format!("{base}/page.js"), script)
    }
}

impl Document {
    /// A router with `/openapi.json`, `/openapi.yaml` and the page `/docs`; for other paths see [`DocsRouter`].
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        DocsRouter::new(self).into_router()
    }
}

impl OpenApi {
    /// Builds the document and makes a router with `/openapi.json`, `/openapi.yaml` and the page
    /// `/docs`.
    ///
    /// ```standalone_crate
    /// use axum::Router;
    /// use webhooks_core::{OpenApi, Webhooks};
    ///
    /// let docs = OpenApi::new("Payments", "1.0.0").webhooks(Webhooks::collect()?);
    /// let app: Router = Router::new().merge(docs.router()?);
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Result<Router<S>, BuildError> {
        Ok(self.build()?.router())
    }
}

fn serve<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    path: &str,
    prepared: PreparedResponse,
) -> Router<S> {
    let prepared = Arc::new(prepared);
    // The request as a whole: axum would copy headers that are asked for alone.
    router.route(
        path,
        get(async move |request: Request| prepared.answer(request.headers())),
    )
}
