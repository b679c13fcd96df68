//! A page for each webhook, written when the first client asks for it and kept.
//!
//! So a catalogue of hundreds of webhooks costs nothing at the start, and a page that is asked for again costs what a
//! static response does.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use ::axum::Router;
use ::axum::extract::Path;
use ::axum::http::{HeaderMap, StatusCode};
use ::axum::response::{IntoResponse, Response};
use ::axum::routing::get;

use super::html::html;
use crate::page::{Page, Pages};
use crate::web::PreparedResponse;

/// The pages of the webhooks of one document.
#[derive(Debug)]
pub(super) struct WebhookPages {
    pages: Pages,
    /// The addresses, as they are seen from each of these pages.
    page: Page,
    /// The address of the index.
    index: String,
    /// One for each webhook: so nothing else is ever written or kept.
    prepared: HashMap<String, OnceLock<Option<PreparedResponse>>>,
}

impl WebhookPages {
    pub(super) fn new(pages: Pages, page: Page, index: String) -> Self {
        let prepared = pages
            .webhook_names()
            .map(|name| (name.to_owned(), OnceLock::new()))
            .collect();
        Self {
            pages,
            page,
            index,
            prepared,
        }
    }

    /// Serves them under a path with the parameter `name`.
    pub(super) fn serve<S: Clone + Send + Sync + 'static>(
        self,
        router: Router<S>,
        path: &str,
    ) -> Router<S> {
        let pages = Arc::new(self);
        router.route(
            path,
            get(async move |Path(name): Path<String>, headers: HeaderMap| {
                pages.answer(&name, &headers)
            }),
        )
    }

    fn answer(&self, name: &str, request: &HeaderMap) -> Response {
        let write = || self.pages.webhook(name, &self.page, &self.index).map(html);
        let prepared = self
            .prepared
            .get(name)
            .and_then(|page| page.get_or_init(write).as_ref());
        match prepared {
            Some(page) => page.answer(request),
            None => (StatusCode::NOT_FOUND, "There is no webhook of this name.").into_response(),
        }
    }
}
