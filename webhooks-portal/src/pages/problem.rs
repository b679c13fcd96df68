//! What could not be shown or done, in words, with a way on.

use http::StatusCode;
use maud::html;

use crate::reply::{Page, Section};
use crate::source::Problem;
use crate::text::{self, Text};
use crate::visit::Visit;

/// Title and advice.
fn words(status: StatusCode, kind: &str) -> (Text, Text) {
    match (status.as_u16(), kind) {
        (_, "link-over") => (text::LINK_OVER, text::LINK_OVER_HINT),
        (401, _) => (text::SIGN_IN, text::SIGN_IN_HINT),
        (_, "sent-before") => (text::SENT_BEFORE, text::SENT_BEFORE_HINT),
        (_, "form-expired") => (text::FORM_EXPIRED, text::FORM_EXPIRED_HINT),
        (403, _) => (text::MAY_NOT, text::MAY_NOT_HINT),
        (404 | 405, _) => (text::NOT_FOUND, text::NOT_FOUND_HINT),
        (409, _) => (text::CANNOT_NOW, text::CANNOT_NOW_HINT),
        (400 | 422, _) => (text::NOT_UNDERSTOOD, text::NOT_UNDERSTOOD_HINT),
        (413, _) => (text::TOO_LARGE, text::TOO_LARGE_HINT),
        (503, _) => (text::UNAVAILABLE, text::UNAVAILABLE_HINT),
        _ => (text::BROKEN, text::BROKEN_HINT),
    }
}

/// The page of a problem.
pub(crate) fn page(v: &Visit, problem: &Problem) -> Page {
    let (title, advice) = words(problem.status, &problem.kind);
    // What the API says of something missing, or of a failure, is said better here.
    let with_detail =
        !problem.detail.is_empty() && !matches!(problem.status.as_u16(), 401 | 404 | 500..);
    let content = html! {
        div.empty.problem {
            p.number { (problem.status.as_u16()) }
            h1 { (v.say(title)) }
            @if with_detail { p { (problem.detail) } }
            @for error in &problem.errors { p { code { (error.pointer) } " " (error.detail) } }
            p { (v.say(advice)) }
            @if !matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::GONE) { p { a.button href=(v.link("subscriptions")) { (v.say(text::TO_SUBSCRIPTIONS)) } } }
        }
    };
    Page::new(Section::Other, v.say(title), content).status(problem.status)
}

/// The page after signing out.
pub(crate) fn left(v: &Visit) -> Page {
    let content = html! {
        div.empty.problem { h1 { (v.say(text::LEFT_TITLE)) } p { (v.say(text::LEFT_HINT)) } }
    };
    Page::new(Section::Outside, v.say(text::LEFT_TITLE), content)
}
