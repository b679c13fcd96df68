//! The pages before the pages: a button that exchanges the code, and what those read who have no session.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// What such a page may do: read the style sheet, and send its one form.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page that a code's address shows. Reading it exchanges nothing: programs that look at links do no harm.
pub(super) fn ask(code: &str) -> Response {
    let form = format!(
        "<form method=\"post\" action=\"../enter\"><input type=\"hidden\" name=\"code\" value=\"{code}\">\
         <button class=\"primary\">Open the dashboard</button></form>"
    );
    page(StatusCode::OK, "../", "Webhooks", &form)
}

/// A code that was exchanged already, or never was one.
pub(super) fn over(root: &str) -> Response {
    let text = "<p>It was used before, or is not the one that was printed. Stop <code>webhooks dashboard</code> and \
                start it again to get a new one.</p>";
    page(StatusCode::GONE, root, "This code no longer works", text)
}

/// The way in for who has no session.
pub(super) fn closed(path: &str) -> Response {
    let depth = path.matches('/').count().saturating_sub(1);
    let root = if depth == 0 {
        "./".to_owned()
    } else {
        "../".repeat(depth)
    };
    let text = "<p>Open the address that <code>webhooks dashboard</code> has printed at the terminal. It works once, \
                in one browser.</p>";
    page(
        StatusCode::UNAUTHORIZED,
        &root,
        "This dashboard is closed",
        text,
    )
}

/// The text is ours, markup and all.
fn page(status: StatusCode, root: &str, title: &str, text: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"{root}assets/portal.css\">\
         <link rel=\"icon\" href=\"{root}assets/icon.svg\" type=\"image/svg+xml\"></head>\
         <body><main><div class=\"empty problem\"><h1>{title}</h1>{text}</div></main></body></html>"
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
