//! What goes back to the browser: a page with the policy that keeps it from doing anything but showing itself, a way to
//! another page, or a file.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::cookie::{Cookie, Cookies};
use crate::pages::problem;
use crate::parts::frame;
use crate::reply::{Page, Reply};
use crate::source::Problem;
use crate::tail::Tail;
use crate::visit::Visit;

fn see(way: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(way) = HeaderValue::from_str(way) {
        response.headers_mut().insert(header::LOCATION, way);
    }
    response
}

pub(crate) fn respond(
    visit: &Visit,
    cookies: Cookies,
    outcome: Result<Reply, Problem>,
) -> Response {
    match outcome {
        Ok(Reply::Page(page)) => html(visit, &page),
        Ok(Reply::See(path)) => see(&visit.link(&path)),
        Ok(Reply::Enter {
            token,
            lasts,
            is_embedded,
        }) => {
            let cookie = cookies
                .embedded(is_embedded)
                .set(Cookie::Session, &token, Some(lasts));
            with_cookie(see(&visit.link("subscriptions")), cookie)
        }
        Ok(Reply::Leave) => {
            let cookie = cookies.set(Cookie::Session, "", Some(0));
            with_cookie(html(visit, &problem::left(visit)), cookie)
        }
        Ok(Reply::Stream(answer)) => events(answer),
        Ok(Reply::File { name, bytes }) => file(&name, bytes),
        Err(problem) => html(visit, &problem::page(visit, &problem)),
    }
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What the page may do: read its own style sheet and script, send its own forms, and nothing else.
fn html(visit: &Visit, page: &Page) -> Response {
    let mut ancestors: Vec<&str> = visit.frame_ancestors().collect();
    if ancestors.is_empty() {
        ancestors.push("'none'");
    }
    let ancestors = ancestors.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    let mut response = (page.status, frame(visit, page)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Server-sent events, with the headers of the API's answer.
fn events(answer: Response) -> Response {
    let mut response = answer.map(|stream| Body::new(Tail::new(stream)));
    let no_guess = HeaderValue::from_static("nosniff");
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, no_guess);
    response
}

/// Bytes that a browser keeps and never shows.
fn file(name: &str, bytes: Vec<u8>) -> Response {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-".contains(*letter);
    let name: String = name.chars().filter(is_plain).collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
