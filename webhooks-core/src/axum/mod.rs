//! The document and its page on an axum router, prepared once.
//!
//! Everything that depends on axum is below this module, behind the feature of the same name, so that a later axum
//! gets a second feature and this crate keeps its version.

mod docs_router;
mod html;
mod route;
mod webhook_pages;
#[cfg(feature = "yaml")]
mod yaml;
#[cfg(not(feature = "yaml"))]
#[path = "no_yaml.rs"]
mod yaml;

use ::axum::Router;

pub use self::docs_router::DocsRouter;
use self::html::html;
use self::route::serve;
use self::webhook_pages::WebhookPages;
use crate::error::BuildError;
use crate::openapi::{Document, OpenApi};
use crate::page::{Page, Pages};
use crate::web::{PreparedResponse, relative_path};

impl DocsRouter<'_> {
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
        let router = serve(Router::new(), &self.json_path, json);
        let router = yaml::serve(router, &self);
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
            yaml_url: yaml::path(self).map(|path| relative_path(from, path)),
            style_url: relative_path(from, &format!("{base}/style.css")),
            script_url: Some(relative_path(from, &format!("{base}/page.js"))),
            links: self.links.iter().map(link).collect(),
        }
    }
}

impl Document {
    /// A router with `/openapi.json` and the page `/docs`, with the feature `yaml` also `/openapi.yaml`; for other paths
    /// see [`DocsRouter`].
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        DocsRouter::new(self).into_router()
    }
}

impl OpenApi {
    /// Builds the document and makes a router with `/openapi.json` and the page `/docs`, with the feature `yaml` also
    /// `/openapi.yaml`.
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
