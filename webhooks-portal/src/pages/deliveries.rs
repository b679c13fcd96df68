//! The delivery log: what went where, how it ended, and filters that are in the address.

use maud::{Markup, html};

use super::delivery_filter::{self, times, written};
use super::{delivery_table, retry};
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::Problem;
use crate::text::{self, trying};
use crate::visit::Visit;

const ITEMS: &str = "50";

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let (since, until) = times(&v.query, v.now);
    let (since, until) = (since.map(written), until.map(written));
    let mut pairs = vec![("limit", ITEMS)];
    for name in ["event", "status", "subscription", "cursor", "owner"] {
        pairs.extend(v.query.get(name).map(|value| (name, value)));
    }
    pairs.extend(v.query.all("state").map(|state| ("state", state)));
    pairs.extend(since.as_deref().map(|since| ("since", since)));
    pairs.extend(until.as_deref().map(|until| ("until", until)));
    let found = v.operations().deliveries(&pairs).await?;
    let content = html! {
        div.head {
            h1 { (v.say(text::DELIVERIES)) }
            div { @if !found.data.is_empty() || found.next.is_some() { (retry::button(v)) " " } (follow(v)) }
        }
        p.lead { (v.say(text::DELIVERIES_LEAD)) }
        (delivery_filter::form(v))
        div #log {
            @if found.data.is_empty() { (empty(v, found.next.is_some())) } @else { (delivery_table::table(v, &found.data, false)) }
            (parts::pager(v, found.next.as_deref()))
        }
    };
    Ok(Page::new(Section::Deliveries, v.say(text::DELIVERIES), content).into())
}

fn empty(v: &Visit, more: bool) -> Markup {
    html! {
        div.empty {
            @if more { p { (v.say(text::NOTHING_HERE_MORE)) } }
            @else if v.query == crate::fields::Fields::default() { h2 { (v.say(text::NO_DELIVERIES)) } p { (v.say(text::NO_DELIVERIES_HINT)) } }
            @else { p { (v.say(text::NOTHING_MATCHES)) } p { a href=(v.link("deliveries")) { (v.say(text::SHOW_ALL)) } } }
        }
    }
}

/// A link that loads the page once more; a script makes it a button that follows what happens. Older pages stay as they are.
fn follow(v: &Visit) -> Markup {
    let again = v.query.with("cursor", None);
    let again = if again.is_empty() { "?" } else { &again };
    html! {
        @if v.query.get("cursor").is_none() {
            a.button #follow href=(again) data-live=(v.link("deliveries/live")) data-follow=(v.say(trying::FOLLOW)) data-following=(v.say(trying::FOLLOWING)) { (v.say(trying::RELOAD)) }
        }
    }
}

/// What happens, as it happens: the script looks at the page again when something does.
pub(crate) async fn live(v: &Visit) -> Result<Reply, Problem> {
    Ok(Reply::Stream(v.operations().live().await?))
}
