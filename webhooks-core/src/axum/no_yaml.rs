//! Replaces `yaml` when the feature `yaml` is off: no route.

use ::axum::Router;

use super::docs_router::DocsRouter;

/// None.
pub(super) fn path<'r>(_: &'r DocsRouter<'_>) -> Option<&'r str> {
    None
}

/// Adds nothing.
pub(super) fn serve<S>(router: Router<S>, _: &DocsRouter<'_>) -> Router<S> {
    router
}
