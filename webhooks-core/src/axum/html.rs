//! A page of HTML as a response: with the policy that keeps it from doing anything but showing itself.

use crate::web::PreparedResponse;

/// What the page may do: read its own style sheet and filter, show its own images, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page that is ready to be sent.
pub(super) fn html(page: String) -> PreparedResponse {
    PreparedResponse::new("text/html; charset=utf-8", page).policy(PAGE_POLICY)
}
