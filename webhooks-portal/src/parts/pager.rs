//! The way to older items. There are no numbers of pages: counting would cost more than it says.

use maud::{Markup, html};

use crate::text;
use crate::visit::Visit;

/// Links to the next page of the same query, and back to the first.
pub(crate) fn pager(v: &Visit, next: Option<&str>) -> Markup {
    let is_later = v.query.get("cursor").is_some();
    if next.is_none() && !is_later {
        return Markup::default();
    }
    let first = v.query.with("cursor", None);
    // A reference of nothing is the page with its query; `?` is the page without one.
    let first = if first.is_empty() {
        "?".to_owned()
    } else {
        first
    };
    html! {
        nav.pager aria-label=(v.say(text::PAGES)) {
            @if is_later { a href=(first) { (v.say(text::FIRST_PAGE)) } }
            @if let Some(next) = next { a.button href=(v.query.with("cursor", Some(next))) rel="next" { (v.say(text::NEXT_PAGE)) } }
        }
    }
}
