//! The delivery log: what went where, how it ended, and filters that stand in the address.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::subscription::name_of;
use crate::parts::{self, Choice};
use crate::reply::{Page, Reply, Section};
use crate::source::{Delivery, DeliveryState, Problem};
use crate::text;
use crate::visit::Visit;

const ITEMS: &str = "50";

/// The spans that can be chosen, in hours.
const SPANS: [(&str, i64); 4] = [("1h", 1), ("24h", 24), ("7d", 168), ("30d", 720)];

pub(crate) async fn list(v: &Visit) -> Result<Reply, Problem> {
    let (since, until) = times(v);
    let mut pairs = vec![("limit", ITEMS)];
    for name in ["event", "subscription", "cursor", "owner"] {
        pairs.extend(v.query.get(name).map(|value| (name, value)));
    }
    pairs.extend(v.query.all("state").map(|state| ("state", state)));
    pairs.extend(since.as_deref().map(|since| ("since", since)));
    pairs.extend(until.as_deref().map(|until| ("until", until)));
    let found = v.operations().deliveries(&pairs).await?;
    let content = html! {
        div.head { h1 { (v.say(text::DELIVERIES)) } }
        p.lead { (v.say(text::DELIVERIES_LEAD)) }
        (filter(v))
        @if found.data.is_empty() { (empty(v, found.next.is_some())) } @else { (table(v, &found.data, false)) }
        (parts::pager(v, found.next.as_deref()))
    };
    Ok(Page::new(Section::Deliveries, v.say(text::DELIVERIES), content).into())
}

/// The span of the query, as the API wants it.
fn times(v: &Visit) -> (Option<String>, Option<String>) {
    let span = v.query.get("within");
    let span = span.and_then(|span| SPANS.iter().find(|(name, _)| *name == span));
    let within = span.and_then(|(_, hours)| v.now.checked_sub(jiff::SignedDuration::from_hours(*hours)).ok());
    let since = v.query.get("from").and_then(utc).or(within);
    let until = v.query.get("until").and_then(utc);
    let text = |time: Timestamp| format!("{time:.3}");
    (since.map(text), until.map(text))
}

/// What `datetime-local` gives, taken as UTC. What cannot be read is not asked for.
fn utc(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.parse().ok()?;
    Some(TimeZone::UTC.to_zoned(time).ok()?.timestamp())
}

fn filter(v: &Visit) -> Markup {
    let words = [text::DELIVERED, text::FAILED, text::PENDING, text::SENDING, text::CANCELLED];
    let states: Vec<_> = DeliveryState::ALL.iter().zip(words).map(|(state, word)| Choice {
        value: state.as_str(),
        label: v.say(word),
    }).collect();
    let spans = [
        Choice { value: "", label: v.say(text::ANY_TIME) },
        Choice { value: "1h", label: v.say(text::LAST_HOUR) },
        Choice { value: "24h", label: v.say(text::LAST_DAY) },
        Choice { value: "7d", label: v.say(text::LAST_WEEK) },
        Choice { value: "30d", label: v.say(text::LAST_MONTH) },
    ];
    let text_field = |name: &str, label: &str| {
        parts::field(name, label, None, &html! { input id=(name) name=(name) type="text" autocomplete="off" value=[v.query.get(name)]; })
    };
    let time_field = |name: &str, label: &str| {
        parts::field(name, label, None, &html! { input id=(name) name=(name) type="datetime-local" value=[v.query.get(name)]; })
    };
    let is_narrow = ["from", "until", "subscription"].iter().any(|name| v.query.get(name).is_some());
    html! {
        form.filter method="get" role="search" aria-label=(v.say(text::FILTER)) {
            (parts::choices("state", v.say(text::STATE), &states, |state| v.query.has("state", state)))
            (text_field("event", v.say(text::EVENT)))
            (parts::select("within", v.say(text::SENT), &spans, v.query.get("within")))
            @if v.is_operator() { (text_field("owner", v.say(text::OWNER))) }
            button { (v.say(text::APPLY)) }
            details.more open[is_narrow] {
                summary { (v.say(text::MORE_FILTERS)) }
                div.fields {
                    (text_field("subscription", v.say(text::SUBSCRIPTION_ID)))
                    (time_field("from", v.say(text::FROM_UTC)))
                    (time_field("until", v.say(text::UNTIL_UTC)))
                }
            }
        }
    }
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

/// Deliveries as a table; on the page of a subscription without its target.
pub(super) fn table(v: &Visit, deliveries: &[Delivery], is_of_one: bool) -> Markup {
    html! {
        table.list {
            caption.quiet { (v.say(text::DELIVERIES)) }
            thead { tr {
                th scope="col" { (v.say(text::EVENT)) }
                th scope="col" { (v.say(text::STATE)) }
                @if !is_of_one { th scope="col" { (v.say(text::TARGET)) } }
                @if v.is_operator() && !is_of_one { th scope="col" { (v.say(text::OWNER)) } }
                th scope="col" { (v.say(text::LAST_ANSWER)) }
                th scope="col" { (v.say(text::ATTEMPTS)) }
                th scope="col" { (v.say(text::TIME)) }
            } }
            tbody { @for delivery in deliveries { (row(v, delivery, is_of_one)) } }
        }
    }
}

fn row(v: &Visit, delivery: &Delivery, is_of_one: bool) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(v.link(&format!("deliveries/{}", delivery.id))) { code.plain { (name_of(delivery).breakable()) } } }
            td { (parts::delivery_state(v, delivery.state)) }
            @if !is_of_one { td data-label=(v.say(text::TARGET)) { @match &delivery.target {
                Some(target) => span.target { (target.breakable()) },
                None => span.soft { (v.say(text::SUBSCRIPTION_REMOVED)) },
            } } }
            @if v.is_operator() && !is_of_one { td data-label=(v.say(text::OWNER)) { @if let Some(owner) = &delivery.owner { (owner) } } }
            td data-label=(v.say(text::LAST_ANSWER)) { @match &delivery.last_attempt {
                Some(last) => { (parts::answer(v, last.status, last.error.as_ref())) " " span.soft.small { (parts::millis(last.duration_ms)) } }
                None => (parts::answer(v, None, None)),
            } }
            td.number data-label=(v.say(text::ATTEMPTS)) { (delivery.attempts) }
            td data-label=(v.say(text::TIME)) { (parts::relative(v, delivery.created)) }
        }
    }
}
