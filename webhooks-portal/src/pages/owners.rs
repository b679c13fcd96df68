//! All owners: what each has, and what waits. For the people who run the service.

use maud::{Markup, html};

use crate::fields::query;
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::{OwnerTotals, Problem};
use crate::text::{self, running};
use crate::visit::Visit;

const ITEMS: &str = "50";

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let mut pairs = vec![("limit", ITEMS)];
    pairs.extend(v.query.get("cursor").map(|cursor| ("cursor", cursor)));
    let found = v.operations().owners(&pairs).await?;
    let content = html! {
        div.head { h1 { (v.say(running::OWNERS)) } }
        p.lead { (v.say(running::OWNERS_LEAD)) }
        @if found.data.is_empty() { p.soft { (v.say(running::NO_OWNERS)) } } @else { (table(v, &found.data)) }
        (parts::pager(v, found.next.as_deref()))
    };
    Ok(Page::new(Section::Owners, v.say(running::OWNERS), content).into())
}

fn table(v: &Visit, owners: &[OwnerTotals]) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(running::OWNERS)) }
            thead { tr {
                th scope="col" { (v.say(text::OWNER)) } th scope="col" { (v.say(text::SUBSCRIPTIONS)) }
                th scope="col" { (v.say(running::INACTIVE)) } th scope="col" { (v.say(running::WAITING)) }
            } }
            tbody { @for totals in owners {
                @let of = |more: &[(&str, &str)]| query(&[&[("owner", totals.owner.as_str())], more].concat());
                tr {
                    th scope="row" { a href=(v.link(&format!("subscriptions{}", of(&[])))) { (totals.owner.breakable()) } }
                    td.number data-label=(v.say(text::SUBSCRIPTIONS)) { (parts::at_least(totals.subscriptions, 1000)) }
                    td.number data-label=(v.say(running::INACTIVE)) { (totals.inactive) }
                    td.number data-label=(v.say(running::WAITING)) {
                        @if totals.waiting > 0 { a href=(v.link(&format!("deliveries{}", of(&[("state", "pending")])))) { (parts::at_least(totals.waiting, 1000)) } }
                        @else { "0" }
                    }
                }
            } }
        }
    }
}
