//! The document and its page on an axum router, prepared once.
//!
//! Everything that depends on axum is below this module, behind the feature of the same name, so that a later axum
//! gets a second feature and this crate keeps its version.

mod html;
mod webhook_pages;

use std::sync::{Arc, LazyLock};

use ::axum::Router;
use ::axum::extract::Request;
use ::axum::routing::get;

use self::html::html;
use self::webhook_pages::WebhookPages;
use crate::error::BuildError;
use crate::openapi::{Document, OpenApi};
use crate::page::{Page, Pages};
use crate::web::{PreparedResponse, relative_path};

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
    links: Vec<(String, String)>,
}

impl<'a> DocsRouter<'a> {
    /// The document under `/openapi.json` and `/openapi.yaml`, the page under `/docs`.
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            json_path: "/openapi.json".to_owned(),
            yaml_path: Some("/openapi.yaml".to_owned()),
            page_path: Some("/docs".to_owned()),
            links: Vec::new(),
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

    /// A further link at the top of the page, to Swagger UI for example: its text, and a path of the same router.
    pub fn link(mut self, text: impl Into<String>, path: impl Into<String>) -> Self {
        self.links.push((text.into(), path.into()));
        self
    }

    /// Writes document and page, and makes the router.
    ///
    /// With more than a hundred webhooks the page is an index, and each webhook has a page below it. Those, and the
    /// document as YAML, are written when the first client asks for them.
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
            let document = self.document.clone();
            let yaml = move || PreparedResponse::new("application/yaml", document.to_yaml());
            router = serve_later(router, path, yaml);
        }
        let Some(page_path) = self.page_path.clone() else {
            return router;
        };
        let base = page_path.trim_end_matches('/');
        let style = PreparedResponse::new("text/css; charset=utf-8", Page::STYLE);
        let script = PreparedResponse::new("text/javascript; charset=utf-8", Page::SCRIPT);
        let router = serve(router, &format!("{base}/style.css"), style);
        let router = serve(router, &format!("{base}/page.js"), script);
        let pages = Pages::new(self.document.to_value());
        let page = self.page_at(&page_path, base);
        if !pages.is_split() {
            return serve(router, &page_path, html(pages.whole(&page)));
        }
        let below = format!("{base}/webhooks/");
        let index = html(pages.index(&page, &relative_path(&page_path, &below)));
        let router = serve(router, &page_path, index);
        let of_webhooks = WebhookPages::new(
            pages,
            self.page_at(&below, base),
            relative_path(&below, &page_path),
        );
        of_webhooks.serve(router, &format!("{below}{{name}}"))
    }

    /// The addresses that a page has, seen from where it is itself.
    fn page_at(&self, from: &str, base: &str) -> Page {
        let link = |(text, path): &(String, String)| (text.clone(), relative_path(from, path));
        Page {
            title: None,
            json_url: relative_path(from, &self.json_path),
            yaml_url: self
                .yaml_path
                .as_deref()
                .map(|path| relative_path(from, path)),
            style_url: relative_path(from, &format!("{base}/style.css")),
            script_url: Some(relative_path(from, &format!("{base}/page.js"))),
            links: self.links.iter().map(link).collect(),
        }
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

/// Serves what is made when the first client asks for it.
fn serve_later<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    path: &str,
    make: impl FnOnce() -> PreparedResponse + Send + 'static,
) -> Router<S> {
    let prepared = Arc::new(LazyLock::new(make));
    router.route(
        path,
        get(async move |request: Request| prepared.answer(request.headers())),
    )
}
