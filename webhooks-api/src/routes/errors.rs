//! What each kind of problem means: the page to which a problem's `type` leads.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use http::header;

use crate::problem::{Kind, Problem};

/// The answer to a path that the API does not have.
pub(crate) async fn no_such_path(request: Request) -> Response {
    let segments = request
        .uri()
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty());
    Problem::new(Kind::NotFound, "the API has no such path").respond(segments.count())
}

/// Open to every caller: it holds nothing of an owner.
pub(crate) async fn explain(Path(slug): Path<String>) -> Response {
    let Some(kind) = Kind::ALL.iter().find(|kind| kind.slug() == slug) else {
        return Problem::new(Kind::NotFound, "there is no kind of problem of this name").respond(2);
    };
    let text = format!(
        "{}: {}\n\nStatus {}.\n",
        kind.slug(),
        kind.title(),
        kind.status()
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
