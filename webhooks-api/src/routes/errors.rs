//! What each kind of problem means: the page to which a problem's `type` leads.

use axum::extract::{OriginalUri, Path, Request};
use axum::response::{IntoResponse, Response};
use http::header;

use crate::problem::{Kind, Problem};

/// The answer to a path that the API does not have.
pub(crate) async fn no_such_path(OriginalUri(whole): OriginalUri, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/" && !whole.path().ends_with('/') {
        // The API's own address without a slash at its end: the pages of problems are below its last segment.
        let last = whole.path().rsplit('/').next().unwrap_or_default();
        return no_such().respond_at(&format!("./{last}/"));
    }
    no_such().respond(path.matches('/').count())
}

/// The answer to the API's own address with a slash at its end.
pub(crate) async fn at_the_root() -> Response {
    no_such().respond(1)
}

fn no_such() -> Problem {
    let detail = "the API has no such path; its `openapi.json` has all of them";
    Problem::new(Kind::NotFound, detail)
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
