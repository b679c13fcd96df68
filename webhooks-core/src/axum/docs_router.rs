//! Which routes a document gets, and under which paths.

use crate::openapi::Document;

/// The routes of a document: `/openapi.json` and the page `/docs`; with the feature `yaml` also `/openapi.yaml`.
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
    pub(super) document: &'a Document,
    pub(super) json_path: String,
    #[cfg_attr(
        not(feature = "yaml"),
        allow(dead_code, reason = "without the feature no YAML is served")
    )]
    pub(super) yaml_path: Option<String>,
    pub(super) page_path: Option<String>,
    pub(super) links: Vec<(String, String)>,
}

impl<'a> DocsRouter<'a> {
    /// The document under `/openapi.json`, with the feature `yaml` also under `/openapi.yaml`, the page under `/docs`.
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
}
