//! The document as YAML, on a route of its own.

use ::axum::Router;

use super::docs_router::DocsRouter;
use super::route::serve_later;
use crate::web::PreparedResponse;

/// # YAML
impl DocsRouter<'_> {
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
}

/// The path of the YAML, where there is one.
pub(super) fn path<'r>(docs: &'r DocsRouter<'_>) -> Option<&'r str> {
    docs.yaml_path.as_deref()
}

/// Adds the route. The text is written when the first client asks for it.
pub(super) fn serve<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    docs: &DocsRouter<'_>,
) -> Router<S> {
    let Some(path) = path(docs) else {
        return router;
    };
    let document = docs.document.clone();
    let yaml = move || PreparedResponse::new("application/yaml", document.to_yaml());
    serve_later(router, path, yaml)
}
